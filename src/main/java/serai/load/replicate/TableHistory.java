package serai.load.replicate;

import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import serai.load.CopyBuffer;
import serai.load.CopyStream;
import serai.load.RefusedRows;
import serai.load.ReportHeldException;
import serai.load.replicate.pgoutput.RowImage;
import serai.warehouse.Reject;
import serai.warehouse.Relation;
import serai.warehouse.Sql;
import serai.warehouse.Transaction;

/**
 * The versions of a table's rows: {@code app_history.TABLE}, with {@code valid_from}, {@code valid_to}, the operation,
 * and the place in the log. A version is closed by the next one of its key; a deletion is a version with NULLs.
 */
final class TableHistory {

    /** Columns that a version has beside those of the row. */
    private static final Set<String> OWN = Set.of("valid_from", "valid_to", "operation", "position", "seq");

    private static final String STAGED = "pg_temp.serai_versions";

    private final Transaction tx;
    private final ReplicatedTable table;
    private final Relation history;
    private final String target;

    TableHistory(Transaction tx, ReplicatedTable table) {
        this.tx = tx;
        this.table = table;
        this.history = relation(table);
        this.target = history.sql();
    }

    /** The table of the versions. */
    static Relation relation(ReplicatedTable table) {
        return new Relation(table.target().schema() + "_history", table.target().name());
    }

    private interface Each {
        String of(String column);
    }

    private String keys(Each each, String separator) {
        return table.plan().primaryKey().stream()
                .map(TableHistory::column)
                .map(each::of)
                .collect(Collectors.joining(separator));
    }

    private String columns(Each each) {
        return table.names().stream().map(TableHistory::column).map(each::of).collect(Collectors.joining(", "));
    }

    private static String column(String name) {
        return Relation.quote(name(name));
    }

    /** A column of the table in its history: those that are named like one of a version get an underscore. */
    static String name(String name) {
        return OWN.contains(name) ? name + "_" : name;
    }

    /** Columns of the table itself. */
    private String rows(Each each) {
        return table.names().stream().map(Relation::quote).map(each::of).collect(Collectors.joining(", "));
    }

    /** The key of a deleted row; the NULLs have the types of the columns. */
    private String deleted() {
        return columns(column -> isKey(column) ? "h." + column : "case when false then h." + column + " end");
    }

    private String same(String one, String other) {
        return keys(key -> one + "." + key + " = " + other + "." + key, " and ");
    }

    /**
     * Creates the table, or brings it to the source's shape. A column whose old values do not fit its new type becomes
     * a text.
     *
     * @return whether it was created
     */
    boolean prepare() throws SQLException {
        boolean created = tx.sql()
                .first("select to_regclass(?) is null as missing", row -> row.flag("missing"), target)
                .orElseThrow();
        TargetTable versions = TargetTable.ofHistory(tx, table, history);
        Savepoint before = tx.connection().setSavepoint();
        try {
            versions.prepare();
        } catch (SQLException e) {
            if (!TargetTable.UNFITTING.equals(e.getSQLState())) {
                throw e;
            }
            tx.connection().rollback(before);
            versions.prepareAsTexts();
        }
        return created;
    }

    /** Adds versions; rows that the database refuses become rejects. */
    void write(RowVersions versions, ChunkWriter.RowReader source) throws SQLException {
        write(versions, source, null);
    }

    /**
     * Adds the two versions of a row that got another key: the deletion, and the row at its new key, whose values that
     * were not sent are those at the old one.
     */
    void move(RowVersions versions) throws SQLException {
        write(versions, null, versions.key(0));
    }

    private void write(RowVersions versions, ChunkWriter.RowReader source, List<String> oldKey) throws SQLException {
        Map<List<String>, RowImage> present = present(versions, source);
        try {
            new RefusedRows(tx).write(new Part(versions, 0, versions.size(), present, oldKey));
        } catch (ReportHeldException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Rows as the source has them now, of which the log has only a part. */
    private Map<List<String>, RowImage> present(RowVersions versions, ChunkWriter.RowReader source)
            throws SQLException {
        List<List<String>> keys = IntStream.range(0, versions.size())
                .filter(version -> versions.event(version).incomplete())
                .mapToObj(versions::key)
                .distinct()
                .toList();
        Map<List<String>, RowImage> present = new HashMap<>();
        if (!keys.isEmpty()) {
            TableChanges rows = source.read(table, keys);
            for (int i = 0; i < rows.size(); i++) {
                if (rows.operation(i) == TableChanges.UPSERT) {
                    RowImage row = new RowImage();
                    rows.read(i, row);
                    present.put(rows.key(i), row);
                }
            }
        }
        return present;
    }

    /** Some of the versions. */
    private final class Part implements RefusedRows.Rows {

        private final RowVersions versions;
        private final int from;
        private final int to;
        private final Map<List<String>, RowImage> present;
        private final List<String> oldKey;

        Part(RowVersions versions, int from, int to, Map<List<String>, RowImage> present, List<String> oldKey) {
            this.versions = versions;
            this.from = from;
            this.to = to;
            this.present = present;
            this.oldKey = oldKey;
        }

        @Override
        public boolean areMany() {
            return to - from > 1;
        }

        @Override
        public void write() throws SQLException {
            stage(this);
            fill(oldKey);
            append();
        }

        @Override
        public List<RefusedRows.Rows> halves() {
            int middle = (from + to) / 2;
            return List.of(
                    new Part(versions, from, middle, present, oldKey), new Part(versions, middle, to, present, oldKey));
        }

        @Override
        public void reject(String column, String reason) {
            Map<String, Object> place = new LinkedHashMap<>();
            place.put("key", versions.key(from));
            place.put("lsn", versions.event(from).position());
            place.put("sequence", versions.event(from).sequence());
            place.put("column", column);
            RowImage row = new RowImage();
            versions.read(from, row);
            tx.reject(new Reject(
                    history, place, versions.key(from), ChunkWriter.payload(table, row), "A version " + reason));
        }
    }

    private void stage(Part part) throws SQLException {
        tx.sql()
                .execute("drop table if exists " + STAGED
                        + "; create temp table serai_versions on commit drop as select "
                        + "operation, null::varbit as serai_kept, valid_from, position, seq, "
                        + columns(column -> column) + " from " + target + " with no data");
        List<String> names = new ArrayList<>(List.of("operation", "serai_kept", "valid_from", "position", "seq"));
        table.names().forEach(name -> names.add(name(name)));
        CopyBuffer out = new CopyBuffer();
        RowImage row = new RowImage();
        try (CopyStream copy = new CopyStream(tx.verbs().copyIn(STAGED, names))) {
            for (int i = part.from; i < part.to; i++) {
                RowVersions.Event event = part.versions.event(i);
                part.versions.read(i, row);
                RowImage known = event.incomplete() ? part.present.get(part.versions.key(i)) : row;
                // a row that is gone since has a deletion further on in the log
                if (known != null) {
                    write(event, known, out);
                    copy.row(out.bytes(), 0, out.length());
                }
            }
            copy.end();
        }
    }

    private void write(RowVersions.Event event, RowImage row, CopyBuffer out) {
        out.startRow();
        out.writeAscii(event.operation());
        out.writeSeparator();
        StagedChanges.writeKept(row, row.hasUnchanged(), out);
        out.writeSeparator();
        out.writeAscii(event.committedAt().toString());
        out.writeSeparator();
        out.writeAscii(event.position());
        out.writeSeparator();
        out.writeAscii(String.valueOf(event.sequence()));
        out.writeSeparator();
        StagedChanges.writeValues(row, out);
    }

    /** Values that were not sent are those of the version before. */
    private void fill(List<String> oldKey) throws SQLException {
        boolean needed = tx.sql()
                .first("select 1 from " + STAGED + " where serai_kept is not null limit 1", row -> true)
                .isPresent();
        if (!needed) {
            return;
        }
        String old = oldKey == null
                ? same("h", "s")
                : IntStream.range(0, oldKey.size())
                        .mapToObj(i ->
                                "h." + column(table.plan().primaryKey().get(i)) + " = " + Sql.literal(oldKey.get(i)))
                        .collect(Collectors.joining(" and "));
        tx.sql().update(kept() + " and h.valid_to is null and h.operation not in ('delete', 'truncate') and " + old);
    }

    private String kept() {
        String values = IntStream.range(0, table.names().size())
                .filter(column -> !table.isKey(column))
                .mapToObj(column -> {
                    String name = column(table.names().get(column));
                    return name + " = case when get_bit(s.serai_kept, " + column + ") = 1 then h." + name + " else s."
                            + name + " end";
                })
                .collect(Collectors.joining(", "));
        return "update " + STAGED + " s set " + values + ", serai_kept = null from " + target
                + " h where s.serai_kept is not null";
    }

    /** Closes the open versions of the staged keys, and adds the staged ones. Commit times may run backwards. */
    private void append() throws SQLException {
        // a row that did not arrive, such as one that a filter leaves out
        tx.sql()
                .update("delete from " + STAGED + " s where operation = 'delete' and not exists (select from " + target
                        + " h where h.valid_to is null and h.operation not in ('delete', 'truncate') and "
                        + same("h", "s") + ") and not exists (select from " + STAGED
                        + " v where v.operation <> 'delete' and (v.position, v.seq) < (s.position, s.seq) and "
                        + same("v", "s") + ")");
        tx.sql()
                .update("update " + STAGED + " s set valid_from = n.valid_from from (select v.position, v.seq, "
                        + keys(key -> "v." + key, ", ")
                        + ", greatest(h.valid_from, max(v.valid_from) over (partition by "
                        + keys(key -> "v." + key, ", ")
                        + " order by v.position, v.seq)) as valid_from from " + STAGED + " v left join " + target
                        + " h on h.valid_to is null and " + same("h", "v")
                        + ") n where n.position = s.position and n.seq = s.seq and " + same("n", "s")
                        + " and n.valid_from is distinct from s.valid_from");
        tx.sql()
                .update("update " + target + " h set valid_to = n.valid_from from (select " + keys(key -> key, ", ")
                        + ", min(valid_from) as valid_from from " + STAGED + " group by " + keys(key -> key, ", ")
                        + ") n where h.valid_to is null and " + same("n", "h"));
        tx.sql()
                .update("insert into " + target + " (operation, valid_from, valid_to, position, seq, "
                        + columns(column -> column)
                        + ") select operation, valid_from, lead(valid_from) over (partition by "
                        + keys(key -> key, ", ") + " order by position, seq), position, seq, "
                        + columns(column -> column)
                        + " from " + STAGED);
    }

    /** All rows are gone. */
    void truncate(RowVersions.Event event) throws SQLException {
        staged(
                event.position(),
                event.sequence(),
                "'" + event.committedAt() + "'::timestamptz",
                List.of("select 'truncate', " + deleted() + " from " + target
                        + " h where valid_to is null and operation not in ('delete', 'truncate')"));
        append();
    }

    private boolean isKey(String quoted) {
        return table.plan().primaryKey().stream().map(TableHistory::column).anyMatch(quoted::equals);
    }

    /** @param selects each the operation and the columns of versions */
    private void staged(String position, long sequence, String time, List<String> selects) throws SQLException {
        tx.sql()
                .execute("drop table if exists " + STAGED
                        + "; create temp table serai_versions on commit drop as select "
                        + "operation, valid_from, position, seq, " + columns(column -> column) + " from " + target
                        + " with no data");
        for (String select : selects) {
            tx.sql()
                    .update("insert into " + STAGED + " (valid_from, position, seq, operation, "
                            + columns(column -> column) + ") select " + time + ", " + Sql.literal(position)
                            + "::pg_lsn, " + sequence + ", v.* from (" + select + ") v");
        }
    }

    /**
     * Adds versions where the table differs from the last ones: after a first copy, a reload, or when its history
     * begins.
     *
     * @param position up to where the table has all changes
     */
    void reconcile(String position) throws SQLException {
        String same = table.plan().primaryKey().stream()
                .map(key -> "h." + column(key) + " = t." + Relation.quote(key))
                .collect(Collectors.joining(" and "));
        String changed = "select case when h.operation is null then 'copy' else 'reload' end, "
                + rows(column -> "t." + column) + " from " + table.target().sql() + " t left join " + target
                + " h on h.valid_to is null and " + same
                + " where h.operation is null or h.operation in ('delete', 'truncate') or row("
                + rows(column -> "t." + column + "::text") + ") is distinct from row("
                + columns(column -> "h." + column + "::text") + ")";
        String gone = "select 'delete', " + deleted() + " from " + target
                + " h where h.valid_to is null and h.operation not in ('delete', 'truncate')"
                + " and not exists (select from " + table.target().sql() + " t where " + same + ")";
        staged(position, Long.MAX_VALUE, "clock_timestamp()", List.of(changed, gone));
        append();
    }
}
