package serai.watch.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class SilenceTest {

    @Test
    void longKeysAreBounded() {
        for (String key : new String[] {
            Silence.keyOfRule("n".repeat(400)), Silence.keyOf("r", "v".repeat(400)), Silence.keyOf("r", "a\0b")
        }) {
            assertThat(Silence.of(key, "r", Instant.EPOCH).key())
                    .isEqualTo(key)
                    .hasSizeLessThanOrEqualTo(300)
                    .doesNotContain("\0");
            assertThat(Silence.bounded(key)).isEqualTo(key);
        }
    }

    @Test
    void aKeyIsTheRealertKeyWithTheValueAsPythonPrintsIt() {
        assertThat(Silence.keyOf("r", 5)).isEqualTo("r.5");
        assertThat(Silence.keyOf("r", true)).isEqualTo("r.True");
        assertThat(Silence.keyOf("r", null)).isEqualTo("r");
    }
}
