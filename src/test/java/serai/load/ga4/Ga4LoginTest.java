package serai.load.ga4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.Ga4Double;
import serai.http.HttpOptions;

/** The login of a service account against the double's token endpoint. */
class Ga4LoginTest {

    private static final Clock NOW = Clock.systemUTC();

    @TempDir
    private Path folder;

    private Ga4Double google;
    private CloseableHttpClient http;
    private Path key;

    @BeforeEach
    void start() throws Exception {
        google = Ga4Double.start();
        http = HttpOptions.DEFAULT.newClient();
        key = google.keyFile(folder.resolve("key.json"));
    }

    @AfterEach
    void stop() throws Exception {
        http.close();
        google.close();
    }

    private Ga4Login login(Clock clock) {
        return new Ga4Login(http, key.toString(), clock);
    }

    @Test
    void aTokenIsKeptAndRenewedBeforeItsEndOrWhenItIsRefused() throws Exception {
        MovingClock clock = new MovingClock();
        Ga4Login login = login(clock);
        google.clock(clock);
        String first = login.token();
        clock.moveBy(Duration.ofMinutes(54));
        assertThat(login.token()).isEqualTo(first);
        clock.moveBy(Duration.ofMinutes(2));
        String second = login.token();
        assertThat(second).isNotEqualTo(first);
        login.discard(first);
        assertThat(login.token()).isEqualTo(second);
        login.discard(second);
        assertThat(login.token()).isNotEqualTo(second);
        assertThat(google.logins()).hasSize(3);
    }

    @Test
    void aClockThatIsWrongIsNamedWithItsDifference() {
        assertThatThrownBy(() -> login(Clock.offset(NOW, Duration.ofHours(2))).token())
                .hasMessageContaining(
                        "Google refused the login of " + Ga4Double.account() + ": Invalid JWT: Token must")
                .message()
                .matches(".* This machine's clock is (7199|7200|7201) s ahead\\. Set it right\\.");
        assertThatThrownBy(() -> login(Clock.offset(NOW, Duration.ofHours(-2))).token())
                .message()
                .matches(".* This machine's clock is (7199|7200|7201) s behind\\. Set it right\\.");
    }

    @Test
    void aFileThatIsNoKeyIsRefusedWithoutAPartOfItInTheMessage() throws Exception {
        String right = Files.readString(key);
        for (String wrong : List.of(
                "secret-text",
                "{\"type\":\"authorized_user\",\"client_secret\":\"secret-text\"}",
                right.replace("private_key_id", "secret-text"),
                right.replace("BEGIN PRIVATE KEY-----\\n", "BEGIN PRIVATE KEY-----\\nsecret-text"))) {
            Files.writeString(key, wrong);
            assertThatThrownBy(() -> login(NOW).token())
                    .hasMessageContaining("(ga4.key-file) is not the key of a service account: ")
                    .hasMessageNotContaining("secret-text")
                    .hasNoCause();
        }
        assertThat(google.requests()).isEmpty();
        key = Path.of("");
        assertThatThrownBy(() -> login(NOW).token()).hasMessageContaining("Set ga4.key-file.");
    }

    /** A clock that stands until it is moved. */
    private static final class MovingClock extends Clock {

        private Instant now = Instant.now();

        void moveBy(Duration time) {
            now = now.plus(time);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
