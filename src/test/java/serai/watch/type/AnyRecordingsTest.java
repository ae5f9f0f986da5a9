package serai.watch.type;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import com.fasterxml.jackson.databind.JsonNode;

import serai.watch.rule.Event;
import serai.watch.rule.Recordings;

class AnyRecordingsTest {

    /** ElastAlert abandons the run, or disables the rule, at a document without a time; here it is put aside and the rule goes on. */
    private static final Set<String> ODD_DOCUMENTS = Set.of("timestamp_missing", "timestamp_unparsable");

    static Stream<Named<JsonNode>> cases() {
        return Recordings.cases("any");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void findsWhatElastAlertFound(JsonNode recorded) throws Exception {
        if (ODD_DOCUMENTS.contains(recorded.get("name").asText())) {
            assertThatThrownBy(() -> RuleTypeRecordings.play(recorded)).isInstanceOf(Event.OddDocument.class)
                    .hasMessageContaining("@timestamp");
        } else {
            RuleTypeRecordings.play(recorded);
        }
    }
}
