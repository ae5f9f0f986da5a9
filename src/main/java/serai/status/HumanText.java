package serai.status;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * Times, durations and counts as text for people. The page's script formats ages in the same way, so that an age does
 * not jump when the script updates it.
 */
public final class HumanText {

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ENGLISH);
    private static final DateTimeFormatter YEAR = DateTimeFormatter.ofPattern("d MMM yyyy HH:mm", Locale.ENGLISH);

    private HumanText() {}

    /** A span in one unit, rounded down: {@code 45 s}, {@code 12 min}, {@code 3 h}, {@code 2 days}. */
    public static String span(Duration span) {
        long seconds = Math.abs(span.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min";
        }
        if (seconds < 48 * 3600) {
            return seconds / 3600 + " h";
        }
        return seconds / 86400 + " days";
    }

    /** {@code 3 h ago} or {@code in 3 h}. */
    public static String age(Instant time, Instant now) {
        Duration age = Duration.between(time, now);
        return age.toSeconds() < 0 ? "in " + span(age) : span(age) + " ago";
    }

    /**
     * The time in UTC, with the day when it is not within twelve hours of now, and the year when it is not this one.
     */
    public static String clock(Instant time, Instant now) {
        var at = time.atZone(ZoneOffset.UTC);
        if (Duration.between(time, now).abs().toHours() < 12) {
            return CLOCK.format(at);
        }
        return (at.getYear() == now.atZone(ZoneOffset.UTC).getYear() ? DAY : YEAR).format(at);
    }

    /** {@code 850 ms}, {@code 3.2 s}, {@code 4 min 5 s}. */
    public static String millis(long millis) {
        if (millis < 1000) {
            return millis + " ms";
        }
        if (millis < 60_000) {
            return String.format(Locale.ROOT, "%.1f s", Math.floor(millis / 100.0) / 10);
        }
        return millis / 60_000 + " min " + millis % 60_000 / 1000 + " s";
    }

    /** A size in one unit: {@code 800 B}, {@code 64 kB}, {@code 1.5 GB}. */
    public static String bytes(long bytes) {
        String[] units = {"kB", "MB", "GB", "TB"};
        double size = bytes / 1000.0;
        int unit = 0;
        while (size >= 999.95 && unit < units.length - 1) {
            size /= 1000;
            unit++;
        }
        if (bytes < 1000) {
            return bytes + " B";
        }
        return String.format(Locale.ROOT, size < 10 ? "%.1f %s" : "%.0f %s", size, units[unit]);
    }

    /** A count with a thin space between thousands. */
    public static String count(long count) {
        return String.format(Locale.ENGLISH, "%,d", count).replace(',', '\u2009');
    }

    /** {@code 1 rule}, {@code 3 rules}. */
    public static String of(long count, String noun) {
        return count(count) + " " + noun + (count == 1 ? "" : "s");
    }

    /** {@code a, b, c and 4 more}. */
    public static String some(List<String> names) {
        return some(names, names.size());
    }

    /** The same of a list that is longer than the names known of it. */
    public static String some(List<String> names, long inAll) {
        int shown = inAll == 4 && names.size() == 4 ? 4 : Math.min(3, names.size());
        String list = String.join(", ", names.subList(0, shown));
        return inAll == shown ? list : list + " and " + count(inAll - shown) + " more";
    }
}
