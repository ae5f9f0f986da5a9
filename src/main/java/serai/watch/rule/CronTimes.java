package serai.watch.rule;

import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import serai.watch.python.Python;

/**
 * The times of a cron expression of five fields as ElastAlert reads it: minute, hour, day of month, month, day of week
 * (0 or 7 is Sunday); where both days are restricted, either will do. Immutable.
 */
public final class CronTimes {

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
    /**
     * Upstream runs on while the next time is less than a minute after the next run: a cron expression names whole
     * minutes.
     */
    private static final Duration MINUTE = Duration.ofSeconds(59);

    private final ExecutionTime times;
    private final ZoneId zone;

    /**
     * @param zone where the expression's hours are meant
     * @throws IllegalArgumentException when the expression is wrong; the message says how
     */
    public CronTimes(String expression, ZoneId zone) {
        this.times = ExecutionTime.forCron(PARSER.parse(expression.strip()));
        this.zone = zone;
    }

    /**
     * Those that an option names, in the rule's {@code timezone}; in UTC, as upstream, when it has none.
     *
     * @param expression the option's value
     * @throws RuleException when it names no time
     */
    public static CronTimes of(Options given, String option, Object expression) throws RuleException {
        try {
            CronTimes times = new CronTimes(Python.str(expression), zone(given));
            if (times.next(Instant.now()).isEmpty()) {
                throw new IllegalArgumentException("it names no time");
            }
            return times;
        } catch (IllegalArgumentException e) {
            throw given.refused(
                    option,
                    "must be a cron expression of five fields, such as '0 9 * * 1' for Mondays at nine: "
                            + e.getMessage());
        }
    }

    private static ZoneId zone(Options given) throws RuleException {
        try {
            return given.has("timezone") ? ZoneId.of(given.text("timezone", "")) : ZoneOffset.UTC;
        } catch (DateTimeException e) {
            throw given.refused("timezone", "is no time zone; write one such as Europe/Berlin");
        }
    }

    /** The first time after the given one; empty when there is none, as on 30 February. */
    public Optional<Instant> next(Instant after) {
        return times.nextExecution(after.atZone(zone)).map(ZonedDateTime::toInstant);
    }

    /**
     * Until when a rule with {@code limit_execution} pauses after a run, or before its first (spec/elastalert.md 1.2);
     * empty when its next run is due as ever.
     *
     * @param end the end of the time that the run covers
     */
    public Optional<Instant> pausedUntil(Instant now, Instant end, Duration runEvery) {
        return next(now).filter(next -> end.plus(runEvery).isBefore(next.minus(MINUTE)));
    }
}
