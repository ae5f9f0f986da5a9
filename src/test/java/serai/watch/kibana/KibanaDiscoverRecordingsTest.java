package serai.watch.kibana;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import serai.watch.rule.Recordings;

class KibanaDiscoverRecordingsTest {

    static Stream<Named<JsonNode>> cases() {
        return Recordings.cases("kibana_discover");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void linksAreThoseOfElastAlert(JsonNode recorded) throws Exception {
        DiscoverLink link = recorded.get("rule").has("generate_opensearch_discover_url")
                ? DiscoverLink.OPENSEARCH
                : DiscoverLink.KIBANA;

        Optional<String> url = link.url(Recordings.rule(recorded), Recordings.fields(recorded.get("match")));

        assertThat(url.map(KibanaDiscoverRecordingsTest::decoded).orElse(null))
                .isEqualTo(recorded.path("decoded").textValue());
        assertThat(url.orElse(null)).isEqualTo(recorded.path("expected_url").textValue());
    }

    private static String decoded(String url) {
        return URLDecoder.decode(url.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
