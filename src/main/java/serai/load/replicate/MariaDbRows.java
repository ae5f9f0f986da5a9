package serai.load.replicate;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import serai.load.replicate.mapping.SourceColumn;
import serai.load.replicate.mariadb.BinlogPosition;
import serai.load.replicate.mariadb.MariaDbType;
import serai.load.replicate.pgoutput.RowImage;

/** Reads rows of MariaDB, with the texts that {@link BinlogReader} makes of its log. */
final class MariaDbRows extends SourceRows {

    private static final int FETCH = 1_000;
    /** Types whose order in an index is not that of their texts. */
    private static final Set<String> UNORDERED = Set.of("text", "json", "real", "double precision");

    private final Connection source;

    MariaDbRows(Connection source) {
        this.source = source;
    }

    @Override
    String position() throws SQLException {
        return LogPosition.text(end(source));
    }

    /** The end of the log now. */
    static long end(Connection source) throws SQLException {
        long[] end = {0};
        new MariaDbCatalog(source)
                .query("show master status", row -> end[0] = BinlogPosition.of(row.getString(1), row.getLong(2)));
        if (end[0] == 0) {
            throw new SQLException("The source writes no binary log. Set log_bin there, and start it again.");
        }
        return end[0];
    }

    /** The server tells the stream itself where the end of its log is. */
    @Override
    void bringOn() {
        // nothing has to be written
    }

    @Override
    void each(ReplicatedTable table, KeyRange range, int most, RowWork work) throws SQLException {
        String rest = most == 0 ? "" : " order by " + key(table) + " limit " + most;
        each(table, condition(table, range) + rest, work);
    }

    @Override
    void each(ReplicatedTable table, Collection<List<String>> keys, RowWork work) throws SQLException {
        List<SourceColumn> columns = table.sourceKey();
        String values = keys.stream()
                .map(key -> {
                    List<String> literals = new ArrayList<>();
                    for (int i = 0; i < columns.size(); i++) {
                        literals.add(literal(columns.get(i), key.get(i)));
                    }
                    return "(" + String.join(", ", literals) + ")";
                })
                .collect(Collectors.joining(", "));
        each(table, "(" + key(table) + ") in (" + values + ")", work);
    }

    private void each(ReplicatedTable table, String condition, RowWork work) throws SQLException {
        List<SourceColumn> columns = table.source().columns();
        Set<Integer> needed = table.plan().reads();
        Map<String, MariaDbType> types = new MariaDbCatalog(source).types(table.source());
        List<String> selected = new ArrayList<>();
        List<MariaDbType> read = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            MariaDbType type = types.get(columns.get(i).name());
            boolean reads = needed.contains(i) && type != null;
            read.add(reads ? type : null);
            selected.add(reads ? type.select().formatted(quote(columns.get(i).name())) : "null");
        }
        String select = "select " + String.join(", ", selected) + " from " + sql(table) + " where " + condition;
        RowTexts texts = new RowTexts();
        RowImage image = new RowImage();
        try (Statement statement = source.createStatement()) {
            // rows are streamed
            statement.setFetchSize(FETCH);
            try (ResultSet rows = statement.executeQuery(select)) {
                while (rows.next()) {
                    texts.start();
                    for (int i = 0; i < read.size(); i++) {
                        texts.add(read.get(i) == null ? null : text(read.get(i), rows, i + 1));
                    }
                    work.with(texts.image(image));
                }
            }
        }
    }

    private static String text(MariaDbType type, ResultSet row, int column) throws SQLException {
        return type.kind() == MariaDbType.Kind.BYTES
                ? MariaDbType.bytes(row.getBytes(column))
                : type.text(row.getString(column));
    }

    @Override
    List<String> keyAt(ReplicatedTable table, KeyRange range, int rows) throws SQLException {
        if (table.sourceKey().stream().anyMatch(column -> UNORDERED.contains(column.type()))) {
            // one range
            return List.of();
        }
        List<String> key = new ArrayList<>();
        Map<String, MariaDbType> types = new MariaDbCatalog(source).types(table.source());
        String selected = table.sourceKey().stream()
                .map(column -> types.get(column.name()).select().formatted(quote(column.name())))
                .collect(Collectors.joining(", "));
        new MariaDbCatalog(source)
                .query(
                        "select " + selected + " from " + sql(table) + " where "
                                + condition(table, range) + " order by " + key(table)
                                + " limit 1 offset " + (rows - 1),
                        row -> {
                            for (int i = 0; i < table.sourceKey().size(); i++) {
                                MariaDbType type =
                                        types.get(table.sourceKey().get(i).name());
                                key.add(text(type, row, i + 1));
                            }
                        });
        return key;
    }

    private static String key(ReplicatedTable table) {
        return table.sourceKey().stream().map(column -> quote(column.name())).collect(Collectors.joining(", "));
    }

    /** Written so that the first column's index is used, which MariaDB does not do when it compares rows. */
    private static String condition(ReplicatedTable table, KeyRange range) {
        List<String> conditions = new ArrayList<>();
        if (!range.after().isEmpty()) {
            conditions.add(beyond(table.sourceKey(), range.after(), ">", false));
        }
        if (!range.upTo().isEmpty()) {
            conditions.add(beyond(table.sourceKey(), range.upTo(), "<", true));
        }
        return conditions.isEmpty() ? "true" : String.join(" and ", conditions);
    }

    private static String beyond(List<SourceColumn> columns, List<String> key, String than, boolean equal) {
        String column = quote(columns.get(0).name());
        String value = literal(columns.get(0), key.get(0));
        if (columns.size() == 1) {
            return column + " " + than + (equal ? "= " : " ") + value;
        }
        String rest = beyond(columns.subList(1, columns.size()), key.subList(1, key.size()), than, equal);
        return "(" + column + " " + than + "= " + value + " and (" + column + " " + than + " " + value + " or " + rest
                + "))";
    }

    /** A value of a key in a statement; as a text, a number would be compared as one that is not exact. */
    private static String literal(SourceColumn column, String text) {
        String type = column.type().replaceAll("\\(.*", "");
        return switch (type) {
            case "smallint", "integer", "bigint", "numeric" -> number(text);
            case "boolean" -> text.equals("t") ? "b'1'" : "b'0'";
            case "bit" -> "b'" + text + "'";
            case "bytea" -> "x'" + text.substring(2) + "'";
            case "timestamp with time zone" -> literal(text.replaceAll("\\+00$", ""));
            default -> literal(text);
        };
    }

    private static String number(String text) {
        if (!text.matches("-?[0-9.]+")) {
            throw new IllegalArgumentException("not a number");
        }
        return text;
    }

    /** A text in a statement, whatever the server takes for an escape. */
    static String literal(String text) {
        return "_utf8mb4 x'" + HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8)) + "'";
    }

    static String quote(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    private static String sql(ReplicatedTable table) {
        return quote(table.source().schema()) + "." + quote(table.source().name());
    }
}
