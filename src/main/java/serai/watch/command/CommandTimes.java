package serai.watch.command;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;
import serai.watch.rule.Timestamps;

/** Times as commands read and print them. */
public final class CommandTimes {

    private static final Pattern PART = Pattern.compile("(\\d{1,9})([wdhms])");
    private static final Map<String, Long> SECONDS =
            Map.of("w", 604_800L, "d", 86_400L, "h", 3_600L, "m", 60L, "s", 1L);
    private static final Duration LONGEST = Duration.ofDays(10 * 366);

    private CommandTimes() {}

    /**
     * Reads a duration such as {@code 2h} or {@code 1d12h}.
     *
     * @throws TypeConversionException when the text is no duration, is 0, or is longer than ten years
     */
    public static Duration duration(String text) {
        Matcher part = PART.matcher(text);
        Duration sum = Duration.ZERO;
        int end = 0;
        while (part.find() && part.start() == end) {
            sum = sum.plusSeconds(Long.parseLong(part.group(1)) * SECONDS.get(part.group(2)));
            end = part.end();
        }
        if (end < text.length() || sum.isZero() || sum.compareTo(LONGEST) > 0) {
            throw new TypeConversionException(
                    "'" + text + "' is not a duration of at most ten years; write one such as 30m, 2h or 1d12h");
        }
        return sum;
    }

    /**
     * Reads a time such as {@code 2026-03-01} or {@code 2026-03-01T12:00}, with an offset or in UTC, or {@code now}.
     *
     * @throws TypeConversionException when the text is no time
     */
    public static Instant instant(String text) {
        try {
            return text.equals("now") ? Instant.now() : Timestamps.read(text);
        } catch (DateTimeException e) {
            throw new TypeConversionException(
                    "'" + text + "' is not a time; write one such as 2026-03-01 or 2026-03-01T12:30Z");
        }
    }

    /** A time in UTC to the second, or null. */
    static String text(Instant time) {
        return time == null ? null : time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
