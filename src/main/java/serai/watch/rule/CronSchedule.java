package serai.watch.rule;

import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import serai.watch.python.Python;

/**
 * The times of a cron expression as ElastAlert reads it: minute, hour, day of month, month, day of week (0 or 7 is
 * Sunday). Where both kinds of days are restricted, either may match. Immutable.
 */
public final class CronSchedule {

    private static final CronParser PARSER = new CronParser(CronDefinitionBuilder.defineCron()
            .withMinutes()
            .withStrictRange()
            .and()
            .withHours()
            .withStrictRange()
            .and()
            .withDayOfMonth()
            .supportsL()
            .withStrictRange()
            .and()
            .withMonth()
            .withStrictRange()
            .and()
            .withDayOfWeek()
            .withValidRange(0, 7)
            .withMondayDoWValue(1)
            .withIntMapping(7, 0)
            .supportsHash()
            .supportsL()
            .withStrictRange()
            .and()
            .withSupportedNicknameHourly()
            .withSupportedNicknameDaily()
            .withSupportedNicknameMidnight()
            .withSupportedNicknameWeekly()
            .withSupportedNicknameMonthly()
            .withSupportedNicknameYearly()
            .withSupportedNicknameAnnually()
            .instance());
    /** ElastAlert runs a rule while the next time is less than a minute after its next run. */
    private static final Duration MINUTE = Duration.ofSeconds(59);

    private final ExecutionTime times;
    private final ZoneId zone;

    /**
     * @param zone the zone of the expression's hours
     * @throws IllegalArgumentException when the expression is wrong; the message names the reason
     */
    CronSchedule(String expression, ZoneId zone) {
        this.times = ExecutionTime.forCron(PARSER.parse(expression.strip()));
        this.zone = zone;
    }

    /**
     * The schedule of an option, in the rule's {@code timezone}; in UTC, as in ElastAlert, when it has none.
     *
     * @param expression the option's cron expression
     * @throws RuleException when it is wrong, or no time ever matches
     */
    public static CronSchedule of(Options options, String option, Object expression) throws RuleException {
        ZoneId zone = EventTimes.zone(options, "timezone", ZoneOffset.UTC);
        try {
            CronSchedule schedule = new CronSchedule(Python.str(expression), zone);
            if (schedule.next(Instant.now()).isEmpty()) {
                throw new IllegalArgumentException("no time matches it");
            }
            return schedule;
        } catch (IllegalArgumentException e) {
            throw options.refused(
                    option,
                    "must be a cron expression of five fields, such as '0 9 * * 1' for Mondays at nine: "
                            + e.getMessage());
        }
    }

    /** The first time after another; empty when there is none, as for 30 February. */
    public Optional<Instant> next(Instant after) {
        return times.nextExecution(after.atZone(zone)).map(ZonedDateTime::toInstant);
    }

    /**
     * When a rule with {@code limit_execution} continues after a run, or starts (see
     * {@code docs/reference/elastalert.md}, "Runs and time ranges"); empty when it does not pause.
     *
     * @param end the end of the time range of the run
     */
    public Optional<Instant> pausedUntil(Instant now, Instant end, Duration runEvery) {
        return next(now).filter(next -> end.plus(runEvery).isBefore(next.minus(MINUTE)));
    }
}
