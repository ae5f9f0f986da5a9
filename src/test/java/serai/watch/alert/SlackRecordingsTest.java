package serai.watch.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import com.fasterxml.jackson.databind.JsonNode;

import serai.watch.rule.Recordings;
import serai.watch.rule.RuleException;

class SlackRecordingsTest {

    /** ElastAlert gives up the second webhook when the first fails; here each is a message of its own. */
    private static final Set<String> EVERY_WEBHOOK_GETS_ITS_MESSAGE = Set.of("http_500_second_url_not_tried");

    static Stream<Named<JsonNode>> cases() {
        return Recordings.cases("slack");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void postsWhatElastAlertPosted(JsonNode recorded) throws Exception {
        if (Recordings.refusedAsSaid(recorded)) {
            return;
        }
        if (recorded.has("expected_load_error")) {
            assertThatThrownBy(() -> Recordings.alertRule(recorded)).isInstanceOf(RuleException.class);
            return;
        }
        List<Alerter.Message> posts = new ArrayList<>();
        for (Alerter alerter : Recordings.alertRule(recorded).alerters()) {
            posts.addAll(alerter.messages(new Alert(Recordings.matches(recorded.get("matches")), 0, false)));
        }
        JsonNode expected = recorded.get("expected_posts");
        boolean more = EVERY_WEBHOOK_GETS_ITS_MESSAGE.contains(recorded.get("name").asText());
        assertThat(posts).hasSize(more ? expected.size() + 1 : expected.size());
        for (int i = 0; i < expected.size(); i++) {
            assertThat(posts.get(i).address()).isEqualTo(expected.get(i).get("url").asText());
            assertThat(Recordings.json(posts.get(i).payload())).isEqualTo(expected.get(i).get("json"));
        }
    }
}
