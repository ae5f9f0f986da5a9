package serai.load;

/**
 * Reads dates and times in the forms of ISO 8601: {@code 2020-06-03}, {@code 2020-06-03T23:41:23.5}, with {@code Z} or
 * an offset, or with a space in place of the T. A date alone is its midnight. One object reads all values of a column,
 * because java.time would make several objects for each.
 */
final class TimestampParser {

    /** Characters of a date. */
    static final int DATE_LENGTH = 10;

    private static final int[] DAYS = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    private char[] chars;
    private int at;
    private int end;

    private long day;
    private long nanosOfDay;
    private boolean hasTime;
    private boolean hasOffset;
    private int offsetSeconds;

    /**
     * Reads a value, which the other methods then describe.
     *
     * @return false when the text is not a date or a date with a time
     */
    boolean read(char[] source, int from, int to) {
        chars = source;
        at = from;
        end = to;
        nanosOfDay = 0;
        hasTime = false;
        hasOffset = false;
        offsetSeconds = 0;
        return date() && (at == end || time() && (at == end || offset()));
    }

    private boolean date() {
        int year = digits(4);
        if (year < 1 || !skip('-')) {
            return false;
        }
        int month = digits(2);
        if (month < 1 || month > 12 || !skip('-')) {
            return false;
        }
        int dayOfMonth = digits(2);
        if (dayOfMonth < 1 || dayOfMonth > DAYS[month - 1] || month == 2 && dayOfMonth == 29 && !isLeap(year)) {
            return false;
        }
        day = epochDay(year, month, dayOfMonth);
        return true;
    }

    private boolean time() {
        if (!skip('T') && !skip(' ')) {
            return false;
        }
        int hour = digits(2);
        if (hour < 0 || hour > 23 || !skip(':')) {
            return false;
        }
        int minute = digits(2);
        if (minute < 0 || minute > 59) {
            return false;
        }
        int second = 0;
        if (skip(':')) {
            second = digits(2);
            if (second < 0 || second > 59) {
                return false;
            }
        }
        nanosOfDay = (hour * 3600L + minute * 60L + second) * 1_000_000_000L;
        hasTime = true;
        return !skip('.') || fraction();
    }

    private boolean fraction() {
        long scale = 100_000_000L;
        int start = at;
        while (at < end && isDigit(chars[at])) {
            nanosOfDay += (chars[at++] - '0') * scale;
            scale /= 10;
        }
        return at > start;
    }

    private boolean offset() {
        hasOffset = true;
        if (skip('Z')) {
            return at == end;
        }
        boolean minus = at < end && chars[at] == '-';
        if (!skip('+') && !skip('-')) {
            return false;
        }
        int hours = digits(2);
        if (hours < 0 || hours > 15) {
            return false;
        }
        skip(':');
        int minutes = at == end ? 0 : digits(2);
        if (minutes < 0 || minutes > 59) {
            return false;
        }
        offsetSeconds = (minus ? -1 : 1) * (hours * 3600 + minutes * 60);
        return at == end;
    }

    private int digits(int count) {
        if (at + count > end) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < count; i++) {
            char c = chars[at + i];
            if (!isDigit(c)) {
                return -1;
            }
            value = value * 10 + c - '0';
        }
        at += count;
        return value;
    }

    private boolean skip(char c) {
        if (at < end && chars[at] == c) {
            at++;
            return true;
        }
        return false;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLeap(int year) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    /** Days from 1970-01-01 in the Gregorian calendar; as LocalDate.toEpochDay, without an object. */
    private static long epochDay(int year, int month, int day) {
        int y = month <= 2 ? year - 1 : year;
        int era = y / 400;
        int yearOfEra = y - era * 400;
        int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146_097L + dayOfEra - 719_468L;
    }

    boolean isMidnight() {
        return nanosOfDay == 0;
    }

    boolean hasTime() {
        return hasTime;
    }

    boolean hasOffset() {
        return hasOffset;
    }

    /** Seconds since 1970-01-01T00:00 as written, before any offset. */
    long localSeconds() {
        return day * 86_400 + nanosOfDay / 1_000_000_000L;
    }

    int offsetSeconds() {
        return offsetSeconds;
    }
}
