package serai.demo;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Prints rows as Metabase's CSV download does: LF, quotes only where needed, NULL and "" alike. See
 * docs/reference/metabase.md, "Replies". Not thread-safe.
 */
final class MetabaseCsv {

    private static final DateTimeFormatter LONG_DAY = DateTimeFormatter.ofPattern("MMMM d, yyyy", Locale.ENGLISH);
    private static final DateTimeFormatter LONG_TIME =
            DateTimeFormatter.ofPattern("MMMM d, yyyy, h:mm a", Locale.ENGLISH);

    private final char separator;
    private final boolean formatted;
    private final ZoneId zone;
    private final StringBuilder line = new StringBuilder();
    private final DecimalFormat grouped =
            new DecimalFormat("#,##0.##", DecimalFormatSymbols.getInstance(Locale.ENGLISH));

    /**
     * @param formatted {@code format_rows}: for people, with a loss of digits
     * @param zone the results time zone, for values with an offset
     */
    MetabaseCsv(char separator, boolean formatted, ZoneId zone) {
        this.separator = separator;
        this.formatted = formatted;
        this.zone = zone;
        grouped.setRoundingMode(RoundingMode.HALF_UP);
    }

    byte[] line(List<?> row) {
        line.setLength(0);
        for (int i = 0; i < row.size(); i++) {
            if (i > 0) {
                line.append(separator);
            }
            cell(row.get(i));
        }
        return line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    private void cell(Object value) {
        String text = value == null ? "" : formatted ? readable(value) : plain(value);
        if (needsQuotes(text)) {
            line.append('"').append(text.replace("\"", "\"\"")).append('"');
        } else {
            line.append(text);
        }
    }

    private boolean needsQuotes(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == separator || c == '"' || c == '\n' || c == '\r') {
                return true;
            }
        }
        return false;
    }

    private String plain(Object value) {
        if (value instanceof LocalDateTime t) {
            return t.toLocalTime().equals(LocalTime.MIDNIGHT)
                    ? t.toLocalDate().toString()
                    : DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(t);
        }
        ZonedDateTime zoned = zoned(value);
        if (zoned != null) {
            return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(zoned);
        }
        if (value instanceof Collection<?> array) {
            return array.stream()
                    .map(v -> v instanceof String s ? '"' + s + '"' : String.valueOf(v))
                    .collect(Collectors.joining(" ", "[", "]"));
        }
        return value instanceof Map<?, ?> map ? RequestRefusal.write(map) : String.valueOf(value);
    }

    private ZonedDateTime zoned(Object value) {
        if (value instanceof Instant t) {
            return t.atZone(zone);
        }
        if (value instanceof OffsetDateTime t) {
            return t.atZoneSameInstant(zone);
        }
        return value instanceof ZonedDateTime t ? t.withZoneSameInstant(zone) : null;
    }

    private String readable(Object value) {
        if (value instanceof LocalDate d) {
            return LONG_DAY.format(d);
        }
        if (value instanceof LocalDateTime t) {
            return LONG_TIME.format(t);
        }
        if (value instanceof Number n) {
            return readable(new BigDecimal(n.toString()));
        }
        ZonedDateTime zoned = zoned(value);
        return zoned == null ? plain(value) : LONG_TIME.format(zoned);
    }

    private String readable(BigDecimal number) {
        if (number.signum() != 0 && number.abs().compareTo(BigDecimal.ONE) < 0) {
            return number.round(new MathContext(2, RoundingMode.HALF_UP))
                    .stripTrailingZeros()
                    .toPlainString();
        }
        return grouped.format(number);
    }
}
