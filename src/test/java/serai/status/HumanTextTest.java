package serai.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HumanTextTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void aSpanHasOneUnitAndIsNeverRoundedUp() {
        assertThat(List.of(0, 59, 60, 3599, 3600, 172_799, 172_800))
                .extracting(s -> HumanText.span(Duration.ofSeconds(s)))
                .containsExactly("0 s", "59 s", "1 min", "59 min", "1 h", "47 h", "2 days");
    }

    @Test
    void anAgeIsBeforeOrAfterNow() {
        assertThat(HumanText.age(NOON.minusSeconds(90), NOON)).isEqualTo("1 min ago");
        assertThat(HumanText.age(NOON.plusSeconds(7200), NOON)).isEqualTo("in 2 h");
    }

    @Test
    void aClockHasTheDayOnceTheHourAloneCouldMislead() {
        assertThat(HumanText.clock(NOON.minus(Duration.ofHours(11)), NOON)).isEqualTo("01:00");
        assertThat(HumanText.clock(NOON.minus(Duration.ofHours(13)), NOON)).isEqualTo("21 Nov 23:00");
        assertThat(HumanText.clock(Instant.parse("2025-03-01T08:05:00Z"), NOON)).isEqualTo("1 Mar 2025 08:05");
    }

    @Test
    void aDurationIsShort() {
        assertThat(List.of(7L, 999L, 1000L, 59_999L, 245_000L))
                .extracting(HumanText::millis)
                .containsExactly("7 ms", "999 ms", "1.0 s", "59.9 s", "4 min 5 s");
    }

    @Test
    void aSizeIsInOneUnit() {
        assertThat(List.of(0L, 999L, 1000L, 64_000L, 999_960L, 12_400_000_000L, 5_000_000_000_000_000L))
                .extracting(HumanText::bytes)
                .containsExactly("0 B", "999 B", "1.0 kB", "64 kB", "1.0 MB", "12 GB", "5000 TB");
    }

    @Test
    void aLongListIsCut() {
        assertThat(HumanText.some(List.of("a", "b", "c", "d"))).isEqualTo("a, b, c, d");
        assertThat(HumanText.some(List.of("a", "b", "c", "d", "e"))).isEqualTo("a, b, c and 2 more");
    }
}
