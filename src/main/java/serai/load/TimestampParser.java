package serai.load;

/**
 * Reads dates and times in the forms of ISO 8601: {@code 2020-06-03}, {@code 2020-06-03T23:41:23.5}, with {@code Z} or
 * an offset, or with a space in place of the T. A date alone is its midnight. One object reads all values of a column,
 * because java.time would make several objects for each.
 */
final class TimestampParser {

    /** Characters of a date. */
    static final int DATE_LENGTH = 10;

    private static final long MICROS_OF_SECOND = 1_000_000L;
    private static final long MICROS_OF_DAY = 86_400 * MICROS_OF_SECOND;
    /** Decimals of a second that PostgreSQL keeps. */
    static final int MOST_DECIMALS = 6;
    /** 2000-01-01, from which PostgreSQL counts, and so the sides to which it rounds a half. */
    private static final long POSTGRES_EPOCH = 10_957 * MICROS_OF_DAY;
    /** Numbers of up to 15 digits and these powers of ten are exact as doubles, so that their quotient is too. */
    private static final int EXACT_DIGITS = 15;

    private static final int[] DAYS = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    private char[] chars;
    private int at;
    private int end;

    private long day;
    private long micros;
    private boolean isMidnight;
    private boolean hasTime;
    private boolean hasOffset;
    private int offsetSeconds;
    private int offsetLength;

    /**
     * Reads a value, which the other methods then describe.
     *
     * @return false when the text is not a date or a date with a time
     */
    boolean read(char[] source, int from, int to) {
        chars = source;
        at = from;
        end = to;
        isMidnight = true;
        hasTime = false;
        hasOffset = false;
        offsetSeconds = 0;
        offsetLength = 0;
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
        micros = day * MICROS_OF_DAY;
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
        int seconds = hour * 3600 + minute * 60 + second;
        micros += seconds * MICROS_OF_SECOND;
        isMidnight = seconds == 0;
        hasTime = true;
        return !skip('.') || fraction();
    }

    /** Rounds to microseconds by way of a double, as PostgreSQL does. */
    private boolean fraction() {
        int start = at;
        long number = 0;
        double scale = 1;
        while (at < end && isDigit(chars[at])) {
            int digit = chars[at++] - '0';
            isMidnight &= digit == 0;
            if (at - start <= EXACT_DIGITS) {
                number = number * 10 + digit;
                scale *= 10;
            }
        }
        double fraction = at - start <= EXACT_DIGITS
                ? number / scale
                : Double.parseDouble(new String(chars, start - 1, at - start + 1));
        micros += (long) Math.rint(fraction * MICROS_OF_SECOND);
        return at > start;
    }

    private boolean offset() {
        hasOffset = true;
        offsetLength = end - at;
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
        int seconds = at < end && skip(':') ? digits(2) : 0;
        if (minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59) {
            return false;
        }
        offsetSeconds = (minus ? -1 : 1) * (hours * 3600 + minutes * 60 + seconds);
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

    /**
     * Rounds the value as a column stores it. A half is rounded away from 2000-01-01T00:00.
     *
     * @param decimals of a second that the column has, 0 to 6
     * @param offset in seconds, by which the value is stored as an instant; 0 for a time without a zone
     */
    void round(int decimals, int offset) {
        if (decimals == MOST_DECIMALS) {
            return;
        }
        long unit = 1;
        for (int i = decimals; i < MOST_DECIMALS; i++) {
            unit *= 10;
        }
        long shift = POSTGRES_EPOCH + offset * MICROS_OF_SECOND;
        long stored = micros - shift;
        long rounded = (Math.abs(stored) + unit / 2) / unit * unit;
        micros = (stored < 0 ? -rounded : rounded) + shift;
    }

    /** Whether rounding moved the time into the day after the one that is written. */
    boolean isOfNextDay() {
        return micros >= (day + 1) * MICROS_OF_DAY;
    }

    /** Takes the last second of the day that is written in place of the time. */
    void toEndOfDay() {
        micros = (day + 1) * MICROS_OF_DAY - 1;
    }

    /** Whether the time, before it was rounded, is the beginning of the day. */
    boolean isMidnight() {
        return isMidnight;
    }

    boolean hasTime() {
        return hasTime;
    }

    boolean hasOffset() {
        return hasOffset;
    }

    /** Seconds since 1970-01-01T00:00 as written, before any offset; as they are stored after {@link #round}. */
    long localSeconds() {
        return Math.floorDiv(micros, MICROS_OF_SECOND);
    }

    int offsetSeconds() {
        return offsetSeconds;
    }

    /** Characters of the offset. */
    int offsetLength() {
        return offsetLength;
    }
}
