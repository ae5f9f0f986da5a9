package serai.watch.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import serai.watch.rule.Recordings;
import serai.watch.rule.RuleException;

class AlertTextRecordingsTest {

    static Stream<Named<JsonNode>> cases() {
        return Recordings.cases("alert_text");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void textsAreThoseOfElastAlert(JsonNode recorded) throws Exception {
        if (recorded.has("expected_load_error")) {
            assertThatThrownBy(() -> Recordings.alertRule(recorded)).isInstanceOf(RuleException.class);
            return;
        }
        Alert alert = new Alert(Recordings.matches(recorded.get("matches")), 0, false);
        if (recorded.has("expected_body_error") || recorded.has("expected_title_error")) {
            isRefusedOrSent(recorded, alert);
            return;
        }
        AlertText text = Recordings.alertRule(recorded).text();
        assertThat(text.title(alert)).isEqualTo(recorded.get("expected_title").asText());
        assertThat(text.body(alert)).isEqualTo(recorded.get("expected_body").asText());
    }

    /**
     * ElastAlert finds a mistake in a text when the alert is due, and loses it. Here it is refused at load, or the
     * alert is sent.
     */
    private static void isRefusedOrSent(JsonNode recorded, Alert alert) {
        AlertText text;
        try {
            text = Recordings.alertRule(recorded).text();
        } catch (RuleException refused) {
            assertThat(refused.field()).startsWith("alert_");
            return;
        }
        assertThat(text.title(alert)).isNotBlank();
        assertThat(text.body(alert)).isNotBlank();
    }
}
