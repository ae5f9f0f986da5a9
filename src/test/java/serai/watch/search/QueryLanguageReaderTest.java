package serai.watch.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import serai.watch.query.Search;

class QueryLanguageReaderTest {

    private static InputStream in(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void eventsOfEqlAreDocumentsAndAPartialAnswerIsNone() throws Exception {
        QueryResult events = QueryLanguageReader.eql(in("""
                {"is_partial":false,"is_running":false,"timed_out":false,"hits":{"total":{"value":1},
                "events":[{"_index":"i","_id":"1","_source":{"@timestamp":"2024-03-01T11:45:00Z"}}]}}"""));
        assertThat(events.answer().hits())
                .containsExactly(new Search.Hit("i", "1", Map.of("@timestamp", "2024-03-01T11:45:00Z")));
        QueryResult sequences = QueryLanguageReader.eql(in("""
                {"hits":{"sequences":[{"events":[{"_index":"i","_id":"1","_source":{}},{"_index":"i","_id":"2","_source":{}}]}]}}"""));
        assertThat(sequences.answer().hits()).extracting(Search.Hit::id).containsExactly("1", "2");
        assertThat(QueryLanguageReader.eql(in("{\"is_partial\":true,\"hits\":{\"events\":[]}}"))
                        .answer())
                .isNull();
        assertThat(QueryLanguageReader.eql(in(
                                "{\"shard_failures\":[{\"reason\":{\"reason\":\"gone\"}}],\"hits\":{\"events\":[]}}"))
                        .reason())
                .contains("gone");
    }

    @Test
    void rowsOfEsqlAreDocumentsWithAnIdOrTheHashOfTheirContent() throws Exception {
        String rows = """
                {"columns":[{"name":"@timestamp","type":"date"},{"name":"n","type":"long"},{"name":"_id","type":"keyword"}],
                "values":[["2024-03-01T11:45:00.000Z",3,"x"],["2024-03-01T11:46:00.000Z",4,null]]}""";
        List<Search.Hit> hits =
                QueryLanguageReader.esql(in(rows), List.of("i")).answer().hits();
        assertThat(hits.get(0).id()).isEqualTo("x");
        assertThat(hits.get(1).index()).isEqualTo("i");
        assertThat(hits.get(1).source()).containsEntry("n", 4);
        assertThat(hits.get(1).id())
                .hasSize(64)
                .isEqualTo(QueryLanguageReader.esql(in(rows), List.of("i"))
                        .answer()
                        .hits()
                        .get(1)
                        .id());
        assertThat(QueryLanguageReader.esql(in("{\"is_partial\":true,\"columns\":[],\"values\":[]}"), List.of("i"))
                        .answer())
                .isNull();
    }
}
