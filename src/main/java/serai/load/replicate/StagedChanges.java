package serai.load.replicate;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import serai.load.CopyBuffer;
import serai.load.CopyStream;
import serai.load.replicate.pgoutput.RowImage;
import serai.warehouse.Relation;
import serai.warehouse.Transaction;
import serai.warehouse.WatchedRows;

/**
 * Brings changes of one table into it by a temporary table, in a transaction: deletes, updates in which some values
 * stay as they are, and inserts or updates of whole rows.
 */
final class StagedChanges {

    /** A batch finds its rows by the key; what it touches is in memory. Else the planner would read the whole table. */
    static final String PROBES = "set local random_page_cost = 1.1";

    private static final String STAGED = "pg_temp.serai_changes";

    private final Transaction tx;
    private final ReplicatedTable table;
    private final Relation relation;
    private final String target;
    private final String sameKey;
    /** How many rows of each kind are staged. */
    private int deletes;

    private int partial;
    private int whole;

    /** @param relation the table of the warehouse, or the one in which it is copied anew */
    StagedChanges(Transaction tx, ReplicatedTable table, Relation relation) {
        this.tx = tx;
        this.table = table;
        this.relation = relation;
        this.target = relation.sql();
        this.sameKey = keys(key -> "t." + key + " = s." + key, " and ");
    }

    private interface Each {
        String of(String column);
    }

    private String keys(Each each, String separator) {
        return table.plan().primaryKey().stream()
                .map(Relation::quote)
                .map(each::of)
                .collect(Collectors.joining(separator));
    }

    private String columns(Each each) {
        return table.names().stream().map(Relation::quote).map(each::of).collect(Collectors.joining(", "));
    }

    /**
     * Writes rows that the server either takes all or refuses.
     *
     * @return the keys of rows that have to be read again at the source
     */
    List<List<String>> write(TableChanges changes, int from, int to) throws SQLException {
        List<List<String>> again = new ArrayList<>();
        create();
        stage(changes, from, to, again);
        WatchedRows.record(
                tx.sql(),
                relation,
                new WatchedRows.StagedRows(
                        STAGED + " s left join " + target + " t on " + sameKey, "s.serai_op = 'd'", this::after));
        if (deletes > 0) {
            tx.sql().update(deletion());
        }
        if (partial > 0) {
            tx.sql()
                    .update("update " + target + " t set " + assignments(false) + " from " + STAGED
                            + " s where s.serai_kept is not null and " + sameKey);
            again.addAll(unknown());
        }
        if (whole > 0) {
            // an update that joins would be left to the planner, which knows nothing of the staged rows
            tx.sql().update(upsert());
        }
        return again;
    }

    /** A column's value after the write. */
    private String after(String column) {
        int place = table.names().indexOf(column);
        String name = Relation.quote(column);
        // a column that the source has no more keeps its value
        return place < 0 ? "t." + name : partial > 0 ? kept(place, name) : "s." + name;
    }

    private String others(Each each) {
        return IntStream.range(0, table.names().size())
                .filter(column -> !table.isKey(column))
                .mapToObj(column -> each.of(Relation.quote(table.names().get(column))))
                .collect(Collectors.joining(", "));
    }

    private String deletion() {
        return "delete from " + target + " t using " + STAGED + " s where s.serai_op = 'd' and " + sameKey;
    }

    private String upsert() {
        String names = columns(column -> column);
        String others = others(column -> column + " = excluded." + column);
        return "insert into " + target + " (" + names + ") select " + names + " from " + STAGED
                + " s where s.serai_op = 'u' and s.serai_kept is null"
                + " on conflict (" + keys(key -> key, ", ") + ") do "
                + (others.isEmpty() ? "nothing" : "update set " + others);
    }

    /** Values that were not sent stay as they are. */
    private String assignments(boolean withKey) {
        return IntStream.range(0, table.names().size())
                .filter(column -> withKey || !table.isKey(column))
                .mapToObj(column -> {
                    String name = Relation.quote(table.names().get(column));
                    return name + " = " + kept(column, name);
                })
                .collect(Collectors.joining(", "));
    }

    private static String kept(int column, String name) {
        return "case when get_bit(s.serai_kept, " + column + ") = 1 then t." + name + " else s." + name + " end";
    }

    /** Rows of which a part was sent, and whose other part the table does not have, or has from before a reject. */
    private List<List<String>> unknown() throws SQLException {
        return tx.sql()
                .list(
                        "select array[" + keys(key -> "s." + key + "::text", ", ") + "] as key from " + STAGED
                                + " s where s.serai_op = 'u' and s.serai_kept is not null and (not exists (select from "
                                + target
                                + " t where " + sameKey + ") or exists (select from meta.rejects r where r.source = ?"
                                + " and r.target = ? and r.resolved_at is null and r.locator -> 'key' = to_jsonb(array["
                                + keys(key -> "s." + key + "::text", ", ") + "])))",
                        row -> row.texts("key"),
                        tx.source(),
                        table.target().toString());
    }

    /** Rejects of these rows are settled: the table has the rows as the source has them. */
    void resolveRejects() throws SQLException {
        boolean some = tx.sql()
                .first(
                        "select 1 from meta.rejects where source = ? and target = ? and resolved_at is null limit 1",
                        row -> true,
                        tx.source(),
                        table.target().toString())
                .isPresent();
        if (!some) {
            return;
        }
        tx.sql()
                .update(
                        "update meta.rejects r set resolved_at = clock_timestamp() from " + STAGED
                                + " s where r.source = ? and r.target = ? and r.resolved_at is null"
                                + " and (s.serai_kept is null or s.serai_op = 'k')"
                                + " and r.locator -> 'key' = to_jsonb(array["
                                + keys(key -> "s." + key + "::text", ", ") + "])",
                        tx.source(),
                        table.target().toString());
    }

    /**
     * Moves a row to another key, with the values that were not sent.
     *
     * @param old the row at its old key, deleted
     * @param moved the row at its new key
     * @return false when there is no such row
     */
    boolean move(TableChanges old, TableChanges moved) throws SQLException {
        create();
        stage(old, 0, 1, new ArrayList<>());
        stage(moved, 0, 1, new ArrayList<>());
        WatchedRows watched = WatchedRows.before(
                tx.sql(), relation, "", "exists (select from " + STAGED + " s where " + sameKey + ")");
        long rows = tx.sql()
                .update("update " + target + " t set " + assignments(true) + " from " + STAGED + " s, " + STAGED
                        + " o where s.serai_op = 'u' and o.serai_op = 'd' and "
                        + keys(key -> "t." + key + " = o." + key, " and "));
        watched.record();
        return rows > 0;
    }

    private void create() throws SQLException {
        deletes = 0;
        partial = 0;
        whole = 0;
        tx.sql()
                .execute("drop table if exists " + STAGED + "; create temp table serai_changes on commit drop as"
                        + " select 'd'::\"char\" as serai_op, null::varbit as serai_kept, "
                        + columns(column -> column) + " from " + target + " with no data");
    }

    private void stage(TableChanges changes, int from, int to, List<List<String>> again) throws SQLException {
        List<String> names = new ArrayList<>(List.of("serai_op", "serai_kept"));
        names.addAll(table.names());
        RowImage row = new RowImage();
        CopyBuffer out = new CopyBuffer();
        try (CopyStream copy = new CopyStream(tx.verbs().copyIn(STAGED, names))) {
            for (int i = from; i < to; i++) {
                if (changes.operation(i) == TableChanges.REREAD) {
                    again.add(changes.key(i));
                } else {
                    changes.read(i, row);
                    write(changes.operation(i), row, out);
                    copy.row(out.bytes(), 0, out.length());
                }
            }
            copy.end();
        }
    }

    private void write(byte operation, RowImage row, CopyBuffer out) {
        out.startRow();
        out.writeAscii(String.valueOf((char) operation));
        out.writeSeparator();
        boolean isPart = row.hasUnchanged() || operation == TableChanges.KEEP;
        if (operation == TableChanges.DELETE) {
            deletes++;
        } else if (isPart) {
            partial++;
        } else {
            whole++;
        }
        writeKept(row, isPart, out);
        out.writeSeparator();
        writeValues(row, out);
    }

    /** Which values were not sent, as bits by column; NULL for a whole row. */
    static void writeKept(RowImage row, boolean isPart, CopyBuffer out) {
        if (!isPart) {
            out.writeNull();
            return;
        }
        for (int column = 0; column < row.size(); column++) {
            out.writeAscii(row.kind(column) == RowImage.UNCHANGED ? "1" : "0");
        }
    }

    /** Adds a row's values to a line of COPY; one that was not sent is NULL. */
    static void writeValues(RowImage row, CopyBuffer out) {
        for (int column = 0; column < row.size(); column++) {
            if (column > 0) {
                out.writeSeparator();
            }
            if (row.kind(column) == RowImage.TEXT) {
                out.writeBytes(row.bytes(), row.offset(column), row.length(column));
            } else {
                out.writeNull();
            }
        }
    }
}
