package serai.watch.alerter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import serai.watch.message.Alert;
import serai.watch.message.AlertText;
import serai.watch.rule.Recordings;

class SlackMentionsTest {

    @Test
    void valuesOfDocumentsNotifyNobodyAndTheRulesOwnTextStaysAsItIs() throws Exception {
        AlertText text = new AlertText(Recordings.rule(Recordings.json(Map.of(
                "rule",
                Map.of(
                        "name",
                        "r",
                        "type",
                        "any",
                        "index",
                        "i",
                        "alert",
                        "debug",
                        "alert_text",
                        "<!here> {0} {1}",
                        "alert_text_args",
                        List.of("message", "list"),
                        "alert_subject",
                        "<!here> {0}",
                        "alert_subject_args",
                        List.of("message"))))));
        Map<String, Object> match = Map.of(
                "message",
                "<!channel> <@U1> <#C1> a < b <http://x|y> <",
                "list",
                List.of(Map.of("<!here>", "<!here>")));

        Alert escaped = SlackMentions.escaped(new Alert(List.of(match), 0, false));

        assertThat(text.title(escaped)).isEqualTo("<!here> &lt;!channel> &lt;@U1> &lt;#C1> a < b <http://x|y> &lt;");
        assertThat(text.body(escaped).replaceFirst("<!here>", "")).doesNotContainPattern("<[!@#]");
    }
}
