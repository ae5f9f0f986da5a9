package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DaysTest {

    private static final LocalDate DAY = LocalDate.of(2026, 3, 29);
    private static final ZoneId LONDON = ZoneId.of("Europe/London");

    @Test
    void aUtcDayBecomesEveryDayOfTheZoneThatItOverlaps() {
        assertThat(DirtyDays.daysOf(DAY, ZoneOffset.UTC, ZoneOffset.UTC)).containsExactly(DAY);
        assertThat(DirtyDays.daysOf(DAY.minusDays(1), ZoneOffset.UTC, LONDON)).containsExactly(DAY.minusDays(1));
        // clocks go forward on the 29th: its last hour in UTC is the 30th in London
        assertThat(DirtyDays.daysOf(DAY, ZoneOffset.UTC, LONDON)).containsExactly(DAY, DAY.plusDays(1));
        assertThat(DirtyDays.daysOf(DAY, ZoneOffset.UTC, ZoneId.of("Pacific/Kiritimati")))
                .containsExactly(DAY, DAY.plusDays(1));
        assertThat(DirtyDays.daysOf(DAY, ZoneOffset.UTC, ZoneId.of("America/New_York")))
                .containsExactly(DAY.minusDays(1), DAY);
        assertThat(DirtyDays.daysOf(DAY.plusDays(1), LONDON, ZoneOffset.UTC)).containsExactly(DAY, DAY.plusDays(1));
    }

    @Test
    void theDayTheClocksGoForwardHas23Hours() {
        ModelWindow window = new ModelWindow("d", "r", "t", LONDON, 3);
        assertThat(Duration.between(window.startOf(DAY), window.startOf(DAY.plusDays(1))))
                .hasHours(23);
        assertThat(window.firstKept(DAY)).isEqualTo(DAY.minusDays(2));
    }

    @Test
    void daysBecomeRangesWithoutGapsOldestFirst() {
        assertThat(DayRange.coalesce(new TreeSet<>(List.of(DAY.plusDays(5), DAY, DAY.plusDays(1), DAY.plusDays(4)))))
                .containsExactly(new DayRange(DAY, DAY.plusDays(2)), new DayRange(DAY.plusDays(4), DAY.plusDays(6)));
        assertThat(DayRange.coalesce(new TreeSet<>())).isEmpty();
    }
}
