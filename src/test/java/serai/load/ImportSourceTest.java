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

class ImportSourceTest {

    private static final Instant NOW = Instant.parse("2026-03-29T10:00:00Z");
    private static final ObjectNode NEVER = new ObjectMapper().createObjectNode();
    private static final Duration FOUR_DAYS = Duration.ofHours(96);

    @Test
    void aWindowReachesBackTheLookbackInWholeDaysToTheEndOfToday() {
        assertThat(source(FOUR_DAYS, null).window(asked("2026-03-29T04:00:00Z"), NOW))
                .isEqualTo(window("2026-03-25T00:00:00Z", "2026-03-30T00:00:00Z"));
    }

    @Test
    void aWindowReachesBackFromTheLastSuccessAfterAPause() {
        assertThat(source(FOUR_DAYS, null).window(asked("2026-03-10T04:00:00Z"), NOW))
                .isEqualTo(window("2026-03-06T00:00:00Z", "2026-03-30T00:00:00Z"));
    }

    @Test
    void aWindowIsNotShorterAfterAClockWasWrong() {
        assertThat(source(FOUR_DAYS, null).window(asked("2027-01-01T00:00:00Z"), NOW))
                .isEqualTo(window("2026-03-25T00:00:00Z", "2026-03-30T00:00:00Z"));
    }

    @Test
    void theFirstWindowBeginsWithTheFirstDayOfTheData() {
        assertThat(source(FOUR_DAYS, LocalDate.of(2024, 1, 1))
                        .window(NEVER, NOW)
                        .from())
                .isEqualTo(Instant.parse("2024-01-01T00:00:00Z"));
        assertThat(source(FOUR_DAYS, null).window(NEVER, NOW).from()).isEqualTo(Instant.parse("2026-03-25T00:00:00Z"));
    }

    @Test
    void eachWindowHasEverythingWhenTheLookbackIsAll() {
        assertThat(source(null, null).window(asked("2026-03-29T04:00:00Z"), NOW).from())
                .isEqualTo(Instant.parse("2000-01-01T00:00:00Z"));
    }

    @Test
    void daysBeginInTheSourcesZoneAlsoOnTheDayThatLosesAnHour() {
        ImportSource london = new ImportSource("s", "k", Duration.ofHours(24), null, ZoneId.of("Europe/London"));
        assertThat(london.window(asked("2026-03-29T04:00:00Z"), NOW))
                .isEqualTo(window("2026-03-28T00:00:00Z", "2026-03-29T23:00:00Z"));
    }

    private static ImportSource source(Duration lookback, LocalDate since) {
        return new ImportSource("s", "k", lookback, since, ZoneOffset.UTC);
    }

    private static ObjectNode asked(String at) {
        return new ObjectMapper().createObjectNode().put("asked", at);
    }

    private static TimeWindow window(String from, String to) {
        return new TimeWindow(Instant.parse(from), Instant.parse(to));
    }
}
