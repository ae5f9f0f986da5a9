package serai.watch.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {

    /** The right column is what Elasticsearch's default mapping reads; else dateutil 2.9.0, as ElastAlert does. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "2024-03-01T12:00:00Z;2024-03-01T12:00:00Z",
                "2024-03-01t12:00:00z;2024-03-01T12:00:00Z",
                " 2024-03-01T12:00:00Z ;2024-03-01T12:00:00Z",
                "2024-03-01T12:00:00+0000;2024-03-01T12:00:00Z",
                "2024-03-01T12:00:00+00;2024-03-01T12:00:00Z",
                "2024-03-01T12:00:00+00:00;2024-03-01T12:00:00Z",
                "2024-03-01T12:00:00+0530;2024-03-01T06:30:00Z",
                "2024-03-01T12:00:00-05;2024-03-01T17:00:00Z",
                "2024-03-01T12:00:00-05:30;2024-03-01T17:30:00Z",
                "2024-03-01T12:00:00+5;2024-03-01T07:00:00Z",
                "2024-03-01T12:00:00+19:00;2024-02-29T17:00:00Z",
                "2024-03-01 12:00:00;2024-03-01T12:00:00Z",
                "2024-03-01  12:00:00;2024-03-01T12:00:00Z",
                "2024-03-01 12:00:00+0200;2024-03-01T10:00:00Z",
                "2024-03-01 12:00:00 +0200;2024-03-01T10:00:00Z",
                "2024-03-01 12:00:00.5 UTC;2024-03-01T12:00:00.500Z",
                "2024-03-01T12:00:00 GMT;2024-03-01T12:00:00Z",
                "2024-03-01T12:00:00,123Z;2024-03-01T12:00:00.123Z",
                "2024-03-01T12:00:00.123456789Z;2024-03-01T12:00:00.123456Z",
                "2024-03-01T12:00:00.1234567890123Z;2024-03-01T12:00:00.123456Z",
                "2024-03-01T12:00:00.999999999+0000;2024-03-01T12:00:00.999999Z",
                "2024-03-01T12:00Z;2024-03-01T12:00:00Z",
                "2024-03-01T12:00;2024-03-01T12:00:00Z",
                "2024-03-01T12Z;2024-03-01T12:00:00Z",
                "2024-03-01T12;2024-03-01T12:00:00Z",
                "2024-03-01;2024-03-01T00:00:00Z",
                "20240301T120000.123Z;2024-03-01T12:00:00.123Z",
                "20240301T1200Z;2024-03-01T12:00:00Z",
                "20240301;2024-03-01T00:00:00Z",
                "2024/03/01 12:00:00;2024-03-01T12:00:00Z",
                "2024.3.1 12:00:00;2024-03-01T12:00:00Z",
                "2024-03;2024-03-01T00:00:00Z",
                "2024;2024-01-01T00:00:00Z",
                "2024-03-01T12:30.5Z;2024-03-01T12:30:30Z",
                "2024-03/01T12:00:00Z;2024-03-01T12:00:00Z",
                "2024-03-01T12:00:00+05:30:10;2024-03-01T06:29:50Z",
                "2024-03-01T12:00:00CET;2024-03-01T11:00:00Z",
                "2024-03-01T12:00:00Europe/Berlin;2024-03-01T11:00:00Z",
                "2024-03-01T12:00:00GMT+3;2024-03-01T09:00:00Z",
                "2024-03-01 12:00:00 CET;2024-03-01T12:00:00Z",
                "1709294400250;2024-03-01T12:00:00.250Z",
                "1709294400250.125;2024-03-01T12:00:00.250125Z",
                "202403011200;2024-03-01T12:00:00Z",
                "Fri, 01 Mar 2024 12:00:00 +0000;2024-03-01T12:00:00Z",
                "Fri Mar  1 12:00:00 UTC 2024;2024-03-01T12:00:00Z",
                "03/01/2024 12:00:00 PM;2024-03-01T12:00:00Z",
                "1 March 2024, 12:00;2024-03-01T12:00:00Z"
            })
    void isoTextIsReadAsElastAlertReadsIt(String text, String time) {
        assertThat(Timestamps.read(text)).isEqualTo(Instant.parse(time));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-03-01Z",
                "2024-02-30T12:00:00Z",
                "2024-13-01T12:00:00Z",
                "2024-03-01T24:00:00Z",
                "2024-03-01T12:60:00Z",
                "2024-03-01T23:59:60Z",
                "2024-03-01T12.5Z",
                "2024-03-01T12:00:00:123Z",
                "2024-03-01T12:00:00+2400",
                "2024-03-01T12:00:00+01:00[Europe/Berlin]",
                "2024-03-01T12:00:00.Z",
                "1.7e12",
                "10000-01-01T00:00:00Z",
                "2024-061T12:00:00Z",
                "Mar  1 12:00:00",
                "12:00:00",
                "2024T12:00:00",
                "yesterday",
                ""
            })
    void otherTextIsRefusedInsteadOfReadAsAnotherTime(String text) {
        assertThatThrownBy(() -> Timestamps.read(text)).isInstanceOf(DateTimeException.class);
    }

    @Test
    void aNumberInAnIsoFieldIsMilliseconds() {
        assertThat(Timestamps.read(1_709_294_400_250L)).isEqualTo(Instant.parse("2024-03-01T12:00:00.250Z"));
        assertThatThrownBy(() -> Timestamps.read(true)).isInstanceOf(DateTimeException.class);
        assertThatThrownBy(() -> Timestamps.read(List.of())).isInstanceOf(DateTimeException.class);
        assertThatThrownBy(() -> Timestamps.read(Map.of())).isInstanceOf(DateTimeException.class);
    }

    @Test
    void numbersAreSecondsOrMillisecondsWithFractions() {
        assertThat(TimestampType.UNIX.read(" 1709294400.25 ")).isEqualTo(Instant.parse("2024-03-01T12:00:00.250Z"));
        assertThat(TimestampType.UNIX.read(1.7092944E9)).isEqualTo(Instant.parse("2024-03-01T12:00:00Z"));
        assertThat(TimestampType.UNIX_MS.read(-1)).isEqualTo(Instant.EPOCH.minus(Duration.ofMillis(1)));
        assertThat(TimestampType.UNIX.read("0.00")).isEqualTo(Instant.EPOCH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "1e100000000", "1e-999999999", "1e30", "", "Infinity", "x"})
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aHugeExponentIsRefusedAtOnce(String text) {
        assertThatThrownBy(() -> TimestampType.UNIX.read(text)).isInstanceOf(DateTimeException.class);
    }
}
