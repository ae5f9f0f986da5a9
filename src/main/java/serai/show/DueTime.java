package serai.show;

import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.TimeZone;
import org.quartz.CronExpression;

/**
 * The time by which a source should have been checked again. It is computed from the source's cron when the status is
 * read, so that a scheduler that has stopped is visible.
 */
final class DueTime {

    private DueTime() {}

    /**
     * @param cron a Quartz cron expression, or null for a source without a timer
     * @param zone the cron's time zone
     * @param after when the source was last checked
     * @param grace how long a run may take
     * @return the first firing after that time plus the grace; null when it never fires again or there is no cron
     * @throws ParseException when the cron is invalid
     */
    static Instant by(String cron, String zone, Instant after, Duration grace) throws ParseException {
        if (cron == null || cron.isBlank()) {
            return null;
        }
        CronExpression expression = new CronExpression(cron.trim());
        expression.setTimeZone(TimeZone.getTimeZone(zone));
        Date firing = expression.getNextValidTimeAfter(Date.from(after));
        return firing == null ? null : firing.toInstant().plus(grace);
    }
}
