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
import serai.watch.query.Search;

class ResponseReaderTest {

    private static InputStream in(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<QueryResult> items(String responses) throws IOException {
        List<QueryResult> items = new ArrayList<>();
        ResponseReader.multi(in("{\"responses\":[" + responses + "]}\n"), items);
        return items;
    }

    @Test
    void mergesFieldsIntoTheSourceWhereItHasNone() throws Exception {
        QueryResult item = items("""
                {"hits":{"total":{"value":7},"hits":[{"_index":"i","_id":"1","_source":{"a":1},"fields":{"a":[9],"b":[2],"c":[3,4]},
                "sort":[5,6]}]},"status":200}""").get(0);
        assertThat(item.answer().hits().get(0).source()).isEqualTo(Map.of("a", 1, "b", 2, "c", List.of(3, 4)));
        assertThat(item.answer().last().toString()).isEqualTo("[5,6]");
        assertThat(item.answer().total()).isEqualTo(7);
    }

    @Test
    void takesAReasonFromTheInnermostCause() throws Exception {
        QueryResult item = items("""
                {"error":{"type":"search_phase_execution_exception","reason":"all shards failed","failed_shards":[{"reason":{"type":"x",
                "reason":"failed to create query","caused_by":{"type":"y","reason":"For input string: abc"}}}]},"status":400}""").get(0);
        assertThat(item.answer()).isNull();
        assertThat(item.reason()).contains("all shards failed").contains("For input string: abc");
    }

    @Test
    void takesAnAnswerWithoutOneOfItsClustersForAPart() throws Exception {
        QueryResult item = items("""
                {"_clusters":{"total":2,"successful":1,"skipped":1},"_shards":{"total":1,"failed":0},"hits":{"hits":[]},"status":200}""").get(0);
        assertThat(item.answer()).isNull();
        assertThat(item.reason()).contains("1 of 2 clusters");
    }

    @Test
    void tellsWhatIsTooLargeFromWhatIsWrong() throws Exception {
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
    void keepsWhatCameBeforeTheEnd() {
        List<QueryResult> items = new ArrayList<>();
        InputStream cut = in("{\"responses\":[{\"status\":200,\"hits\":{\"hits\":[]}},{\"status\":200,\"hi");
        assertThatThrownBy(() -> ResponseReader.multi(cut, items)).isInstanceOf(IOException.class);
        assertThat(items).hasSize(1);
        assertThat(items.get(0).answer()).isNotNull();
    }

    @Test
    void takesEventsOfEqlForDocuments() throws Exception {
        QueryResult events = QueryLanguageResponse.eql(in("""
                {"is_partial":false,"is_running":false,"timed_out":false,"hits":{"total":{"value":1},
                "events":[{"_index":"i","_id":"1","_source":{"@timestamp":"2024-03-01T11:45:00Z"}}]}}"""));
        assertThat(events.answer().hits())
                .containsExactly(new Search.Hit("i", "1", Map.of("@timestamp", "2024-03-01T11:45:00Z")));
        QueryResult sequences = QueryLanguageResponse.eql(in("""
                {"hits":{"sequences":[{"events":[{"_index":"i","_id":"1","_source":{}},{"_index":"i","_id":"2","_source":{}}]}]}}"""));
        assertThat(sequences.answer().hits()).extracting(Search.Hit::id).containsExactly("1", "2");
        assertThat(QueryLanguageResponse.eql(in("{\"is_partial\":true,\"hits\":{\"events\":[]}}"))
                        .answer())
                .isNull();
        assertThat(QueryLanguageResponse.eql(in(
                                "{\"shard_failures\":[{\"reason\":{\"reason\":\"gone\"}}],\"hits\":{\"events\":[]}}"))
                        .reason())
                .contains("gone");
    }

    @Test
    void takesRowsOfEsqlForDocumentsWithAnIdOfTheirContent() throws Exception {
        String rows = """
                {"columns":[{"name":"@timestamp","type":"date"},{"name":"n","type":"long"},{"name":"_id","type":"keyword"}],
                "values":[["2024-03-01T11:45:00.000Z",3,"x"],["2024-03-01T11:46:00.000Z",4,null]]}""";
        List<Search.Hit> hits =
                QueryLanguageResponse.esql(in(rows), List.of("i")).answer().hits();
        assertThat(hits.get(0).id()).isEqualTo("x");
        assertThat(hits.get(1).index()).isEqualTo("i");
        assertThat(hits.get(1).source()).containsEntry("n", 4);
        assertThat(hits.get(1).id())
                .hasSize(64)
                .isEqualTo(QueryLanguageResponse.esql(in(rows), List.of("i"))
                        .answer()
                        .hits()
                        .get(1)
                        .id());
        assertThat(QueryLanguageResponse.esql(in("{\"is_partial\":true,\"columns\":[],\"values\":[]}"), List.of("i"))
                        .answer())
                .isNull();
    }
}
