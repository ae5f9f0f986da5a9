package serai.watch.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {

    @Test
    void readsSecondsAndTheirFractions() {
        assertThat(Timestamps.UNIX.read(" 1709294400.25 ")).isEqualTo(Instant.parse("2024-03-01T12:00:00.250Z"));
        assertThat(Timestamps.UNIX.read(1.7092944E9)).isEqualTo(Instant.parse("2024-03-01T12:00:00Z"));
        assertThat(Timestamps.UNIX_MS.read(-1)).isEqualTo(Instant.EPOCH.minus(Duration.ofMillis(1)));
        assertThat(Timestamps.UNIX.read("0.00")).isEqualTo(Instant.EPOCH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "1e100000000", "1e-999999999", "1e30", "", "Infinity", "x"})
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void takesNoMonsterForATime(String text) {
        assertThatThrownBy(() -> Timestamps.UNIX.read(text)).isInstanceOf(DateTimeException.class);
    }
}
