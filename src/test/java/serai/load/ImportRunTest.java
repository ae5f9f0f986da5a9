package serai.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import serai.warehouse.TimeWindow;

class ImportRunTest {

    private static final Instant NOW = Instant.parse("2026-03-29T10:00:00Z");
    private static final ObjectNode NEVER = new ObjectMapper().createObjectNode();

    @Test
    void reachesBackTheLookbackInWholeDaysToTheEndOfToday() {
        assertThat(ImportRun.window(asked("2026-03-29T04:00:00Z"), Duration.ofHours(96), null, ZoneOffset.UTC, NOW))
                .isEqualTo(window("2026-03-25T00:00:00Z", "2026-03-30T00:00:00Z"));
    }

    @Test
    void reachesBackFromTheLastSuccessAfterAPause() {
        assertThat(ImportRun.window(asked("2026-03-10T04:00:00Z"), Duration.ofHours(96), null, ZoneOffset.UTC, NOW))
                .isEqualTo(window("2026-03-06T00:00:00Z", "2026-03-30T00:00:00Z"));
    }

    @Test
    void neverReachesLessFarBecauseAClockWasWrong() {
        assertThat(ImportRun.window(asked("2027-01-01T00:00:00Z"), Duration.ofHours(96), null, ZoneOffset.UTC, NOW))
                .isEqualTo(window("2026-03-25T00:00:00Z", "2026-03-30T00:00:00Z"));
    }

    @Test
    void asksForEverythingSinceTheFirstDayAtFirst() {
        assertThat(ImportRun.window(NEVER, Duration.ofHours(96), LocalDate.of(2024, 1, 1), ZoneOffset.UTC, NOW)
                        .from())
                .isEqualTo(Instant.parse("2024-01-01T00:00:00Z"));
        assertThat(ImportRun.window(NEVER, Duration.ofHours(96), null, ZoneOffset.UTC, NOW)
                        .from())
                .isEqualTo(Instant.parse("2026-03-25T00:00:00Z"));
    }

    @Test
    void asksForEverythingEachTimeWhenTheLookbackIsAll() {
        assertThat(ImportRun.window(asked("2026-03-29T04:00:00Z"), null, null, ZoneOffset.UTC, NOW)
                        .from())
                .isEqualTo(Instant.parse("2000-01-01T00:00:00Z"));
    }

    @Test
    void daysBeginInTheSourcesZoneAlsoOnTheDayThatLosesAnHour() {
        assertThat(ImportRun.window(
                        asked("2026-03-29T04:00:00Z"), Duration.ofHours(24), null, ZoneId.of("Europe/London"), NOW))
                .isEqualTo(window("2026-03-28T00:00:00Z", "2026-03-29T23:00:00Z"));
    }

    private static ObjectNode asked(String at) {
        return new ObjectMapper().createObjectNode().put("asked", at);
    }

    private static TimeWindow window(String from, String to) {
        return new TimeWindow(Instant.parse(from), Instant.parse(to));
    }
}
