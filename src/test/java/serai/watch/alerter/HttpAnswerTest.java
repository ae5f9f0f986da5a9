package serai.watch.alerter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import serai.watch.alerter.DeliveryResult.Status;

class HttpAnswerTest {

    private static DeliveryResult judged(String channel, Integer status, String retryAfter, String body) {
        AlerterType type = Alerters.type(channel);
        return type.judge().judge(new HttpAnswer(type.service(), status, retryAfter, body), Json.object());
    }

    private static DeliveryResult slack(Integer status, String retryAfter, String body) {
        return judged("slack", status, retryAfter, body);
    }

    @ParameterizedTest
    @CsvSource({"200,SENT", "204,SENT", "408,RETRY", "429,RETRY", "500,RETRY", "503,RETRY"})
    void whatMaySucceedSoonIsTriedAgain(int code, Status status) {
        assertThat(slack(code, null, "word").status()).isEqualTo(status);
        assertThat(slack(code, null, "word").refused()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 401, 403, 404, 410, 422})
    void aRefusalIsTriedAgainSlowly(int code) {
        DeliveryResult result = slack(code, null, "word");
        assertThat(result.isRetry()).isTrue();
        assertThat(result.refused()).isTrue();
        assertThat(result.delay(1)).isEqualTo(Duration.ofMinutes(1));
        assertThat(result.delay(3)).isEqualTo(Duration.ofMinutes(4));
        assertThat(result.delay(60)).isEqualTo(Duration.ofMinutes(15));
    }

    @ParameterizedTest
    @CsvSource({
        "slack,400,msg_too_long",
        "slack,400,too_many_attachments",
        "post,413,''",
        "telegram,400,Bad Request: message is too long"
    })
    void aPayloadThatIsTooLargeIsCutAndGivenUpWhenThatDoesNotHelp(String channel, int code, String body) {
        AlerterType type = Alerters.type(channel);
        HttpAnswer answer = new HttpAnswer(type.service(), code, null, body);
        ObjectNode payload = Json.object().put("text", "long ".repeat(10_000));
        int attempts = 0;
        DeliveryResult result = type.judge().judge(answer, payload);
        while (result.isRetry()) {
            assertThat(result.payload().toString().length())
                    .isLessThan(payload.toString().length());
            payload = result.payload();
            result = type.judge().judge(answer, payload);
            attempts++;
        }
        assertThat(result.isFailed()).isTrue();
        assertThat(attempts).isBetween(2, 10);
        assertThat(payload.path("text").asText()).contains("more characters");
    }

    @Test
    void aMessageWithoutAnAnswerIsTriedAgain() {
        DeliveryResult result = slack(null, null, "ConnectException: refused");
        assertThat(result.isRetry()).isTrue();
        assertThat(result.reason()).isEqualTo("Slack did not answer: ConnectException: refused");
    }

    @Test
    void theNextAttemptIsWhenSlackAsksElseLaterEachTime() {
        assertThat(slack(429, "30", "rate_limited").delay(1)).isEqualTo(Duration.ofSeconds(30));
        assertThat(slack(429, "soon", "rate_limited").delay(1)).isEqualTo(Duration.ofSeconds(2));
        assertThat(slack(500, null, "").delay(3)).isEqualTo(Duration.ofSeconds(8));
        assertThat(slack(500, null, "").delay(60)).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void theReasonOfAFailureHoldsNoAddress() {
        String body = "no hook at https://hooks.example/services/T0/B0/SECRET or /services/T0/B0/SECRET\n";
        assertThat(slack(404, null, body).reason()).isEqualTo("Slack answered 404 no hook at (address) or (address)");
    }

    @Test
    void theRateLimitOfPagerDutysFirstVersionIsTriedAgain() {
        AlerterType pagerDuty = Alerters.type("pagerduty");
        HttpAnswer refused = new HttpAnswer("PagerDuty", 403, "7", "");
        DeliveryResult v1 = pagerDuty.judge().judge(refused, Json.object().put("event_type", "trigger"));
        assertThat(v1.delay(1)).isEqualTo(Duration.ofSeconds(7));
        assertThat(pagerDuty
                        .judge()
                        .judge(refused, Json.object().put("event_action", "trigger"))
                        .refused())
                .isTrue();
        assertThat(judged("pagerduty", 202, null, "").status()).isEqualTo(Status.SENT);
    }

    @Test
    void telegramsWaitIsInItsAnswer() {
        assertThat(judged("telegram", 429, null, "{\"parameters\":{\"retry_after\":9}}")
                        .delay(1))
                .isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void aTextThatTelegramCannotParseIsSentPlain() {
        HttpAnswer answer = new HttpAnswer("Telegram", 400, null, "Bad Request: can't parse entities: byte 9");
        AlerterType telegram = Alerters.type("telegram");
        DeliveryResult first =
                telegram.judge().judge(answer, Json.object().put("text", "a").put("parse_mode", "html"));
        assertThat(first.isRetry()).isTrue();
        assertThat(first.payload()).isEqualTo(Json.object().put("text", "a"));
        assertThat(telegram.judge().judge(answer, first.payload()).refused()).isTrue();
    }

    @Test
    void aChannelThatIsNotKnownAnyMoreIsJudgedAsAnyServer() {
        assertThat(judged("power-automate", 404, null, "gone").reason()).isEqualTo("The server answered 404 gone");
    }
}
