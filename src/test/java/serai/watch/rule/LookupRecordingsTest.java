package serai.watch.rule;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LookupRecordingsTest {

    static Stream<Named<JsonNode>> cases() {
        return Recordings.cases("lookup");
    }

    /** Where ElastAlert raises an error, and disables the rule, the field counts as missing. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void aLookupFindsTheFieldThatElastAlertFinds(JsonNode recorded) {
        assertThat(recorded.get("expected")).isNotEmpty();
        SoftAssertions softly = new SoftAssertions();
        recorded.get("expected")
                .properties()
                .forEach(e -> softly.assertThat(
                                Recordings.json(Document.lookup(Recordings.fields(recorded.get("doc")), e.getKey())))
                        .as(e.getKey())
                        .isEqualTo(
                                e.getValue().has("error")
                                        ? Recordings.json(null)
                                        : e.getValue().get("value")));
        softly.assertAll();
    }
}
