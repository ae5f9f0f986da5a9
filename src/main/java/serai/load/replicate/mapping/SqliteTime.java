package serai.load.replicate.mapping;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times of expressions as SQLite reads, moves and writes them, with milliseconds. What is no time is NULL. */
final class SqliteTime {

    /** The field letters of {@code strftime}. */
    static final String FIELDS = "dHfjJmMsSwWY%";

    private static final Pattern TIME =
            Pattern.compile("(?:(\\d{4})-(\\d\\d)-(\\d\\d))?(?:[ T]*)(?:(\\d\\d):(\\d\\d)(?::(\\d\\d)(\\.\\d+)?)?)?"
                    + "\\s*(?:(Z|z)|([-+])(\\d\\d)(?::(\\d\\d))?)?\\s*");
    private static final Pattern NUMBER = Pattern.compile("\\s*[-+]?\\d+(?:\\.\\d+)?\\s*");
    private static final Pattern MOVE =
            Pattern.compile("([-+]?\\d+(?:\\.\\d+)?) (second|minute|hour|day|month|year)s?");
    private static final Pattern WEEKDAY = Pattern.compile("weekday ([0-6])");
    private static final BigDecimal DAY = BigDecimal.valueOf(86_400_000);
    /** The Julian day number of 1970-01-01T00:00. */
    private static final BigDecimal EPOCH = new BigDecimal("2440587.5");

    private SqliteTime() {}

    /** Whether a text is a modifier that is understood. */
    static boolean isModifier(String text) {
        return MOVE.matcher(word(text)).matches()
                || WEEKDAY.matcher(word(text)).matches()
                || word(text).matches("start of (month|year|day)|unixepoch");
    }

    private static String word(String text) {
        return text.strip().toLowerCase(Locale.ROOT);
    }

    /**
     * @param from the place of the time among the values; modifiers follow it, and without it the time is that of the
     *     commit
     */
    static String format(String format, Object[] values, int from, SourceRow row) {
        return time(values, from, row).map(time -> format(format, time)).orElse(null);
    }

    /** Days since noon in Greenwich on November 24, 4714 B.C. */
    static Object julianDay(Object[] values, int from, SourceRow row) {
        return time(values, from, row).map(SqliteTime::julianDay).orElse(null);
    }

    private static BigDecimal julianDay(LocalDateTime time) {
        return BigDecimal.valueOf(time.toInstant(ZoneOffset.UTC).toEpochMilli())
                .divide(DAY, 9, RoundingMode.HALF_UP)
                .add(EPOCH);
    }

    private static Optional<LocalDateTime> time(Object[] values, int from, SourceRow row) {
        for (int i = from; i < values.length; i++) {
            if (values[i] == null) {
                return Optional.empty();
            }
        }
        boolean epoch = values.length > from + 1
                && word(SqliteValues.text(values[from + 1])).equals("unixepoch");
        try {
            LocalDateTime time = values.length <= from ? now(row) : read(values[from], epoch, row);
            for (int i = from + (epoch ? 2 : 1); time != null && i < values.length; i++) {
                time = move(time, word(SqliteValues.text(values[i])));
            }
            return Optional.ofNullable(time).filter(t -> t.getYear() >= 0 && t.getYear() <= 9999);
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static LocalDateTime now(SourceRow row) {
        return LocalDateTime.ofInstant(row.committedAt(), ZoneOffset.UTC).truncatedTo(ChronoUnit.MILLIS);
    }

    private static LocalDateTime read(Object value, boolean epoch, SourceRow row) {
        String text = SqliteValues.text(value);
        if (word(text).equals("now")) {
            return now(row);
        }
        if (NUMBER.matcher(text).matches()) {
            BigDecimal number = new BigDecimal(text.strip());
            BigDecimal millis = epoch
                    ? number.multiply(BigDecimal.valueOf(1000))
                    : number.subtract(EPOCH).multiply(DAY);
            return LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC)
                    .plus(millis.setScale(0, RoundingMode.HALF_UP).longValueExact(), ChronoUnit.MILLIS);
        }
        Matcher time = TIME.matcher(text.stripLeading());
        return epoch || !time.matches() || text.isBlank() ? null : of(time);
    }

    private static LocalDateTime of(Matcher time) {
        if (time.group(1) == null && time.group(4) == null) {
            return null;
        }
        LocalDate date = time.group(1) == null
                ? LocalDate.of(2000, 1, 1)
                : LocalDate.of(number(time, 1), number(time, 2), 1).plusDays(day(number(time, 3)) - 1L);
        LocalTime clock = time.group(4) == null
                ? LocalTime.MIDNIGHT
                : LocalTime.of(number(time, 4), number(time, 5), time.group(6) == null ? 0 : number(time, 6));
        LocalDateTime read = date.atTime(clock);
        if (time.group(7) != null) {
            read = read.plus(
                    new BigDecimal("0" + time.group(7))
                            .movePointRight(3)
                            .setScale(0, RoundingMode.HALF_UP)
                            .longValue(),
                    ChronoUnit.MILLIS);
        }
        if (time.group(9) != null) {
            int minutes = number(time, 10) * 60 + (time.group(11) == null ? 0 : number(time, 11));
            read = read.minusMinutes(time.group(9).equals("-") ? -minutes : minutes);
        }
        return read;
    }

    private static int day(int day) {
        if (day < 1 || day > 31) {
            throw new DateTimeException("no day");
        }
        return day;
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    private static LocalDateTime move(LocalDateTime time, String modifier) {
        Matcher move = MOVE.matcher(modifier);
        if (move.matches()) {
            return move(time, new BigDecimal(move.group(1)), move.group(2));
        }
        Matcher weekday = WEEKDAY.matcher(modifier);
        if (weekday.matches()) {
            return time.with(
                    TemporalAdjusters.nextOrSame(DayOfWeek.of((Integer.parseInt(weekday.group(1)) + 6) % 7 + 1)));
        }
        return switch (modifier) {
            case "start of day" -> time.truncatedTo(ChronoUnit.DAYS);
            case "start of month" -> time.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1);
            case "start of year" -> time.truncatedTo(ChronoUnit.DAYS).withDayOfYear(1);
            default -> null;
        };
    }

    private static LocalDateTime move(LocalDateTime time, BigDecimal amount, String unit) {
        int whole = amount.intValue();
        return switch (unit) {
            // a day that the month does not have runs over into the next one
            case "month" -> overflow(time, time.toLocalDate().withDayOfMonth(1).plusMonths(whole));
            case "year" -> overflow(time, time.toLocalDate().withDayOfMonth(1).plusYears(whole));
            default ->
                time.plus(
                        amount.multiply(BigDecimal.valueOf(millis(unit)))
                                .setScale(0, RoundingMode.HALF_UP)
                                .longValueExact(),
                        ChronoUnit.MILLIS);
        };
    }

    private static LocalDateTime overflow(LocalDateTime time, LocalDate month) {
        return month.plusDays(time.getDayOfMonth() - 1L).atTime(time.toLocalTime());
    }

    private static long millis(String unit) {
        return switch (unit) {
            case "second" -> 1000;
            case "minute" -> 60_000;
            case "hour" -> 3_600_000;
            default -> 86_400_000;
        };
    }

    private static String format(String format, LocalDateTime time) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            if (format.charAt(i) != '%') {
                text.append(format.charAt(i));
            } else if (++i < format.length() && FIELDS.indexOf(format.charAt(i)) >= 0) {
                text.append(field(format.charAt(i), time));
            } else {
                return null;
            }
        }
        return text.toString();
    }

    private static String field(char field, LocalDateTime time) {
        return switch (field) {
            case 'd' -> digits(2, time.getDayOfMonth());
            case 'H' -> digits(2, time.getHour());
            case 'f' -> digits(2, time.getSecond()) + "." + digits(3, time.get(ChronoField.MILLI_OF_SECOND));
            case 'j' -> digits(3, time.getDayOfYear());
            case 'J' -> julianDay(time).stripTrailingZeros().toPlainString();
            case 'm' -> digits(2, time.getMonthValue());
            case 'M' -> digits(2, time.getMinute());
            case 's' -> String.valueOf(time.toEpochSecond(ZoneOffset.UTC));
            case 'S' -> digits(2, time.getSecond());
            case 'w' -> String.valueOf(time.getDayOfWeek().getValue() % 7);
            // weeks begin on Monday; days before the first one are week 0
            case 'W' ->
                digits(2, (time.getDayOfYear() + 6 - (time.getDayOfWeek().getValue() - 1)) / 7);
            case 'Y' -> digits(4, time.getYear());
            default -> "%";
        };
    }

    private static String digits(int width, long number) {
        return String.format(Locale.ROOT, "%0" + width + "d", number);
    }
}
