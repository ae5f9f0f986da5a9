package serai.watch.python;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The words that dateutil knows in a date, in any case. */
final class DateWords {

    private static final Set<String> JUMPS =
            Set.of(" ", ".", ",", ";", "-", "/", "'", "at", "on", "and", "ad", "m", "t", "of", "st", "nd", "rd", "th");
    private static final Set<String> UTC = Set.of("utc", "gmt", "z");
    private static final Set<String> WEEKDAYS = Set.of(
            "mon",
            "monday",
            "tue",
            "tuesday",
            "wed",
            "wednesday",
            "thu",
            "thursday",
            "fri",
            "friday",
            "sat",
            "saturday",
            "sun",
            "sunday");
    private static final List<String> MONTHS = List.of(
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december");
    private static final Map<String, Integer> UNITS =
            Map.of("h", 0, "hour", 0, "hours", 0, "m", 1, "minute", 1, "minutes", 1, "s", 2, "second", 2, "seconds", 2);

    private DateWords() {}

    static boolean looksLikeZone(String token) {
        return token.length() <= 5 && token.chars().allMatch(c -> c >= 'A' && c <= 'Z') || "z".equals(token);
    }

    static boolean isWeekday(String token) {
        return WEEKDAYS.contains(token.toLowerCase(Locale.ROOT));
    }

    /** 1 to 12, or 0. */
    static int month(String token) {
        String name = token.toLowerCase(Locale.ROOT);
        for (int i = 0; i < MONTHS.size(); i++) {
            String month = MONTHS.get(i);
            if (name.equals(month) || name.equals(month.substring(0, 3)) || i == 8 && "sept".equals(name)) {
                return i + 1;
            }
        }
        return 0;
    }

    /** Whether a token is am or pm: 0 or 1; null for another token. */
    static Integer halfDay(String token) {
        return switch (token.toLowerCase(Locale.ROOT)) {
            case "am", "a" -> 0;
            case "pm", "p" -> 1;
            default -> null;
        };
    }

    static int adjusted(int hour, String halfDay) {
        boolean afternoon = halfDay(halfDay) == 1;
        return hour < 12 && afternoon ? hour + 12 : hour == 12 && !afternoon ? 0 : hour;
    }

    static boolean isUtc(String token) {
        return UTC.contains(token.toLowerCase(Locale.ROOT));
    }

    static boolean isSign(String token) {
        return "+".equals(token) || "-".equals(token);
    }

    static boolean isJump(String token) {
        return JUMPS.contains(token.toLowerCase(Locale.ROOT));
    }

    /** The unit of a number: 0 for hours, 1 for minutes, 2 for seconds; null for another word. */
    static Integer unit(String token) {
        return UNITS.get(token.toLowerCase(Locale.ROOT));
    }
}
