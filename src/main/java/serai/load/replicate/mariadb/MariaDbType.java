package serai.load.replicate.mariadb;

import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What becomes of a type of MariaDB.
 *
 * @param postgres the type in the warehouse
 * @param select an expression for a column, with %s for its name, whose text is what {@link BinlogColumn#text} gives
 *     for a value in the log, except for what {@link #text} changes
 */
public record MariaDbType(Kind kind, String postgres, String select) {

    /** How a value is read. */
    public enum Kind {
        TEXT,
        NUMBER,
        BYTES,
        FLOAT,
        DOUBLE,
        DATE,
        TIME,
        DATETIME,
        TIMESTAMP,
        BOOLEAN,
        UUID,
        INET
    }

    private static final Pattern DECLARED = Pattern.compile("(\\w+)(?:\\((.*)\\))?.*", Pattern.DOTALL);

    /**
     * The type of a column.
     *
     * @param type as {@code information_schema.columns.column_type} has it, such as {@code int(10) unsigned}
     * @param json whether the column only takes JSON
     */
    public static MariaDbType of(String type, boolean json) {
        Matcher declared = DECLARED.matcher(type.toLowerCase(Locale.ROOT));
        String word = declared.matches() ? declared.group(1) : type;
        String size = declared.matches() ? declared.group(2) : null;
        boolean unsigned = type.toLowerCase(Locale.ROOT).contains("unsigned") || type.contains("zerofill");
        return switch (word) {
            case "tinyint", "year" -> number("smallint");
            case "smallint" -> number(unsigned ? "integer" : "smallint");
            case "mediumint" -> number("integer");
            case "int", "integer" -> number(unsigned ? "bigint" : "integer");
            case "bigint" -> number(unsigned ? "numeric(20,0)" : "bigint");
            case "decimal" -> number("numeric(" + size.replace(" ", "") + ")");
            case "float" -> new MariaDbType(Kind.FLOAT, "real", "cast(%s as double)");
            case "double" -> new MariaDbType(Kind.DOUBLE, "double precision", "%s");
            case "bit" -> bits(size);
            case "date" -> new MariaDbType(Kind.DATE, "date", "cast(%s as char)");
            case "time" -> new MariaDbType(Kind.TIME, "interval", "cast(%s as char)");
            case "datetime" -> new MariaDbType(Kind.DATETIME, "timestamp without time zone", "cast(%s as char)");
            case "timestamp" -> new MariaDbType(Kind.TIMESTAMP, "timestamp with time zone", "cast(%s as char)");
            case "char", "varchar" -> new MariaDbType(Kind.TEXT, "character varying(" + size + ")", "%s");
            case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" ->
                new MariaDbType(Kind.BYTES, "bytea", "%s");
            case "geometry",
                    "point",
                    "linestring",
                    "polygon",
                    "multipoint",
                    "multilinestring",
                    "multipolygon",
                    "geometrycollection" -> new MariaDbType(Kind.BYTES, "bytea", "%s");
            case "uuid" -> new MariaDbType(Kind.UUID, "uuid", "hex(%s)");
            case "inet4", "inet6" -> new MariaDbType(Kind.INET, "inet", "hex(%s)");
            default -> new MariaDbType(Kind.TEXT, json ? "json" : "text", "%s");
        };
    }

    private static MariaDbType number(String postgres) {
        return new MariaDbType(Kind.NUMBER, postgres, "cast(%s as char)");
    }

    private static MariaDbType bits(String size) {
        int length = size == null ? 1 : Integer.parseInt(size);
        String digits = "lpad(bin(%s + 0), " + length + ", '0')";
        return length == 1
                ? new MariaDbType(Kind.BOOLEAN, "boolean", digits)
                : new MariaDbType(Kind.TEXT, "bit(" + length + ")", digits);
    }

    /**
     * The text of a value that was read by {@link #select}.
     *
     * @param value as the server writes it; of {@link Kind#BYTES} use {@link #bytes}
     */
    public String text(String value) {
        if (value == null) {
            return null;
        }
        return switch (kind) {
            // of YEAR and ZEROFILL
            case NUMBER -> value.replaceFirst("^0+(?=[0-9])", "");
            case FLOAT -> Numbers.text((float) Double.parseDouble(value));
            case DOUBLE -> Numbers.text(Double.parseDouble(value));
            case DATE -> Texts.exists(value) ? value : null;
            case TIME -> Texts.stripped(value);
            case DATETIME -> Texts.exists(value) ? Texts.stripped(value) : null;
            case TIMESTAMP -> Texts.exists(value) ? Texts.stripped(value) + "+00" : null;
            case BOOLEAN -> logged(value);
            case UUID, INET -> logged("\\x" + value);
            default -> value;
        };
    }

    /** The text of a value in the log, of which {@link BinlogColumn#text} knows less. */
    public String logged(String text) {
        if (text == null) {
            return null;
        }
        return switch (kind) {
            case BOOLEAN -> text.equals("1") ? "t" : "f";
            case UUID -> Texts.uuid(text.substring(2));
            case INET -> Texts.address(HexFormat.of().parseHex(text.substring(2)));
            default -> text;
        };
    }

    /** The text of a binary value. */
    public static String bytes(byte[] value) {
        return value == null ? null : Texts.bytes(value);
    }
}
