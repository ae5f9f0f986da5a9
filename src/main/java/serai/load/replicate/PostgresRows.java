package serai.load.replicate;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import serai.load.replicate.mapping.SourceColumn;
import serai.warehouse.Relation;
import serai.warehouse.Sql;

/** Reads rows of PostgreSQL. Their texts are those of COPY, since a cast may give others. */
final class PostgresRows extends SourceRows {

    private final Connection source;

    PostgresRows(Connection source) {
        this.source = source;
    }

    @Override
    String position() throws SQLException {
        return Sql.on(source)
                .first("select pg_current_wal_insert_lsn()::text as lsn", row -> row.text("lsn"))
                .orElseThrow();
    }

    @Override
    void bringOn() throws SQLException {
        emitMessage(source);
    }

    /** Writes a message into the log that changes nothing. */
    static void emitMessage(Connection source) throws SQLException {
        Sql.on(source).list("select pg_logical_emit_message(true, 'serai', '')::text as lsn", row -> row.text("lsn"));
    }

    @Override
    void each(ReplicatedTable table, KeyRange range, int most, RowWork work) throws SQLException {
        String rest = most == 0 ? "" : " order by " + key(table) + " limit " + most;
        each(table, condition(table, range) + rest, work);
    }

    @Override
    void each(ReplicatedTable table, Collection<List<String>> keys, RowWork work) throws SQLException {
        each(table, "(" + key(table) + ") in (" + values(keys) + ")", work);
    }

    /** @param condition in SQL */
    void each(ReplicatedTable table, String condition, RowWork work) throws SQLException {
        List<SourceColumn> columns = table.source().columns();
        Set<Integer> needed = table.plan().reads();
        String selected = IntStream.range(0, columns.size())
                .mapToObj(
                        i -> needed.contains(i) ? Relation.quote(columns.get(i).name()) : "null")
                .collect(Collectors.joining(", "));
        copyOut(source, "select " + selected + " from " + table.source().from() + " where " + condition, work);
    }

    @Override
    boolean lines(ReplicatedTable table, KeyRange range, LineWork work) throws SQLException {
        String columns = table.plan().columns().stream()
                .map(column -> Relation.quote(
                        table.source().columns().get(column.source()).name()))
                .collect(Collectors.joining(", "));
        lines(
                source,
                "select " + columns + " from " + table.source().from() + " where " + condition(table, range),
                work);
        return true;
    }

    @Override
    List<String> keyAt(ReplicatedTable table, KeyRange range, int rows) throws SQLException {
        return Sql.on(source)
                .first(
                        "select array[" + String.join("::text, ", names(table)) + "::text] as key from "
                                + table.source().from() + " where "
                                + condition(table, range) + " order by " + key(table)
                                + " offset " + (rows - 1) + " limit 1",
                        row -> row.texts("key"))
                .orElse(List.of());
    }

    /** The key's columns at the source, for statements. */
    private static List<String> names(ReplicatedTable table) {
        return table.sourceKey().stream()
                .map(column -> Relation.quote(column.name()))
                .toList();
    }

    private static String key(ReplicatedTable table) {
        return String.join(", ", names(table));
    }

    private static String condition(ReplicatedTable table, KeyRange range) {
        String key = "(" + key(table) + ")";
        List<String> conditions = new ArrayList<>();
        if (!range.after().isEmpty()) {
            conditions.add(key + " > " + values(List.of(range.after())));
        }
        if (!range.upTo().isEmpty()) {
            conditions.add(key + " <= " + values(List.of(range.upTo())));
        }
        return conditions.isEmpty() ? "true" : String.join(" and ", conditions);
    }

    /** Keys as a list of rows in SQL. */
    static String values(Collection<List<String>> keys) {
        return keys.stream()
                .map(key -> key.stream().map(Sql::literal).collect(Collectors.joining(", ", "(", ")")))
                .collect(Collectors.joining(", "));
    }

    /** Reads rows by COPY. */
    static void copyOut(Connection connection, String select, RowWork work) throws SQLException {
        CopiedLine reader = new CopiedLine();
        lines(connection, select, line -> work.with(reader.read(line)));
    }

    /** Reads lines by COPY. */
    static void lines(Connection connection, String select, LineWork work) throws SQLException {
        CopyOut from = connection.unwrap(PGConnection.class).getCopyAPI().copyOut("copy (" + select + ") to stdout");
        try {
            for (byte[] line = from.readFromCopy(); line != null; line = from.readFromCopy()) {
                work.with(line);
            }
        } finally {
            if (from.isActive()) {
                from.cancelCopy();
            }
        }
    }
}
