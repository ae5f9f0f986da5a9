package serai.load;

import java.time.ZoneId;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Checks the fields of a column by the rules of its PostgreSQL type, and writes them for COPY. A value that PostgreSQL
 * takes is accepted as the same value. What is certainly wrong is refused here, with a reason; what a format does not
 * know is left to the server, where it costs more when it is wrong: docs/reference/postgresql.md, "Types".
 */
@FunctionalInterface
interface FieldFormat {

    /** A UUID: hexadecimal digits with a hyphen after any four of them, or none, perhaps in braces. */
    Pattern UUID = Pattern.compile("(?i)([0-9a-f]{4}-?){7}[0-9a-f]{4}|\\{([0-9a-f]{4}-?){7}[0-9a-f]{4}\\}");

    /** Spaces that the server ignores. */
    Pattern SPACES_AROUND = Pattern.compile("^[ \\t\\n\\x0B\\f\\r]+|[ \\t\\n\\x0B\\f\\r]+$");

    /**
     * Writes a field. For millions of rows: a usual value must cost no object.
     *
     * @return null, or why the value does not fit, in a phrase without the value
     */
    String write(char[] chars, int from, int to, CopyBuffer out);

    /**
     * The format of a column.
     *
     * @param type {@code pg_type.typname}
     * @param length {@code pg_attribute.attlen}, bytes of a value
     * @param modifier {@code pg_attribute.atttypmod}, -1 when the type is not limited
     * @param zone of times that come without an offset
     * @param keepsDay whether the day of a time decides to which window its row belongs; see {@link TimeFormat}
     */
    static FieldFormat of(String type, int length, int modifier, ZoneId zone, boolean keepsDay) {
        return switch (type) {
            case "int2", "int4", "int8" -> new IntegerFormat(length);
            case "numeric" -> NumericFormat.of(modifier);
            case "float4", "float8" -> new FloatFormat(length);
            case "bool" -> FieldFormat::writeBoolean;
            case "date" -> new TimeFormat(TimeFormat.Type.DATE, modifier, zone, keepsDay);
            case "timestamp" -> new TimeFormat(TimeFormat.Type.TIMESTAMP, modifier, zone, keepsDay);
            case "timestamptz" -> new TimeFormat(TimeFormat.Type.TIMESTAMPTZ, modifier, zone, keepsDay);
            case "text", "varchar", "bpchar" -> new TextFormat(modifier);
            case "uuid" -> FieldFormat::writeUuid;
            case "json" -> new JsonFormat(false);
            case "jsonb" -> new JsonFormat(true);
            default -> new ServerFormat();
        };
    }

    private static String writeBoolean(char[] chars, int from, int to, CopyBuffer out) {
        if (to - from == 4
                && chars[from] == 't'
                && chars[from + 1] == 'r'
                && chars[from + 2] == 'u'
                && chars[from + 3] == 'e') {
            out.writeAscii("t");
            return null;
        }
        String text = SPACES_AROUND.matcher(new String(chars, from, to - from)).replaceAll("");
        switch (text.toLowerCase(Locale.ROOT)) {
            case "t", "tr", "tru", "true", "y", "ye", "yes", "on", "1" -> out.writeAscii("t");
            case "f", "fa", "fal", "fals", "false", "n", "no", "of", "off", "0" -> out.writeAscii("f");
            default -> {
                return "is neither true nor false";
            }
        }
        return null;
    }

    private static String writeUuid(char[] chars, int from, int to, CopyBuffer out) {
        String text = new String(chars, from, to - from);
        if (!UUID.matcher(text).matches()) {
            return "is not a UUID";
        }
        out.writeAscii(text);
        return null;
    }
}
