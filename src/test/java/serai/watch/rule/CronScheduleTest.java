package serai.watch.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronScheduleTest {

    private static final Instant FRIDAY_NOON = Instant.parse("2024-03-01T12:00:00Z");

    @ParameterizedTest(name = "{0} is next at {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "* * * * *           | 2024-03-01T12:01:00Z",
                "* 12 * * *          | 2024-03-01T12:01:00Z",
                "0 12 * * *          | 2024-03-02T12:00:00Z",
                "*/5 * * * *         | 2024-03-01T12:05:00Z",
                "7-59/20 * * * *     | 2024-03-01T12:07:00Z",
                "0 9 * * 1           | 2024-03-04T09:00:00Z",
                "0 9 * * mon-wed     | 2024-03-04T09:00:00Z",
                "0 0 * * 0           | 2024-03-03T00:00:00Z",
                "0 0 * * 7           | 2024-03-03T00:00:00Z",
                "0 0 * * SUN         | 2024-03-03T00:00:00Z",
                "30 8 15 * *         | 2024-03-15T08:30:00Z",
                "0 0 1 jan *         | 2025-01-01T00:00:00Z",
                "0 0 29 2 *          | 2028-02-29T00:00:00Z",
                "0 0 L * *           | 2024-03-31T00:00:00Z",
                "0 0 * * 5#3         | 2024-03-15T00:00:00Z",
                "0 8,16 * * *        | 2024-03-01T16:00:00Z",
                "@hourly             | 2024-03-01T13:00:00Z",
                "@daily              | 2024-03-02T00:00:00Z"
            })
    void theNextTimeIsThatOfElastAlert(String expression, String next) {
        assertThat(new CronSchedule(expression, ZoneOffset.UTC).next(FRIDAY_NOON))
                .contains(Instant.parse(next));
    }

    @Test
    void eitherDayMatchesWhereBothAreRestricted() {
        CronSchedule schedule = new CronSchedule("0 0 13 * 1", ZoneOffset.UTC);
        Instant monday = schedule.next(FRIDAY_NOON).orElseThrow();
        assertThat(monday).isEqualTo("2024-03-04T00:00:00Z");
        Instant nextMonday = schedule.next(monday).orElseThrow();
        assertThat(nextMonday).isEqualTo("2024-03-11T00:00:00Z");
        assertThat(schedule.next(nextMonday)).contains(Instant.parse("2024-03-13T00:00:00Z"));
    }

    @Test
    void hoursAreThoseOfTheZoneBeforeAndAfterAClockChange() {
        CronSchedule schedule = new CronSchedule("0 9 * * *", ZoneId.of("Europe/Berlin"));
        assertThat(schedule.next(Instant.parse("2024-03-30T00:00:00Z")))
                .contains(Instant.parse("2024-03-30T08:00:00Z"));
        assertThat(schedule.next(Instant.parse("2024-03-31T00:00:00Z")))
                .contains(Instant.parse("2024-03-31T07:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"wat", "* * *", "61 * * * *", "* 25 * * *", "* * * * 8", "0 0 30 2 *", ""})
    void anExpressionThatMatchesNoTimeIsRefused(String expression) {
        Options options = new Options(Map.of("limit_execution", expression), Map.of("limit_execution", 3));
        assertThatThrownBy(() -> CronSchedule.of(options, "limit_execution", expression))
                .isInstanceOfSatisfying(RuleException.class, e -> {
                    assertThat(e.line()).isEqualTo(3);
                    assertThat(e).hasMessageContaining("limit_execution").hasMessageContaining("five fields");
                });
    }

    @Test
    void aRulePausesWhenTheNextTimeIsMoreThanAMinuteAfterTheNextRun() {
        CronSchedule noon = new CronSchedule("* 12 * * *", ZoneOffset.UTC);
        Duration minute = Duration.ofMinutes(1);
        Instant last = FRIDAY_NOON.plus(Duration.ofMinutes(59));
        assertThat(noon.pausedUntil(FRIDAY_NOON, FRIDAY_NOON, minute)).isEmpty();
        assertThat(noon.pausedUntil(last, last, minute)).contains(FRIDAY_NOON.plus(Duration.ofDays(1)));
    }
}
