package serai.status;

import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.TimeZone;
import org.quartz.CronExpression;

/**
 * When something should run. The time by which it is due is computed when the status is read, so that a scheduler that
 * has stopped is visible.
 *
 * @param cron a Quartz cron expression
 * @param zone the cron's time zone
 * @param grace how long a run may take
 */
public record Schedule(String cron, String zone, Duration grace) {

    /**
     * The first firing after a time, plus the grace; null when it never fires again.
     *
     * @param after when it was last checked
     * @throws ParseException when the cron is invalid
     */
    public Instant dueBy(Instant after) throws ParseException {
        CronExpression expression = new CronExpression(cron.trim());
        expression.setTimeZone(TimeZone.getTimeZone(zone));
        Date firing = expression.getNextValidTimeAfter(Date.from(after));
        return firing == null ? null : firing.toInstant().plus(grace);
    }
}
