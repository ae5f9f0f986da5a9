package serai.watch.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class SilenceTest {

    @Test
    void callsTheLongestKeysAsTheyAreKept() {
        for (String key :
                new String[] {Silence.ofRule("n".repeat(400)), Silence.of("r", "v".repeat(400)), Silence.of("r", "a\0b")
                }) {
            assertThat(Silence.asked(key, "r", Instant.EPOCH).key())
                    .isEqualTo(key)
                    .hasSizeLessThanOrEqualTo(300)
                    .doesNotContain("\0");
            assertThat(Silence.bounded(key)).isEqualTo(key);
        }
    }

    @Test
    void callsAKeyByTheValueAsItPrintsOrByTheRuleAlone() {
        assertThat(Silence.of("r", 5)).isEqualTo("r.5");
        assertThat(Silence.of("r", true)).isEqualTo("r.True");
        assertThat(Silence.of("r", null)).isEqualTo("r");
    }
}
