package serai.load.replicate;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import serai.load.CopyBuffer;
import serai.load.CopyStream;
import serai.load.RefusedRows;
import serai.load.ReportHeldException;
import serai.load.replicate.mapping.Keyless;
import serai.load.replicate.pgoutput.RowImage;
import serai.warehouse.Reject;
import serai.warehouse.Relation;
import serai.warehouse.Sql;
import serai.warehouse.Transaction;
import serai.warehouse.WatchedRows;

/**
 * The table of the warehouse of a table without a key, in a transaction. Rows are the same when all of their values
 * have the same texts, and equal ones are counted. A copy is of one instant: changes before it are in it, those after
 * it are kept in a table beside until the copy is whole.
 */
final class KeylessTable {

    private static final String STAGED = "pg_temp.serai_counted";
    private static final String NET = "pg_temp.serai_net";
    private static final List<String> PLACE = List.of("serai_count", "serai_lsn");

    private final Transaction tx;
    private final TableStates states;
    private final ReplicatedTable table;
    private final Relation copy;
    private final Relation later;

    KeylessTable(Transaction tx, TableStates states, ReplicatedTable table) {
        this.tx = tx;
        this.states = states;
        this.table = table;
        this.copy = TableStates.shadow(table.target());
        this.later = TableStates.later(table.target());
    }

    /** The rows of a table as one value, in which NULLs are equal. */
    private String row(String from) {
        return "array[" + columns(column -> from + "." + column + "::text") + "]";
    }

    private String columns(UnaryOperator<String> each) {
        return table.names().stream().map(Relation::quote).map(each).collect(Collectors.joining(", "));
    }

    private String names() {
        return columns(column -> column);
    }

    /** It is copied from its beginning; what was kept of an earlier copy is void. */
    void forgetCopy() throws SQLException {
        CopyRanges.forget(tx, table);
        tx.sql().execute("drop table if exists " + copy.sql() + ", " + later.sql());
    }

    /** Begins a copy, before its instant. */
    void beginCopy() throws SQLException {
        forgetCopy();
        new TargetTable(tx, table, copy).prepare();
        tx.sql()
                .execute("create table " + later.sql() + " as select 0 as serai_count, null::pg_lsn as serai_lsn, "
                        + names() + " from " + copy.sql() + " with no data");
    }

    /** Begins to copy it anew; the table stays as it is until the copy is whole. */
    void reload(boolean gap) throws SQLException {
        forgetCopy();
        states.reload(tx.sql(), table, gap);
    }

    private boolean isThere(Relation relation) throws SQLException {
        return tx.sql()
                .first("select to_regclass(?) is not null as there", row -> row.flag("there"), relation.sql())
                .orElseThrow();
    }

    /** Brings all to another shape of the source; parameters are those of {@link ChunkWriter#reshape}. */
    void reshape(List<String> withDefault, boolean madeAnew) throws SQLException {
        List<String> added = new TargetTable(tx, table, table.target()).prepare();
        if (madeAnew || added.stream().anyMatch(withDefault::contains)) {
            copyAgain();
            return;
        }
        for (Relation relation : List.of(copy, later)) {
            if (isThere(relation)) {
                new TargetTable(tx, table, relation).prepare();
            }
        }
    }

    private void copyAgain() throws SQLException {
        states.reshaped();
        if (states.of(table.source()) == TableStates.State.COPYING) {
            forgetCopy();
        } else {
            reload(states.hasGap(table.source()));
        }
    }

    /** All rows went. */
    void truncate(String lsn) throws SQLException {
        if (states.isCopying(table.source())) {
            // a snapshot does not keep rows of a table that is truncated
            forgetCopy();
        } else if (states.isAfterCopy(table.source(), lsn)) {
            tx.sql().execute("truncate " + table.target().sql());
            WatchedRows.all(tx.sql(), table.target());
        }
    }

    /** Writes changes; rows that the database refuses become rejects. */
    void write(CountedRows rows, ChunkWriter.RefusedRow policy) throws SQLException {
        if (states.isCopying(table.source())) {
            if (isThere(later)) {
                copyIn(later.sql(), rows, 0, rows.size());
            }
            return;
        }
        try {
            new RefusedRows(tx).write(new Part(rows, policy, 0, rows.size()));
        } catch (ReportHeldException e) {
            throw new IllegalStateException(e);
        }
    }

    private void copyIn(String relation, CountedRows rows, int from, int to) throws SQLException {
        List<String> names = new ArrayList<>(PLACE);
        names.addAll(table.names());
        RowImage row = new RowImage();
        CopyBuffer out = new CopyBuffer();
        try (CopyStream stream = new CopyStream(tx.verbs().copyIn(relation, names))) {
            for (int i = from; i < to; i++) {
                rows.read(i, row);
                out.startRow();
                rows.writePlace(i, out);
                StagedChanges.writeValues(row, out);
                stream.row(out.bytes(), 0, out.length());
            }
            stream.end();
        }
    }

    private void stage(CountedRows rows, int from, int to) throws SQLException {
        tx.sql()
                .execute("drop table if exists " + STAGED + "; create temp table serai_counted on commit drop as"
                        + " select 0 as serai_count, null::pg_lsn as serai_lsn, " + names() + " from "
                        + table.target().sql() + " with no data");
        copyIn(STAGED, rows, from, to);
    }

    /** Applies what came and went after the copy. */
    private void apply(String staged, String copiedTo) throws SQLException {
        String after = copiedTo == null ? "" : " where s.serai_lsn >= " + Sql.literal(copiedTo) + "::pg_lsn";
        tx.sql()
                .execute("drop table if exists " + NET + "; create temp table serai_net on commit drop as"
                        + " select serai_row, sum(serai_count) as serai_count from (select " + row("s")
                        + " as serai_row, s.serai_count from " + staged + " s" + after
                        + ") s group by 1 having sum(serai_count) <> 0");
        String target = table.target().sql();
        boolean some = tx.sql()
                .first("select 1 from " + NET + " where serai_count < 0 limit 1", row -> true)
                .isPresent();
        if (some) {
            tx.sql()
                    .update("delete from " + target + " t using (select t.ctid as serai_place, n.serai_count,"
                            + " row_number() over (partition by n.serai_row) as number from " + target + " t join "
                            + NET + " n on n.serai_count < 0 and n.serai_row = " + row("t")
                            + ") g where t.ctid = g.serai_place and g.number <= -g.serai_count");
        }
        tx.sql()
                .update("insert into " + target + " (" + names() + ") select " + columns(column -> "s." + column)
                        + " from (select distinct on (serai_row) * from (select " + row("s")
                        + " as serai_row, s.* from "
                        + staged + " s where s.serai_count > 0) s) s join " + NET + " n on n.serai_row = s.serai_row"
                        + " cross join generate_series(1, n.serai_count)");
    }

    /** The staged rows have their old and new values themselves. */
    private void record() throws SQLException {
        String came = "(select * from " + STAGED + " where serai_count > 0) s";
        String went = "(select *, ctid from " + STAGED + " where serai_count < 0) t";
        WatchedRows.record(
                tx.sql(),
                table.target(),
                new WatchedRows.StagedRows(
                        came + " full join " + went + " on false",
                        "s.serai_count is null",
                        column -> table.names().contains(column) ? "s." + Relation.quote(column) : "null"));
    }

    /**
     * The copy is whole: what differs from it is written, and then what came and went since.
     *
     * @throws SQLException with a state of a table that does not fit, when the warehouse refuses a row
     */
    void settle(String copiedTo) throws SQLException {
        try {
            write(copiedTo);
        } catch (SQLException e) {
            if (!String.valueOf(e.getSQLState()).matches("(22|23|44|P0).*")) {
                throw e;
            }
            // the rows are written by one statement, and the server's message quotes one
            throw new SQLException(
                    "the warehouse refuses a row of its copy (SQL state " + e.getSQLState() + "). Remove what refuses"
                            + " it, such as a constraint, then reload it.",
                    TargetTable.UNFITTING);
        }
        WatchedRows.all(tx.sql(), table.target());
        forgetCopy();
        states.set(tx.sql(), table, TableStates.State.CATCHING_UP, copiedTo);
    }

    private void write(String copiedTo) throws SQLException {
        String target = table.target().sql();
        if (table.plan().keyless() == Keyless.FULL) {
            tx.sql()
                    .update("delete from " + target + " t using (" + surplus(table.target(), copy)
                            + ") x where t.ctid = x.serai_place");
        }
        tx.sql()
                .update("insert into " + target + " (" + names() + ") select " + columns(column -> "t." + column)
                        + " from " + copy.sql() + " t join (" + surplus(copy, table.target())
                        + ") x on t.ctid = x.serai_place");
        apply(later.sql(), copiedTo);
    }

    /** The places of rows of which a table has more than another one. */
    private String surplus(Relation relation, Relation other) {
        return "select t.ctid as serai_place from (select t.ctid, " + row("t") + " as serai_row, row_number() over"
                + " (partition by " + row("t") + ") as number from " + relation.sql() + " t) t left join (select "
                + row("o") + " as serai_row, count(*) as serai_count from " + other.sql()
                + " o group by 1) o on o.serai_row = t.serai_row where t.number > coalesce(o.serai_count, 0)";
    }

    /** Some of the rows. */
    private final class Part implements RefusedRows.Rows {

        private final CountedRows rows;
        private final ChunkWriter.RefusedRow policy;
        private final int from;
        private final int to;

        Part(CountedRows rows, ChunkWriter.RefusedRow policy, int from, int to) {
            this.rows = rows;
            this.policy = policy;
            this.from = from;
            this.to = to;
        }

        @Override
        public boolean areMany() {
            return to - from > 1;
        }

        @Override
        public void write() throws SQLException {
            if (!states.isParked(table.source())) {
                stage(rows, from, to);
                record();
                apply(STAGED, states.copiedTo(table.source()));
            }
        }

        @Override
        public List<RefusedRows.Rows> halves() {
            int middle = (from + to) / 2;
            return List.of(new Part(rows, policy, from, middle), new Part(rows, policy, middle, to));
        }

        @Override
        public void reject(String column, String reason) throws SQLException {
            String text = (column == null ? "The row " : "Column " + column + " ") + reason;
            if (policy == ChunkWriter.RefusedRow.STOP) {
                throw new SQLException("A row of " + table + " " + reason
                        + " Repair it at the source, or let rows be parked (refusedRow).");
            }
            if (policy == ChunkWriter.RefusedRow.PARK_TABLE) {
                states.park(tx.sql(), table.source(), table.target(), text);
                return;
            }
            Map<String, Object> place = new LinkedHashMap<>();
            place.put("lsn", rows.lsn(from));
            place.put("sequence", rows.sequence(from));
            place.put("column", column);
            RowImage row = new RowImage();
            rows.read(from, row);
            tx.reject(new Reject(
                    table.target(),
                    place,
                    List.of(rows.lsn(from), Long.toString(rows.sequence(from))),
                    ChunkWriter.payload(table, row),
                    reason));
        }
    }
}
