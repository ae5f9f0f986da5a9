package serai.load.replicate.mariadb;

import com.github.shyiko.mysql.binlog.event.deserialization.ColumnType;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;

/**
 * A column of a table as the log describes it.
 *
 * @param type of the log
 * @param length in bytes, of BINARY and CHAR; 0 for others
 * @param unsigned whether its numbers are never negative
 * @param charset of its texts; null when it is binary, or has no texts
 * @param words of ENUM and SET; empty for others
 */
public record BinlogColumn(
        String name, ColumnType type, int length, boolean unsigned, MariaDbCharset charset, List<String> words) {

    /**
     * A value as PostgreSQL's text.
     *
     * @param value as {@link RowDecoder} gives it
     * @return null for NULL, and for dates that do not exist, such as {@code 0000-00-00}
     */
    public String text(Serializable value) {
        if (value == null) {
            return null;
        }
        return switch (type) {
            case TINY -> unsigned ? String.valueOf((Integer) value & 0xff) : value.toString();
            case SHORT -> unsigned ? String.valueOf((Integer) value & 0xffff) : value.toString();
            case INT24 -> unsigned ? String.valueOf((Integer) value & 0xffffff) : value.toString();
            case LONG -> unsigned ? Integer.toUnsignedString((Integer) value) : value.toString();
            case LONGLONG -> unsigned ? Long.toUnsignedString((Long) value) : value.toString();
            case FLOAT -> Numbers.text((Float) value);
            case DOUBLE -> Numbers.text((Double) value);
            case NEWDECIMAL -> ((BigDecimal) value).toPlainString();
            case ENUM -> word((Integer) value);
            case SET -> words((Long) value);
            case STRING, VAR_STRING, VARCHAR, TINY_BLOB, MEDIUM_BLOB, LONG_BLOB, BLOB, GEOMETRY ->
                charset == null ? Texts.bytes(padded((byte[]) value)) : charset.decode((byte[]) value);
            default -> value.toString();
        };
    }

    /** The log leaves out zeros at the end of BINARY. */
    private byte[] padded(byte[] value) {
        return type == ColumnType.STRING && value.length < length ? Arrays.copyOf(value, length) : value;
    }

    /** The number 0 is that of a value that was not in the list. */
    private String word(int number) {
        return number == 0 ? "" : words.get(number - 1);
    }

    private String words(long bits) {
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < words.size(); i++) {
            if ((bits >>> i & 1) == 1) {
                joined.append(joined.isEmpty() ? "" : ",").append(words.get(i));
            }
        }
        return joined.toString();
    }
}
