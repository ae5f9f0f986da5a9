package serai.load.replicate;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import serai.load.replicate.mapping.PlannedColumn;
import serai.load.replicate.mapping.SourceRow.Operation;
import serai.load.replicate.pgoutput.RowImage;
import serai.warehouse.Relation;
import serai.warehouse.Sql;

/**
 * Compares a table with its source, row by row, through the mapping: source rows are masked here and compared by hashes
 * with those of the warehouse. A row counts as different only if it is, while the source's row stood still and all its
 * changes were applied.
 */
final class Validation {

    private static final int ROWS = 2_000;
    private static final int MOST_FAILURES = 1_000;
    private static final int ROUNDS = 20;
    /** How often a row must be found different. */
    private static final int TIMES = 3;

    /** How often a query is tried that waits in vain for a table that the application has locked. */
    private static final int PATIENCE = 20;

    private static final Duration LONGEST_LAG = Duration.ofMinutes(5);

    private final String task;
    private final ReplicatedTable table;
    private final SourceDatabase database;
    private final SourceRows source;
    private final Connection target;
    private final int rowsPerSecond;
    private long compared;
    private long failures;

    /**
     * @param source for queries, in auto-commit
     * @param target for queries, in auto-commit
     */
    Validation(ReplicationPlan plan, ReplicatedTable table, Connection source, Connection target) {
        this.task = plan.source();
        this.table = table;
        this.database = plan.database();
        this.source = database.rows(source);
        this.target = target;
        this.rowsPerSecond = plan.validateRate();
    }

    /** Rows by key: of each column the hash of its text, or null. */
    private static final class Rows extends LinkedHashMap<List<String>, List<String>> {
        private static final long serialVersionUID = 1L;
    }

    long compared() {
        return compared;
    }

    long failures() {
        return failures;
    }

    /**
     * Compares the whole table. Differences are in {@code meta.validation_failures}.
     *
     * @throws SQLException also when the table cannot be compared
     */
    void run() throws SQLException, InterruptedException {
        if (table.isKeyless()) {
            throw new SQLException("it has no key, so that rows cannot be compared one by one; reload it instead");
        }
        if (!table.canBeReadAgain()) {
            throw new SQLException("its key is masked, so that rows cannot be found at the source");
        }
        Sql.on(target)
                .update(
                        "delete from meta.validation_failures where task_name = ? and table_owner = ?"
                                + " and table_name = ?",
                        task,
                        table.source().schema(),
                        table.source().name());
        long matched = compareSource();
        long present = Sql.on(target)
                .first("select count(*) as rows from " + table.target().sql(), row -> row.number("rows"))
                .orElseThrow();
        if (present != matched) {
            compareTarget();
        }
    }

    /** @return how many rows of the source the warehouse has */
    private long compareSource() throws SQLException, InterruptedException {
        long matched = 0;
        List<String> after = List.of();
        while (true) {
            long began = System.nanoTime();
            Rows rows = new Rows();
            List<String> from = after;
            List<String> last = patiently(() -> page(from, rows));
            Rows there = target(rows.keySet());
            Set<List<String>> suspects = new HashSet<>(rows.keySet());
            rows.forEach((key, row) -> {
                if (differing(row, there.get(key)).isEmpty() && there.containsKey(key)) {
                    suspects.remove(key);
                }
            });
            confirm(suspects);
            compared += rows.size();
            matched += there.size();
            if (last.isEmpty()) {
                return matched;
            }
            after = last;
            long least = rows.size() * 1_000_000_000L / rowsPerSecond - (System.nanoTime() - began);
            TimeUnit.NANOSECONDS.sleep(least);
        }
    }

    /** @return the key at the source after which the next page begins; empty at the end */
    private List<String> page(List<String> after, Rows rows) throws SQLException {
        List<List<String>> read = new ArrayList<>();
        RowImage projected = new RowImage();
        rows.clear();
        source.each(table, new SourceRows.KeyRange(after, List.of()), ROWS, row -> {
            read.add(table.sourceKeyOf(row));
            ReplicatedTable.ImageRow image =
                    new ReplicatedTable.ImageRow(row, Operation.UPDATE, Instant.now(), "0/0", 0);
            if (table.plan().selects(image)) {
                table.project(image, false, projected);
                rows.put(keyOf(projected), hashes(projected));
            }
        });
        return read.size() < ROWS ? List.of() : read.get(read.size() - 1);
    }

    private interface Query<T> {
        T run() throws SQLException;
    }

    private <T> T patiently(Query<T> query) throws SQLException {
        for (int attempt = 1; true; attempt++) {
            try {
                return query.run();
            } catch (SQLException e) {
                if (!database.isCanceled(e)
                        || attempt == PATIENCE
                        || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
            }
        }
    }

    private List<String> keyOf(RowImage row) {
        List<String> key = new ArrayList<>();
        for (int column : table.key()) {
            key.add(row.text(column));
        }
        return key;
    }

    private List<String> hashes(RowImage row) {
        List<String> hashes = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            String text = row.text(i);
            hashes.add(text == null ? null : hash(table.plan().columns().get(i), text));
        }
        return hashes;
    }

    /**
     * Values that are other ones at each write, or that the warehouse has in another type, are only known to be there.
     */
    private static String hash(PlannedColumn column, String text) {
        return column.isRepeatable() ? DigestUtils.md5Hex(text.getBytes(StandardCharsets.UTF_8)) : "";
    }

    private Rows target(Set<List<String>> keys) throws SQLException {
        Rows rows = new Rows();
        if (!keys.isEmpty()) {
            String key = table.plan().primaryKey().stream().map(Relation::quote).collect(Collectors.joining(", "));
            String names = table.names().stream().map(Relation::quote).collect(Collectors.joining(", "));
            read(
                    "select " + names + " from " + table.target().sql() + " where (" + key + ") in ("
                            + PostgresRows.values(keys) + ")",
                    row -> rows.put(keyOf(row), hashes(row)));
        }
        return rows;
    }

    /** Reads in the warehouse, with the formats of the source. */
    private void read(String select, SourceRows.RowWork work) throws SQLException {
        target.setAutoCommit(false);
        try {
            Sql.on(target).execute(PostgresDatabase.localTextFormats());
            PostgresRows.copyOut(target, select, work);
            target.commit();
        } finally {
            target.setAutoCommit(true);
        }
    }

    /** The names of the columns in which a row of the source and one of the warehouse differ. */
    private List<String> differing(List<String> row, List<String> there) {
        List<String> names = new ArrayList<>();
        for (int i = 0; there != null && i < row.size(); i++) {
            boolean same =
                    row.get(i) == null ? there.get(i) == null : row.get(i).equals(there.get(i));
            if (!same) {
                names.add(table.names().get(i));
            }
        }
        return names;
    }

    /**
     * Compares rows again, between two looks at the source that find the same, until they are equal or were different a
     * few times: a row that was changed and changed back in between looks the same, too.
     */
    private void confirm(Set<List<String>> suspects) throws SQLException, InterruptedException {
        Map<List<String>, Integer> open = new HashMap<>();
        suspects.forEach(key -> open.put(key, 0));
        for (int round = 0; round < ROUNDS && !open.isEmpty(); round++) {
            Rows before = source(open.keySet());
            awaitApplied();
            Rows there = target(open.keySet());
            Rows after = source(open.keySet());
            for (List<String> key : List.copyOf(open.keySet())) {
                List<String> row = before.get(key);
                if (!Objects.equals(row, after.get(key))) {
                    continue;
                }
                Optional<Difference> difference = difference(row, there.get(key));
                if (difference.isEmpty()) {
                    open.remove(key);
                } else if (open.merge(key, 1, Integer::sum) == TIMES) {
                    open.remove(key);
                    fail(key, difference.get());
                }
            }
        }
        for (List<String> key : open.keySet()) {
            fail(key, new Difference("RECORD_DIFF", "it changes too often to be compared"));
        }
    }

    private Rows source(Set<List<String>> keys) throws SQLException {
        TableChanges changes = patiently(() -> source.read(table, List.copyOf(keys)));
        Rows rows = new Rows();
        RowImage row = new RowImage();
        for (int i = 0; i < changes.size(); i++) {
            if (changes.operation(i) == TableChanges.UPSERT) {
                changes.read(i, row);
                rows.put(changes.key(i), hashes(row));
            }
        }
        return rows;
    }

    /** @param details names of columns, or null */
    private record Difference(String type, String details) {}

    private Optional<Difference> difference(List<String> row, List<String> there) {
        if (row == null || there == null) {
            return row == there || row == null && table.plan().keepsDeleted()
                    ? Optional.empty()
                    : Optional.of(new Difference(row == null ? "MISSING_SOURCE" : "MISSING_TARGET", null));
        }
        List<String> columns = differing(row, there);
        return columns.isEmpty()
                ? Optional.empty()
                : Optional.of(new Difference("RECORD_DIFF", String.join(", ", columns)));
    }

    private void fail(List<String> key, Difference difference) throws SQLException {
        failures++;
        Sql.on(target)
                .update(
                        "insert into meta.validation_failures (task_name, table_owner, table_name, key, failure_type,"
                                + " details) values (?, ?, ?, to_jsonb(?::text[])::text, ?, ?) on conflict do nothing",
                        task,
                        table.source().schema(),
                        table.source().name(),
                        key,
                        difference.type(),
                        difference.details());
        if (failures >= MOST_FAILURES) {
            throw new SQLException(MOST_FAILURES + " rows differ; the rest was not compared");
        }
    }

    /** Waits until all that the source has committed now is applied. */
    private void awaitApplied() throws SQLException, InterruptedException {
        String lsn = source.position();
        // the position moves on with a commit
        source.bringOn();
        long end = System.nanoTime() + LONGEST_LAG.toNanos();
        while (Sql.on(target)
                .first(
                        "select 1 from meta.offsets where source = ? and (position ->> 'lsn')::pg_lsn >= ?::pg_lsn",
                        row -> true,
                        task,
                        lsn)
                .isEmpty()) {
            if (System.nanoTime() > end) {
                throw new SQLException("the warehouse is too far behind the source");
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    /** Looks for rows that the source has no more. */
    private void compareTarget() throws SQLException, InterruptedException {
        String key = table.plan().primaryKey().stream().map(Relation::quote).collect(Collectors.joining(", "));
        List<String> after = List.of();
        while (true) {
            String condition = after.isEmpty()
                    ? ""
                    : " where (" + key + ") > "
                            + after.stream().map(Sql::literal).collect(Collectors.joining(", ", "(", ")"));
            List<List<String>> keys = new ArrayList<>();
            read(
                    "select " + key + " from " + table.target().sql() + condition + " order by " + key + " limit "
                            + ROWS,
                    row -> {
                        List<String> texts = new ArrayList<>();
                        for (int i = 0; i < row.size(); i++) {
                            texts.add(row.text(i));
                        }
                        keys.add(texts);
                    });
            if (!keys.isEmpty()) {
                Set<List<String>> gone = new HashSet<>(keys);
                gone.removeAll(source(gone).keySet());
                confirm(gone);
            }
            if (keys.size() < ROWS) {
                return;
            }
            after = keys.get(keys.size() - 1);
        }
    }
}
