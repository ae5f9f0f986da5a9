package serai.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerProductTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"version":{"number":"8.10.4"}}                             | Elasticsearch 8.10.4 | true  | true
            {"version":{"number":"8.11.0-SNAPSHOT"}}                    | Elasticsearch 8.11.0-SNAPSHOT | true  | false
            {"version":{"number":"9.0.0"}}                              | Elasticsearch 9.0.0  | true  | false
            {"version":{"number":"2.19.0","distribution":"opensearch"}} | OpenSearch 2.19.0    | false | true
            {"tagline":"a proxy"}                                       | Elasticsearch        | true  | false
            """)
    void theProductIsReadFromTheRootOfTheServer(String reply, String text, boolean elasticsearch, boolean before811)
            throws Exception {
        ServerProduct product = ServerProduct.of(new ObjectMapper().readTree(reply));
        assertThat(product).hasToString(text);
        assertThat(product.isElasticsearch()).isEqualTo(elasticsearch);
        assertThat(product.isOlderThan(8, 11)).isEqualTo(before811);
    }
}
