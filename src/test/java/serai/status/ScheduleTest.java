package serai.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    private static final Duration GRACE = Duration.ofMinutes(10);

    @Test
    void dueTimeIsTheFirstFiringAfterTheLastAttempt() throws ParseException {
        assertThat(due("0 0 0/6 * * ?", "UTC", "2026-11-22T06:00:05Z")).isEqualTo("2026-11-22T12:10:00Z");
    }

    @Test
    void dueTimeFollowsTheClocksOfItsZone() throws ParseException {
        assertThat(due("0 0 6 * * ?", "Europe/London", "2026-10-24T06:00:00Z")).isEqualTo("2026-10-25T06:10:00Z");
        assertThat(due("0 0 6 * * ?", "Europe/London", "2026-10-23T12:00:00Z")).isEqualTo("2026-10-24T05:10:00Z");
    }

    @Test
    void dueTimeIsAbsentWhenItNeverFiresAgain() throws ParseException {
        assertThat(due("0 0 0 1 1 ? 2020", "UTC", "2026-11-22T06:00:00Z")).isNull();
    }

    @Test
    void aWrongCronExpressionIsRefused() {
        assertThatThrownBy(() -> due("daily", "UTC", "2026-11-22T06:00:00Z")).isInstanceOf(ParseException.class);
    }

    private static Instant due(String cron, String zone, String after) throws ParseException {
        return new Schedule(cron, zone, GRACE).dueBy(Instant.parse(after));
    }
}
