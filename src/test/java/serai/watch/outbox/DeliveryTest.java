package serai.watch.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryTest {

    @ParameterizedTest
    @CsvSource({
        "200,sent",
        "204,sent",
        "400,failed",
        "403,failed",
        "404,failed",
        "410,failed",
        "302,failed",
        "408,pending",
        "429,pending",
        "500,pending",
        "503,pending"
    })
    void triesAgainOnlyWhatMayGoThroughLater(int code, String status) {
        assertThat(Delivery.of("Slack", code, null, "word").status()).isEqualTo(status);
    }

    @Test
    void triesAgainWhenThereWasNoAnswer() {
        assertThat(Delivery.of("Slack", null, null, "ConnectException: refused").again())
                .isTrue();
    }

    @Test
    void waitsAsSlackAsksElseLongerEachTime() {
        assertThat(Delivery.of("Slack", 429, "30", "rate_limited").wait(1)).isEqualTo(Duration.ofSeconds(30));
        assertThat(Delivery.of("Slack", 429, "soon", "rate_limited").wait(1)).isEqualTo(Duration.ofSeconds(2));
        assertThat(Delivery.of("Slack", 500, null, "").wait(3)).isEqualTo(Duration.ofSeconds(8));
        assertThat(Delivery.of("Slack", 500, null, "").wait(60)).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void keepsAnAddressOutOfTheReason() {
        assertThat(Delivery.of(
                                "Slack",
                                404,
                                null,
                                "no hook at https://hooks.example/services/T0/B0/SECRET or /services/T0/B0/SECRET\n")
                        .reason())
                .doesNotContain("SECRET");
    }
}
