package serai.watch.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MultiSearchReaderTest {

    private static InputStream in(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<QueryResult> items(String responses) throws IOException {
        List<QueryResult> items = new ArrayList<>();
        MultiSearchReader.read(in("{\"responses\":[" + responses + "]}\n"), items);
        return items;
    }

    @Test
    void fieldsAreMergedIntoTheSourceWhereItHasNone() throws Exception {
        QueryResult item = items("""
                {"hits":{"total":{"value":7},"hits":[{"_index":"i","_id":"1","_source":{"a":1},"fields":{"a":[9],"b":[2],"c":[3,4]},
                "sort":[5,6]}]},"status":200}""").get(0);
        assertThat(item.answer().hits().get(0).source()).isEqualTo(Map.of("a", 1, "b", 2, "c", List.of(3, 4)));
        assertThat(item.answer().last().toString()).isEqualTo("[5,6]");
        assertThat(item.answer().total()).isEqualTo(7);
    }

    @Test
    void theReasonNamesTheInnermostCause() throws Exception {
        QueryResult item = items("""
                {"error":{"type":"search_phase_execution_exception","reason":"all shards failed","failed_shards":[{"reason":{"type":"x",
                "reason":"failed to create query","caused_by":{"type":"y","reason":"For input string: abc"}}}]},"status":400}""").get(0);
        assertThat(item.answer()).isNull();
        assertThat(item.reason()).contains("all shards failed").contains("For input string: abc");
    }

    @Test
    void anAnswerWithoutOneOfItsClustersIsPartial() throws Exception {
        QueryResult item = items("""
                {"_clusters":{"total":2,"successful":1,"skipped":1},"_shards":{"total":1,"failed":0},"hits":{"hits":[]},"status":200}""").get(0);
        assertThat(item.answer()).isNull();
        assertThat(item.reason()).contains("1 of 2 clusters");
    }

    @Test
    void aQueryThatIsTooLargeIsDistinguishedFromAWrongOne() throws Exception {
        String shards = """
                {"_shards":{"total":2,"failed":1,"failures":[{"reason":{"type":"too_many_buckets_exception","reason":"r"}}]},"status":200}""";
        String all = """
                {"error":{"type":"search_phase_execution_exception","reason":"","caused_by":{"type":"too_many_buckets_exception",
                "reason":"Trying to create too many buckets"}},"status":400}""";
        assertThat(items(shards + "," + all)).extracting(QueryResult::tooLarge).containsExactly(true, true);
        assertThat(items("{\"error\":{\"type\":\"parsing_exception\"},\"status\":400}"))
                .extracting(QueryResult::tooLarge)
                .containsExactly(false);
    }

    @Test
    void answersBeforeACutAreKept() {
        List<QueryResult> items = new ArrayList<>();
        InputStream cut = in("{\"responses\":[{\"status\":200,\"hits\":{\"hits\":[]}},{\"status\":200,\"hi");
        assertThatThrownBy(() -> MultiSearchReader.read(cut, items)).isInstanceOf(IOException.class);
        assertThat(items).hasSize(1);
        assertThat(items.get(0).answer()).isNotNull();
    }
}
