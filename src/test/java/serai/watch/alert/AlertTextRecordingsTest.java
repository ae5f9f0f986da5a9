package serai.watch.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import com.fasterxml.jackson.databind.JsonNode;

import serai.watch.rule.Recordings;
import serai.watch.rule.RuleException;

class AlertTextRecordingsTest {

    static Stream<Named<JsonNode>> cases() {
        return Recordings.cases("alert_text");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void writesWhatElastAlertWrote(JsonNode recorded) throws Exception {
        if (Recordings.refusedAsSaid(recorded)) {
            return;
        }
        if (recorded.has("expected_load_error") || recorded.has("expected_body_error")) {
            // ElastAlert finds out when the alert is due, and loses it
            assertThatThrownBy(() -> Recordings.alertRule(recorded)).isInstanceOf(RuleException.class);
            return;
        }
        List<Map<String, Object>> matches = Recordings.matches(recorded.get("matches"));
        AlertText text = Recordings.alertRule(recorded).text();
        assertThat(text.title(matches)).isEqualTo(recorded.get("expected_title").asText());
        assertThat(text.body(matches)).isEqualTo(recorded.get("expected_body").asText());
    }
}
