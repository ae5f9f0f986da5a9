package serai.watch.command;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;
import serai.watch.rule.Timestamps;

/** Times as they are written on a command line. */
public final class CommandTimes {

    private static final Pattern PART = Pattern.compile("(\\d{1,9})([wdhms])");
    private static final Map<String, Long> SECONDS =
            Map.of("w", 604_800L, "d", 86_400L, "h", 3_600L, "m", 60L, "s", 1L);
    private static final Duration LONGEST = Duration.ofDays(10 * 366);

    private CommandTimes() {}

    /** {@code 2h}, {@code 1d12h}. */
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
                    "'" + text + "' is not a time up to ten years; write one such as 30m, 2h or 1d12h");
        }
        return sum;
    }

    /** {@code 2026-03-01}, {@code 2026-03-01T12:00}, with a zone or in UTC; or {@code now}. */
    public static Instant instant(String text) {
        try {
            return text.equals("now") ? Instant.now() : Timestamps.read(text);
        } catch (DateTimeException e) {
            throw new TypeConversionException(
                    "'" + text + "' is not a time; write one such as 2026-03-01 or 2026-03-01T12:30Z");
        }
    }
}
