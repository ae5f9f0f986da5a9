package serai.watch.type;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class EventWindowTest {

    private static final Duration FRAME = Duration.ofMinutes(10);

    private static WindowEntry entry(long second, Number value) {
        return WindowEntry.of(Instant.ofEpochSecond(second), value, Map.of("second", second));
    }

    @Property
    void aWindowHasTheEntriesLessThanATimeframeOlderThanTheNewest(
            @ForAll @Size(max = 60) List<@IntRange(max = 1_500) Integer> seconds) {
        EventWindow window = new EventWindow(FRAME, EventWindow.Keep.ALL);
        int newest = 0;
        for (int i = 0; i < seconds.size(); i++) {
            newest = Math.max(newest, seconds.get(i));
            int after = newest - 600;
            window.add(entry(seconds.get(i), 1L));
            assertThat(window.entries().stream().map(e -> e.micros() / 1_000_000))
                    .containsExactlyElementsOf(seconds.subList(0, i + 1).stream()
                            .filter(s -> s > after)
                            .sorted()
                            .map(Integer::longValue)
                            .toList());
            assertThat(window.sum()).isEqualTo((long) window.entries().size());
        }
    }

    @Test
    void aWindowStaysSmallAndCountsAllEvents() {
        EventWindow window = new EventWindow(FRAME, EventWindow.Keep.ALL);
        for (int i = 0; i < 100_000; i++) {
            window.add(WindowEntry.of(Instant.EPOCH.plusMillis(i * 5L), 1L, Map.of("n", i)));
        }
        assertThat(window.entries()).hasSizeLessThanOrEqualTo(EventWindow.MOST);
        assertThat(window.sum()).isEqualTo(100_000L);
        assertThat(window.entries().get(0).fields()).isEqualTo(Map.of("n", 0));
        assertThat(EventWindow.of(FRAME, EventWindow.Keep.ALL, window.state()).sum())
                .isEqualTo(100_000L);
    }

    @Test
    void mergedEntriesLeaveTheWindowAFewThousandthsTooLate() {
        EventWindow window = new EventWindow(FRAME, EventWindow.Keep.NONE);
        for (int i = 0; i < 600_000; i++) {
            window.add(WindowEntry.of(Instant.EPOCH.plusMillis(i * 10L), 1L, null));
        }
        assertThat(window.sum().longValue()).isBetween(60_000L, 60_200L);
        assertThat(window.entries()).hasSizeLessThanOrEqualTo(EventWindow.MOST);
    }

    @Test
    void sumMeanMinAndMaxIncludeMergedEntries() {
        EventWindow window = new EventWindow(FRAME, EventWindow.Keep.NONE).limit(40);
        for (int i = 1; i <= 400; i++) {
            window.add(entry(i, i % 2 == 0 ? (Number) (double) i : (Number) (long) i));
        }
        assertThat(window.entries()).hasSizeLessThanOrEqualTo(40);
        EventWindow read = EventWindow.of(FRAME, EventWindow.Keep.NONE, window.state());
        assertThat(read.measure(Measure.SUM)).isEqualTo(80_200.0);
        assertThat(read.measure(Measure.MEAN)).isEqualTo(200.5);
        assertThat(read.measure(Measure.MIN)).isEqualTo(1L);
        assertThat(read.measure(Measure.MAX)).isEqualTo(400.0);
    }

    @Test
    void fieldsAreKeptNearEachTimeOfManyEvents() {
        EventWindow window = new EventWindow(FRAME, EventWindow.Keep.SOME);
        for (int i = 0; i < 5_000; i++) {
            window.add(entry(i, 1L));
            WindowEntry oldest = window.entries().get(0);
            WindowEntry known = window.entries().stream()
                    .filter(e -> e.fields() != null)
                    .findFirst()
                    .orElseThrow();
            assertThat(known.micros() - oldest.micros()).isLessThan(600_000_000 / 30);
        }
        assertThat(window.entries().stream().filter(e -> e.fields() != null).count())
                .isLessThanOrEqualTo(64);
        assertThat(window.state().toString().length()).isLessThan(8_000);
        assertThat(EventWindow.of(FRAME, EventWindow.Keep.SOME, window.state()).entries())
                .isEqualTo(window.entries());
    }

    @Test
    void entriesOfZeroAreDroppedWhenOnlyTheNewestIsNeeded() {
        EventWindow window = new EventWindow(FRAME, EventWindow.Keep.NEWEST);
        window.add(entry(1, 1L));
        for (int i = 2; i < 500; i++) {
            window.add(entry(i, 0L));
        }
        assertThat(window.entries()).hasSize(2);
        assertThat(window.newest()).isEqualTo(499_000_000L);
    }
}
