package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import serai.warehouse.TimeWindow;

class ModelWindowTest {

    private static final LocalDate DAY = LocalDate.of(2026, 3, 29);
    private static final ZoneId LONDON = ZoneId.of("Europe/London");

    private static ModelWindow days(String zone) {
        return ModelWindow.ofDays("d", "r", "t", ZoneId.of(zone));
    }

    private static ModelWindow window(WindowUnit unit, ModelWindow.Amount keep, int ahead) {
        return new ModelWindow("d", unit, "r", "t", LONDON, keep, false, ahead);
    }

    private static Instant start(LocalDate day, String zone) {
        return day.atStartOfDay(ZoneId.of(zone)).toInstant();
    }

    @Test
    void aUtcDayBecomesEveryDayOfTheZoneThatItOverlaps() {
        assertThat(days("UTC").unitsOf(DAY)).containsExactly(start(DAY, "UTC"));
        assertThat(days("Europe/London").unitsOf(DAY.minusDays(1)))
                .containsExactly(start(DAY.minusDays(1), "Europe/London"));
        // clocks go forward on the 29th: its last hour in UTC is the 30th in London
        assertThat(days("Europe/London").unitsOf(DAY))
                .containsExactly(start(DAY, "Europe/London"), start(DAY.plusDays(1), "Europe/London"));
        assertThat(days("America/New_York").unitsOf(DAY))
                .containsExactly(start(DAY.minusDays(1), "America/New_York"), start(DAY, "America/New_York"));
    }

    /** A column of dates is read in a zone of its own: that date must be among what its mark changes. */
    @Property
    void aDateIsAlwaysChangedByTheMarksOfThatDateInAnyZone(
            @ForAll @IntRange(min = 0, max = 20_000) int day, @ForAll @IntRange(min = 0, max = 5) int from) {
        List<String> zones = List.of(
                "UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/London", "Asia/Kolkata", "America/New_York");
        LocalDate date = LocalDate.ofEpochDay(day);
        ModelWindow writer = days(zones.get(from));
        Instant unit = start(date, zones.get(from));
        for (String zone : zones) {
            ModelWindow reader = days(zone);
            assertThat(writer.utcDays(new TreeSet<>(List.of(unit))).stream()
                            .flatMap(utc -> reader.unitsOf(utc).stream()))
                    .contains(reader.unitOf(start(date, zone)));
        }
    }

    @Property
    void eachTimeIsInExactlyOneUnitWhichFollowsTheOneBefore(
            @ForAll WindowUnit unit, @ForAll @LongRange(min = -2_000_000_000L, max = 4_000_000_000L) long second) {
        Instant time = Instant.ofEpochSecond(second);
        ModelWindow window = window(unit, null, 0);
        Instant start = window.unitOf(time);
        assertThat(start).isBeforeOrEqualTo(time);
        assertThat(window.next(start)).isAfter(time);
        assertThat(window.unitOf(window.next(start))).isEqualTo(window.next(start));
        assertThat(window.next(window.unitOf(start.minusMillis(1)))).isEqualTo(start);
    }

    @Test
    void theDayTheClocksGoForwardHas23Hours() {
        Instant start = start(DAY, "Europe/London");
        assertThat(Duration.between(start, days("Europe/London").next(start))).hasHours(23);
        assertThat(window(WindowUnit.HOUR, null, 0).unitsBetween(start, start.plus(Duration.ofHours(22))))
                .hasSize(23);
    }

    @Test
    void whatIsKeptCountsThePresentUnit() {
        Instant now = Instant.parse("2026-03-31T10:00:00Z");
        assertThat(window(WindowUnit.DAY, new ModelWindow.Amount(3, WindowUnit.DAY), 0)
                        .firstKept(now))
                .isEqualTo(start(DAY, "Europe/London"));
        assertThat(window(WindowUnit.DAY, new ModelWindow.Amount(2, WindowUnit.MONTH), 0)
                        .firstKept(now))
                .isEqualTo(start(LocalDate.of(2026, 2, 1), "Europe/London"));
        assertThat(window(WindowUnit.MONTH, new ModelWindow.Amount(40, WindowUnit.DAY), 0)
                        .firstKept(now))
                .isEqualTo(start(LocalDate.of(2026, 2, 1), "Europe/London"));
        assertThat(window(WindowUnit.WEEK, null, 7).last(now))
                .isEqualTo(start(LocalDate.of(2026, 4, 6), "Europe/London"));
    }

    @Test
    void aChangeReachesLaterUnits() {
        ModelWindow window = days("Europe/London");
        Instant unit = start(DAY, "Europe/London");
        Instant last = window.reached(unit, new ModelWindow.Amount(2, WindowUnit.DAY));
        assertThat(last).isEqualTo(start(DAY.plusDays(2), "Europe/London"));
        assertThat(window.reachedFrom(last, new ModelWindow.Amount(2, WindowUnit.DAY)))
                .isEqualTo(unit);
    }

    @Test
    void unitsBecomeRangesWithoutGapsOldestFirst() {
        ModelWindow window = days("UTC");
        TreeSet<Instant> units = new TreeSet<>();
        for (int day : new int[] {5, 0, 1, 4}) {
            units.add(start(DAY.plusDays(day), "UTC"));
        }
        assertThat(window.ranges(units))
                .containsExactly(
                        new TimeWindow(start(DAY, "UTC"), start(DAY.plusDays(2), "UTC")),
                        new TimeWindow(start(DAY.plusDays(4), "UTC"), start(DAY.plusDays(6), "UTC")));
        assertThat(window.ranges(new TreeSet<>())).isEmpty();
    }
}
