package serai.watch.python;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Reads the text of a time as {@code dateutil.parser.parse} of Python does, with which ElastAlert reads times: ISO
 * 8601, RFC 1123, the output of {@code date}, and what else people and programs write. A text without an offset is UTC,
 * and so is one with the abbreviation of a zone, which dateutil does not know.
 *
 * <p>One thing is different: a text without year, month or day is refused. dateutil takes what is missing from the
 * present day.
 */
public final class DateutilParser {

    private static final int MOST_CHARACTERS = 100;
    private static final BigDecimal SIXTY = BigDecimal.valueOf(60);
    private static final int DAY_MINUTES = 24 * 60;

    private final List<String> tokens;
    private final int currentYear = Year.now(ZoneOffset.UTC).getValue();
    private final DateMembers date = new DateMembers();
    private Integer hour;
    private int minute;
    private int second;
    private int micros;
    private String zone;
    private Integer offset;
    private int at;

    private DateutilParser(String text) {
        this.tokens = DateTokens.of(text);
    }

    /** @throws DateTimeException when dateutil would not read the text, or would add a part of the date */
    public static Instant parse(String text) {
        if (text.length() > MOST_CHARACTERS) {
            throw new DateTimeException("too long for a time");
        }
        return new DateutilParser(withLatinDigits(text)).parse();
    }

    private static String withLatinDigits(String text) {
        return text.codePoints()
                .map(c -> Character.isDigit(c) ? '0' + Character.digit(c, 10) : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private Instant parse() {
        for (at = 0; at < tokens.size(); at++) {
            if (DateTokens.isDigit(tokens.get(at).charAt(0))) {
                number(tokens.get(at));
            } else {
                word(tokens.get(at));
            }
        }
        int seconds = offset == null || zone != null && DateWords.isUtc(zone) ? 0 : offset;
        LocalTime time = LocalTime.of(hour == null ? 0 : hour, minute, second, micros * 1_000);
        return date.date(currentYear).atTime(time).toInstant(ZoneOffset.UTC).minusSeconds(seconds);
    }

    private void word(String token) {
        if (DateWords.isWeekday(token)) {
            return;
        }
        if (DateWords.month(token) > 0) {
            monthName(token);
        } else if (DateWords.halfDay(token) != null) {
            if (hour == null || hour > 12) {
                throw new DateTimeException("no hour of 12 before " + token);
            }
            hour = DateWords.adjusted(hour, token);
        } else if (couldBeZone(token)) {
            zoneName(token);
        } else if (hour != null && DateWords.isSign(token)) {
            offset(token);
        } else if (!DateWords.isJump(token)) {
            throw new DateTimeException("not a part of a time: " + token);
        }
    }

    /** A month's name: Jan-01-99, Jan of 99, or Jan. */
    private void monthName(String token) {
        date.addMonth(DateWords.month(token));
        if (is(at + 1, "-") || is(at + 1, "/")) {
            String separator = tokens.get(at + 1);
            date.add(token(at + 2));
            if (is(at + 3, separator)) {
                date.add(token(at + 4));
                at += 2;
            }
            at += 2;
        } else if (at + 4 < tokens.size() && is(at + 1, " ") && is(at + 2, "of") && is(at + 3, " ")) {
            if (DateTokens.isDigit(tokens.get(at + 4).charAt(0))) {
                date.addYear(year(integer(tokens.get(at + 4)), currentYear));
            }
            at += 4;
        }
    }

    /** A zone's name. UTC+3 means that three hours are to be added to get UTC, as in POSIX. */
    private void zoneName(String token) {
        zone = token;
        if (at + 1 < tokens.size() && DateWords.isSign(tokens.get(at + 1))) {
            tokens.set(at + 1, is(at + 1, "+") ? "-" : "+");
            zone = DateWords.isUtc(token) ? null : token;
        }
    }

    /** +0300, +03:00, +03 or +3, and a zone's name in brackets behind it. */
    private void offset(String sign) {
        String digits = token(at + 1);
        int hours = integer(digits.substring(0, Math.min(2, digits.length())));
        int minutes = 0;
        if (digits.length() == 4) {
            minutes = integer(digits.substring(2));
        } else if (is(at + 2, ":")) {
            hours = integer(digits);
            minutes = integer(token(at + 3));
            at += 2;
        } else if (digits.length() > 2) {
            throw new DateTimeException("not an offset");
        }
        if (hours * 60 + minutes >= DAY_MINUTES) {
            throw new DateTimeException("the offset is a day or more");
        }
        offset = (hours * 60 + minutes) * ("+".equals(sign) ? 60 : -60);
        if (at + 5 < tokens.size()
                && DateWords.isJump(tokens.get(at + 2))
                && is(at + 3, "(")
                && is(at + 5, ")")
                && tokens.get(at + 4).length() >= 3
                && zone == null
                && DateWords.looksLikeZone(tokens.get(at + 4))) {
            zone = tokens.get(at + 4);
            at += 4;
        }
        at++;
    }

    private void number(String text) {
        int length = text.length();
        int unit = unitIndex();
        if (date.size() == 3 && (length == 2 || length == 4) && hour == null && !is(at + 1, ":") && !isUnit(at + 1)) {
            hour = integer(text.substring(0, 2));
            minute = length == 4 ? integer(text.substring(2)) : minute;
        } else if (length == 6 || length > 6 && text.indexOf('.') == 6) {
            six(text);
        } else if (length == 8 || length == 12 || length == 14) {
            compact(text);
        } else if (unit >= 0) {
            int value = DateWords.unit(tokens.get(unit));
            quantity(text, unit > at ? value : value + 1);
            at = Math.max(at, unit);
        } else if (at + 2 < tokens.size() && is(at + 1, ":")) {
            clock(text);
        } else if (is(at + 1, "-") || is(at + 1, "/") || is(at + 1, ".")) {
            separated(text);
        } else {
            single(text);
        }
    }

    /** YYMMDD, or HHMMSS with or without decimals. */
    private void six(String text) {
        if (date.size() == 0 && text.indexOf('.') < 0) {
            date.add(text.substring(0, 2));
            date.add(text.substring(2, 4));
            date.add(text.substring(4));
        } else {
            hour = integer(text.substring(0, 2));
            minute = integer(text.substring(2, 4));
            seconds(text.substring(4));
        }
    }

    /** YYYYMMDD, with HHMM or HHMMSS behind it. */
    private void compact(String text) {
        date.add(text.substring(0, 4));
        date.add(text.substring(4, 6));
        date.add(text.substring(6, 8));
        if (text.length() > 8) {
            hour = integer(text.substring(8, 10));
            minute = integer(text.substring(10, 12));
            second = text.length() > 12 ? integer(text.substring(12)) : second;
        }
    }

    /** A number with its unit, such as 12h, 30 m or 5.25s. */
    private void quantity(String text, int unit) {
        if (unit == 0) {
            hour = whole(text);
            minute = fraction(text).signum() == 0 ? minute : sixtieths(text);
        } else if (unit == 1) {
            minutes(text);
        } else if (unit == 2) {
            seconds(text);
        }
    }

    /** HH:MM or HH:MM:SS; the last may have decimals. */
    private void clock(String text) {
        hour = whole(text);
        minutes(tokens.get(at + 2));
        if (at + 4 < tokens.size() && is(at + 3, ":")) {
            seconds(tokens.get(at + 4));
            at += 2;
        }
        at += 2;
    }

    /** A date such as 2024-03-01, 01/Mar/2024 or 1.3.24. */
    private void separated(String text) {
        String separator = tokens.get(at + 1);
        date.add(text);
        if (at + 2 < tokens.size() && !DateWords.isJump(tokens.get(at + 2))) {
            member(tokens.get(at + 2));
            if (is(at + 3, separator)) {
                member(token(at + 4));
                at += 2;
            }
            at++;
        }
        at++;
    }

    private void member(String token) {
        if (DateWords.month(token) > 0) {
            date.addMonth(DateWords.month(token));
        } else {
            date.add(token);
        }
    }

    /** An hour before am or pm; else a year, month or day. */
    private void single(String text) {
        if (at + 1 >= tokens.size() || DateWords.isJump(tokens.get(at + 1))) {
            if (at + 2 < tokens.size() && DateWords.halfDay(tokens.get(at + 2)) != null) {
                hour = DateWords.adjusted(whole(text), tokens.get(at + 2));
                at++;
            } else {
                date.add(whole(text));
            }
            at++;
        } else if (DateWords.halfDay(tokens.get(at + 1)) != null && whole(text) < 24) {
            hour = DateWords.adjusted(whole(text), tokens.get(at + 1));
            at++;
        } else if (date.couldBeDay(whole(text))) {
            date.add(whole(text));
        } else {
            throw new DateTimeException("not a part of a time: " + text);
        }
    }

    /** Where the unit of the number at the present place stands, behind or before it; -1 when it has none. */
    private int unitIndex() {
        if (isUnit(at + 1)) {
            return at + 1;
        }
        if (is(at + 1, " ") && isUnit(at + 2)) {
            return at + 2;
        }
        if (isUnit(at - 1)) {
            return at - 1;
        }
        return at > 1 && at == tokens.size() - 1 && is(at - 1, " ") && isUnit(at - 2) ? at - 2 : -1;
    }

    private boolean isUnit(int index) {
        return index >= 0 && index < tokens.size() && DateWords.unit(tokens.get(index)) != null;
    }

    private void minutes(String text) {
        minute = whole(text);
        second = fraction(text).signum() == 0 ? second : sixtieths(text);
    }

    private void seconds(String text) {
        int point = text.indexOf('.');
        second = integer(point < 0 ? text : text.substring(0, point));
        micros = point < 0 ? 0 : integer((text.substring(point + 1) + "000000").substring(0, 6));
    }

    private static int whole(String text) {
        try {
            return new BigDecimal(text).setScale(0, RoundingMode.DOWN).intValueExact();
        } catch (NumberFormatException | ArithmeticException e) {
            throw new DateTimeException("not a number of a time", e);
        }
    }

    private static BigDecimal fraction(String text) {
        return new BigDecimal(text).remainder(BigDecimal.ONE);
    }

    private static int sixtieths(String text) {
        return fraction(text).multiply(SIXTY).intValue();
    }

    /** The year that two digits mean: at most 50 years from now. */
    static int year(int year, int currentYear) {
        if (year >= 100) {
            return year;
        }
        int inCentury = currentYear / 100 * 100 + year;
        return inCentury >= currentYear + 50
                ? inCentury - 100
                : inCentury < currentYear - 50 ? inCentury + 100 : inCentury;
    }

    static int integer(String digits) {
        if (digits.isEmpty() || digits.length() > 6 || !digits.chars().allMatch(c -> DateTokens.isDigit((char) c))) {
            throw new DateTimeException("not a number of a time");
        }
        return Integer.parseInt(digits);
    }

    private String token(int index) {
        if (index >= tokens.size()) {
            throw new DateTimeException("the time ends too early");
        }
        return tokens.get(index);
    }

    private boolean is(int index, String token) {
        return index < tokens.size() && tokens.get(index).equals(token);
    }

    private boolean couldBeZone(String token) {
        return hour != null && zone == null && offset == null && DateWords.looksLikeZone(token);
    }
}
