package serai.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postgresql.util.PSQLException;
import serai.warehouse.Reject;
import serai.warehouse.Relation;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Transaction;
import serai.warehouse.WatchedRows;
import serai.warehouse.WriteVerbs.Written;

/** Inserts and updates rows by their key, inside a transaction. */
final class Upsert {

    /** Rejects whose rows may still come. */
    private static final String OPEN =
            "r.source = ? and r.target = ? and r.resolved_at is null and r.locator -> 'key' is not null";

    /**
     * What the route specifies.
     *
     * @param source the id of the route
     * @param step the id of the step's own route
     * @param key columns that identify a row
     * @param window the date or time column whose days are marked; empty for none
     * @param emptyText text columns in which an empty value is the empty text
     * @param renamed column names by the rows' names
     * @param scope the rows of the table that the source has
     */
    record Plan(
            String source,
            String step,
            Relation relation,
            List<String> key,
            String window,
            List<String> emptyText,
            Map<String, String> renamed,
            Scope scope) {}

    private final Transaction tx;
    private final Plan plan;
    /** Null for the rows of a message. */
    private final ReplayedRejects replayed;

    Upsert(Transaction tx, Plan plan) {
        this(tx, plan, null);
    }

    /** @param replayed the rejects that are the rows; null for the rows of a message */
    Upsert(Transaction tx, Plan plan, ReplayedRejects replayed) {
        this.tx = tx;
        this.plan = plan;
        this.replayed = replayed;
    }

    /**
     * Reads the rows and merges them into the table.
     *
     * @param file the file that has the rows, if they are the whole of one
     * @return held when they cannot be trusted; what was written is then to be rolled back
     */
    RunOutcome run(MessageRows rows, Optional<MessageFile> file) throws SQLException, IOException {
        UpsertCopy copy = null;
        try {
            ReportTable table =
                    ReportTable.read(tx.sql(), plan.relation(), plan.window(), plan.emptyText(), ZoneOffset.UTC);
            table.requireColumns("key", plan.key());
            table.requireScope(plan.scope());
            requireUniqueKey();
            if (rows.names().isEmpty()) {
                return empty(file);
            }
            List<ReportColumn> columns = columns(rows, table);
            copy = new UpsertCopy(
                    rows,
                    table,
                    columns,
                    plan.key(),
                    plan.scope(),
                    file.map(MessageFile::name).orElse(null));
            return merge(rows, table, columns, copy, file);
        } catch (ReportHeldException e) {
            if (copy != null) {
                copy.rejects().writeTo(tx);
            }
            return RunOutcome.held(e.getMessage())
                    .read(rows.read())
                    .rejected(copy == null ? 0 : copy.rejects().size());
        } catch (PSQLException e) {
            throw RefusedRows.withoutValues(e);
        }
    }

    /** A list without rows is nothing to do; a file without a header was cut off. */
    private static RunOutcome empty(Optional<MessageFile> file) throws ReportHeldException {
        if (file.isPresent()) {
            throw new ReportHeldException("The file has no row, not even a header.");
        }
        return RunOutcome.unchanged();
    }

    private void requireUniqueKey() throws SQLException, ReportHeldException {
        if (!KeyedRows.isUnique(tx.sql(), plan.relation(), plan.key())) {
            throw new ReportHeldException("'key' names " + plan.key() + ", and " + plan.relation()
                    + " has no primary key or unique index on just these columns. Add one by a file"
                    + " in sql/migrations.");
        }
    }

    private List<ReportColumn> columns(MessageRows rows, ReportTable table) throws ReportHeldException {
        List<ReportColumn> columns = ReportHeader.columns(rows.names(), table, plan.renamed());
        List<String> needed = new ArrayList<>(plan.key());
        if (!plan.window().isEmpty()) {
            needed.add(plan.window());
        }
        needed.removeAll(columns.stream().map(ReportColumn::name).toList());
        if (!needed.isEmpty()) {
            throw new ReportHeldException("The rows lack " + needed + ", which 'key' or 'window' names.");
        }
        return columns;
    }

    private RunOutcome merge(
            MessageRows rows,
            ReportTable table,
            List<ReportColumn> columns,
            UpsertCopy copy,
            Optional<MessageFile> file)
            throws SQLException, IOException, ReportHeldException {
        List<String> names = columns.stream().map(ReportColumn::name).toList();
        KeyedRows staged = new KeyedRows(tx.sql(), plan.relation(), names, plan.key(), day(table, null));
        staged.createStaging();
        copy.run(tx, KeyedRows.STAGED);
        markFollowed(copy.rejects());
        for (Reject repeated : staged.removeRepeated(false, copy::place)) {
            copy.rejects().add(repeated);
        }
        if (replayed == null && rows.read() > 0 && copy.written() == 0) {
            throw new ReportHeldException("No row fits the table; meta.rejects has them with their reasons.");
        }
        if (file.isPresent()) {
            file.get().requireUnchanged();
        }
        // between the comparison and the merge no other transaction may change a row
        tx.sql().execute("lock table " + plan.relation().sql() + " in share row exclusive mode");
        if (replayed != null) {
            replayed.removeCovered(tx.sql(), staged, plan);
        }
        if (table.window() != null) {
            tx.markDirty(plan.relation(), changedDays(table, names, staged));
        }
        WatchedRows watched = WatchedRows.before(
                tx.sql(),
                plan.relation(),
                plan.window(),
                "exists (select from " + KeyedRows.STAGED + " s where " + staged.sameKey("t", "s", false) + ")");
        Written written = tx.verbs()
                .mergeOnKey(
                        plan.relation(), plan.key(), names, "select " + staged.names() + " from " + KeyedRows.STAGED);
        watched.record();
        if (replayed == null) {
            resolveRejects();
            copy.rejects().writeTo(tx);
        } else {
            replayed.resolve(tx.sql(), copy.rejects());
        }
        boolean recorded = file.isPresent() && copy.rejects().size() == 0;
        if (recorded) {
            file.get().record(tx, plan.source(), plan.step(), plan.relation());
        }
        return (recorded || written.inserted() + written.updated() > 0 ? RunOutcome.ok() : RunOutcome.unchanged())
                .read(rows.read())
                .inserted(written.inserted())
                .updated(written.updated())
                .rejected(copy.rejects().size())
                .dataAsOf(newest(table));
    }

    /**
     * Notes of rejects that a later row of the message has their key: they must not overwrite it when applied again.
     */
    private void markFollowed(RejectList rejects) throws SQLException {
        Map<Long, Reject> keyed = new HashMap<>();
        for (Reject reject : rejects.first(rejects.size())) {
            if (reject.locator().get("key") != null) {
                keyed.put((Long) reject.locator().get("row"), reject);
            }
        }
        if (keyed.isEmpty()) {
            return;
        }
        List<Long> numbers = List.copyOf(keyed.keySet());
        String key = plan.key().stream()
                .map(column -> Relation.quote(column) + "::text")
                .collect(Collectors.joining(", ", "jsonb_build_array(", ")"));
        tx.sql()
                .each(
                        "select r.number, s.line from unnest(?::bigint[], ?::text[]) as r(number, key) join"
                                + " (select " + key + " as key, max(" + KeyedRows.LINE + ") as line from "
                                + KeyedRows.STAGED + " group by 1) s on s.key = r.key::jsonb and s.line > r.number",
                        row -> keyed.get(row.number("number")).locator().put("later", row.number("line")),
                        numbers,
                        numbers.stream()
                                .map(number -> json(
                                        (List<?>) keyed.get(number).locator().get("key")))
                                .toList());
    }

    private static String json(List<?> key) {
        ArrayNode array = new ObjectMapper().createArrayNode();
        key.forEach(value -> array.add(Sql.storable(String.valueOf(value))));
        return array.toString();
    }

    /**
     * Marks rejects of earlier messages as resolved whose key has a row now. Their keys are compared as they were
     * received: one that is written in another way stays open.
     */
    private void resolveRejects() throws SQLException {
        String target = plan.relation().toString();
        if (tx.sql()
                .first("select 1 from meta.rejects r where " + OPEN + " limit 1", row -> true, plan.source(), target)
                .isEmpty()) {
            return;
        }
        String sameKey = IntStream.range(0, plan.key().size())
                .mapToObj(i -> "s." + Relation.quote(plan.key().get(i)) + "::text = r.locator -> 'key' ->> " + i)
                .collect(Collectors.joining(" and "));
        tx.sql()
                .update(
                        "update meta.rejects r set resolved_at = clock_timestamp() from " + KeyedRows.STAGED
                                + " s where " + OPEN + " and r.run_id <> ? and " + sameKey,
                        plan.source(),
                        target,
                        tx.runId());
    }

    /** The days, of UTC, of rows that are new or differ: those of the old row and of the new one. */
    private List<LocalDate> changedDays(ReportTable table, List<String> names, KeyedRows staged) throws SQLException {
        List<String> others =
                names.stream().filter(name -> !plan.key().contains(name)).toList();
        String differs = others.isEmpty()
                ? ""
                : " or (" + qualified("t", others) + ") is distinct from (" + qualified("s", others) + ")";
        return tx.sql()
                .list(
                        "select distinct changed.day from " + KeyedRows.STAGED + " s left join "
                                + plan.relation().sql() + " t on " + staged.sameKey("t", "s", false)
                                + " cross join unnest(array[" + day(table, "t") + ", " + day(table, "s")
                                + "]) as changed(day) where isfinite(changed.day) and (t."
                                + Relation.quote(plan.key().get(0))
                                + " is null" + differs + ")",
                        row -> row.date("day"));
    }

    /** SQL for the day of a row; NULL without a window. */
    private static String day(ReportTable table, String alias) {
        if (table.window() == null) {
            return "null::date";
        }
        String column = (alias == null ? "" : alias + ".")
                + Relation.quote(table.window().name());
        boolean zoned = table.windowFormat().type() == TimeFormat.Type.TIMESTAMPTZ;
        return zoned ? "(" + column + " at time zone 'UTC')::date" : column + "::date";
    }

    /** The newest event time; null without a window, and without rows. */
    private Instant newest(ReportTable table) throws SQLException {
        if (table.window() == null) {
            return null;
        }
        return tx.sql()
                .first(
                        "select max(" + Relation.quote(table.window().name()) + ")::timestamptz as newest from "
                                + KeyedRows.STAGED,
                        row -> row.instant("newest"))
                .orElse(null);
    }

    private static String qualified(String alias, List<String> names) {
        return names.stream().map(name -> alias + "." + Relation.quote(name)).collect(Collectors.joining(", "));
    }
}
