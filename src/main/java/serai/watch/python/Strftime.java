package serai.watch.python;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.Locale;
import java.util.Map;

/** Python's {@code strftime} on Linux, for index names and times in messages. */
public final class Strftime {

    private static final Map<Character, DateTimeFormatter> FORMATS = Map.ofEntries(
            format('Y', "yyyy"),
            format('m', "MM"),
            format('d', "dd"),
            format('H', "HH"),
            format('M', "mm"),
            format('S', "ss"),
            format('y', "yy"),
            format('j', "DDD"),
            format('I', "hh"),
            format('p', "a"),
            format('b', "MMM"),
            format('B', "MMMM"),
            format('a', "EEE"),
            format('A', "EEEE"),
            format('Z', "zzz"),
            format('z', "xx"),
            format('f', "SSSSSS"),
            format('e', "ppd"),
            format('h', "MMM"),
            format('k', "ppH"),
            format('l', "pph"),
            format('c', "EEE MMM ppd HH:mm:ss yyyy"),
            format('x', "MM/dd/yy"),
            format('D', "MM/dd/yy"),
            format('X', "HH:mm:ss"),
            format('r', "hh:mm:ss a"),
            format('F', "yyyy-MM-dd"),
            format('T', "HH:mm:ss"),
            format('R', "HH:mm"));

    private static final String FLAGS = "-_0^";

    private Strftime() {}

    private static Map.Entry<Character, DateTimeFormatter> format(char directive, String pattern) {
        return Map.entry(directive, DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH));
    }

    /** A time in a format; an unknown directive is left as it is. */
    public static String format(ZonedDateTime zoned, String pattern) {
        // Java names the offset "Z", Python "UTC"
        ZonedDateTime time =
                zoned.getZone().equals(ZoneOffset.UTC) ? zoned.withZoneSameInstant(ZoneId.of("UTC")) : zoned;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '%' && i + 2 < pattern.length() && FLAGS.indexOf(pattern.charAt(i + 1)) >= 0) {
                text.append(flagged(directive(time, pattern.charAt(i + 2)), pattern.charAt(i + 1)));
                i += 2;
            } else if (c == '%' && i + 1 < pattern.length()) {
                text.append(directive(time, pattern.charAt(++i)));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    /** Flags of the C library: {@code -} no leading zeros, {@code _} spaces, {@code 0} zeros, {@code ^} capitals. */
    private static String flagged(String text, char flag) {
        String digits = text.strip();
        return switch (flag) {
            case '-' -> digits.matches("\\d+") ? digits.replaceFirst("^0+(?=\\d)", "") : digits;
            case '_' -> text.replaceFirst("^0(?=\\d)", " ");
            case '0' -> text.replaceFirst("^ ", "0");
            default -> text.toUpperCase(Locale.ROOT);
        };
    }

    private static String directive(ZonedDateTime time, char directive) {
        DateTimeFormatter format = FORMATS.get(directive);
        if (format != null) {
            return format.format(time);
        }
        int fromSunday = time.getDayOfWeek().getValue() % 7;
        int fromMonday = time.getDayOfWeek().getValue() - 1;
        return switch (directive) {
            case '%' -> "%";
            case 's' -> String.valueOf(time.toEpochSecond());
            case 'w' -> String.valueOf(fromSunday);
            case 'u' -> String.valueOf(fromMonday + 1);
            case 'U' -> String.format("%02d", (time.getDayOfYear() + 6 - fromSunday) / 7);
            case 'W' -> String.format("%02d", (time.getDayOfYear() + 6 - fromMonday) / 7);
            case 'V' -> String.format("%02d", time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
            case 'C' -> String.format("%02d", time.getYear() / 100);
            case 'g' -> String.format("%02d", time.get(IsoFields.WEEK_BASED_YEAR) % 100);
            case 'P' -> FORMATS.get('p').format(time).toLowerCase(Locale.ROOT);
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'G' -> String.format("%04d", time.get(IsoFields.WEEK_BASED_YEAR));
            default -> "%" + directive;
        };
    }

    /** The unit between two successive names in a format, such as those of indices: hours when it has %H, else days. */
    public static ChronoUnit step(String pattern) {
        return pattern.contains("%H") ? ChronoUnit.HOURS : ChronoUnit.DAYS;
    }
}
