package serai.load.replicate.mariadb;

import com.github.shyiko.mysql.binlog.event.TableMapEventData;
import com.github.shyiko.mysql.binlog.event.TableMapEventMetadata;
import com.github.shyiko.mysql.binlog.event.deserialization.ColumnType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table as the log describes it, in the shape that it had when its rows were written.
 *
 * @param id its number in the log
 * @param database its schema
 * @param unreadable why its rows cannot be read; null when they can
 */
public record BinlogTable(long id, String database, String name, List<BinlogColumn> columns, String unreadable) {

    private static final int BINARY = 63;

    /**
     * Reads what the log says of a table.
     *
     * @param charsets names of the server's character sets by the numbers of their collations
     * @throws BinlogException when the log does not name columns
     */
    static BinlogTable of(TableMapEventData map, Map<Integer, String> charsets) throws BinlogException {
        TableMapEventMetadata metadata = map.getEventMetadata();
        if (metadata == null || metadata.getColumnNames() == null) {
            throw new BinlogException(
                    "The log does not name columns. Run at the source: set global" + " binlog_row_metadata = 'FULL';");
        }
        return new Reader(map, metadata, charsets).read();
    }

    /** Reads the columns of a table. */
    private static final class Reader {

        private final TableMapEventData map;
        private final TableMapEventMetadata metadata;
        private final Map<Integer, String> charsets;
        private final Iterator<String[]> enums;
        private final Iterator<String[]> sets;
        private final Map<Integer, Integer> collations = new HashMap<>();
        private String unreadable;
        private int texts;

        Reader(TableMapEventData map, TableMapEventMetadata metadata, Map<Integer, String> charsets) {
            this.map = map;
            this.metadata = metadata;
            this.charsets = charsets;
            this.enums = iterator(metadata.getEnumStrValues());
            this.sets = iterator(metadata.getSetStrValues());
            if (metadata.getDefaultCharset() != null
                    && metadata.getDefaultCharset().getCharsetCollations() != null) {
                collations.putAll(metadata.getDefaultCharset().getCharsetCollations());
            }
        }

        private static Iterator<String[]> iterator(List<String[]> values) {
            return (values == null ? List.<String[]>of() : values).iterator();
        }

        BinlogTable read() {
            List<BinlogColumn> columns = new ArrayList<>();
            byte[] types = map.getColumnTypes();
            for (int i = 0; i < types.length; i++) {
                columns.add(column(metadata.getColumnNames().get(i), types[i] & 0xff, map.getColumnMetadata()[i], i));
            }
            return new BinlogTable(
                    map.getTableId(), map.getDatabase(), map.getTable(), List.copyOf(columns), unreadable);
        }

        private BinlogColumn column(String name, int code, int meta, int place) {
            ColumnType type = ColumnType.byCode(code);
            if (type == null) {
                unreadable = "the log has its column " + name + " in a form that is not known here (type " + code
                        + "; is it COMPRESSED?)";
                return new BinlogColumn(name, ColumnType.NULL, 0, false, null, List.of());
            }
            int length = 0;
            if (type == ColumnType.STRING) {
                int real = meta >> 8;
                if (real == ColumnType.ENUM.getCode() || real == ColumnType.SET.getCode()) {
                    type = ColumnType.byCode(real);
                } else {
                    length = (meta >> 4 & 0x300 ^ 0x300) + (meta & 0xff);
                }
            }
            boolean unsigned =
                    metadata.getSignedness() != null && metadata.getSignedness().get(place);
            return new BinlogColumn(name, type, length, unsigned, charset(name, type), words(name, type));
        }

        private List<String> words(String name, ColumnType type) {
            Iterator<String[]> all = type == ColumnType.ENUM ? enums : sets;
            List<String> words = type == ColumnType.ENUM || type == ColumnType.SET ? List.of(all.next()) : List.of();
            if (words.stream().anyMatch(word -> word.indexOf('\ufffd') >= 0)) {
                unreadable = "the words of its column " + name + " are not in UTF-8; change its character set to"
                        + " utf8mb4";
            }
            return words;
        }

        private MariaDbCharset charset(String name, ColumnType type) {
            boolean isText = switch (type) {
                case STRING, VAR_STRING, VARCHAR, TINY_BLOB, MEDIUM_BLOB, LONG_BLOB, BLOB -> true;
                default -> false;
            };
            if (!isText) {
                return null;
            }
            int collation = collation(texts++);
            if (collation == BINARY) {
                return null;
            }
            Optional<MariaDbCharset> charset =
                    Optional.ofNullable(charsets.get(collation)).flatMap(MariaDbCharset::of);
            if (charset.isEmpty()) {
                unreadable = "the character set of its column " + name + " is not known here ("
                        + charsets.getOrDefault(collation, "collation " + collation) + ")";
            }
            return charset.orElse(null);
        }

        private int collation(int text) {
            if (metadata.getColumnCharsets() != null) {
                return metadata.getColumnCharsets().get(text);
            }
            return metadata.getDefaultCharset() == null
                    ? BINARY
                    : collations.getOrDefault(text, metadata.getDefaultCharset().getDefaultCharsetCollation());
        }
    }

    @Override
    public String toString() {
        return database + "." + name;
    }
}
