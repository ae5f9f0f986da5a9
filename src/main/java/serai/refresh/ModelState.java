package serai.refresh;

import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import serai.settings.Secrets;
import serai.warehouse.Sql;
import serai.warehouse.Transaction;

/**
 * A node's row in {@code meta.model_state}.
 *
 * @param coveredTo up to when its days were calculated, or null
 * @param sqlHash the definition with which all its rows were calculated, or null
 * @param rows the number of rows in its table, or null
 */
record ModelState(Instant coveredTo, String sqlHash, Long rows) {

    private static final ModelState NONE = new ModelState(null, null, null);

    /** The statuses of models that have the rows that they can have, with something to say. */
    static final Set<String> WARNINGS = Set.of("warning", "incomplete", "gap");

    /** The values of {@code meta.model_state.status}. */
    enum Status {
        OK,
        /** The definition changed, and days that were not recalculated since have rows of the old one. */
        CHANGED,
        /** Its rows were written; a test with severity warn found some. */
        WARNING,
        /** A unit of a once is over and waits for its inputs. */
        INCOMPLETE,
        /** Units of a once were missed. */
        GAP,
        /** A node that it reads failed in this run. */
        BLOCKED,
        /** A reader or another process had the table; it is tried again at the next run. */
        HELD,
        FAILED;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The state of a node, without values when it has none yet. */
    static ModelState read(Sql sql, Node node) throws SQLException {
        return sql.first(
                        "select covered_to, sql_hash, rows from meta.model_state where model = ?",
                        row -> new ModelState(
                                row.instant("covered_to"), row.text("sql_hash"), row.numberOrNull("rows")),
                        node.name())
                .orElse(NONE);
    }

    /** The nodes of a graph that a scope is about by their state. */
    static Set<String> stale(Sql sql, ModelGraph graph, RefreshTarget.Scope scope) throws SQLException {
        return switch (scope) {
            case FAILED -> notUpToDate(sql);
            case CHANGED -> changed(sql, graph);
            default -> Set.of();
        };
    }

    /** The nodes that have rows of another definition than that of their files, or none. */
    private static Set<String> changed(Sql sql, ModelGraph graph) throws SQLException {
        Map<String, String> hashes = new HashMap<>();
        sql.each(
                "select model, sql_hash from meta.model_state",
                row -> hashes.put(row.text("model"), row.text("sql_hash")));
        return graph.nodes().stream()
                .filter(node -> !(node.kind() == ModelKind.VIEW ? node.hash() : graph.definitionHash(node))
                        .equals(hashes.get(node.name())))
                .map(Node::name)
                .collect(Collectors.toSet());
    }

    /** The nodes whose last refresh did not succeed, or that have had none. */
    private static Set<String> notUpToDate(Sql sql) throws SQLException {
        return Set.copyOf(sql.list(
                "select model from meta.model_state"
                        + " where active and status in ('failed', 'blocked', 'held', 'unknown')",
                row -> row.text("model")));
    }

    /** The state once more rows are written: rows of an older definition keep its hash. */
    ModelState after(RunContext run, Model model, Instant newCoveredTo, long moreRows) {
        String current = run.graph().definitionHash(model);
        return new ModelState(
                newCoveredTo == null ? coveredTo : newCoveredTo,
                sqlHash == null ? current : sqlHash,
                (rows == null ? 0 : rows) + moreRows);
    }

    /**
     * Notes that all units of a model are marked, to be calculated again in its present units.
     *
     * @param hash the definition; null when they were calculated already
     */
    static void calculateAgain(Sql sql, Model model, String hash) throws SQLException {
        sql.update(
                "update meta.model_state set calculating_hash = ?, units = ? where model = ?",
                hash,
                model.window().unitsText(),
                model.name());
    }

    /** Whether the rows and marks of a model are in units of another length or zone than those of its file. */
    static boolean hasOtherUnits(Sql sql, Model model) throws SQLException {
        return sql.first(
                        "select 1 from meta.model_state where model = ? and units <> ?",
                        row -> true,
                        model.name(),
                        model.window().unitsText())
                .isPresent();
    }

    /**
     * Whether units still have to be calculated again by the present definition. When none is left, all rows have it.
     *
     * @param current the present definition; units that were calculated by another one meanwhile end the calculation
     */
    static boolean isCalculatedAgain(Sql sql, Model model, String current, boolean unitsLeft) throws SQLException {
        return sql.first(
                        """
                        with ended as (
                          update meta.model_state set calculating_hash = null,
                            sql_hash = case when calculating_hash = ? then calculating_hash else sql_hash end
                          where model = ? and calculating_hash is not null and (calculating_hash <> ? or not ?))
                        select calculating_hash = ? and ? as again from meta.model_state where model = ?""",
                        row -> row.flag("again"),
                        current,
                        model.name(),
                        current,
                        unitsLeft,
                        current,
                        unitsLeft,
                        model.name())
                .orElse(false);
    }

    /** Which rows of a model that is written in units do not follow its definition, or null. */
    String warning(RunContext run, Model model) {
        if (sqlHash == null || sqlHash.equals(run.graph().definitionHash(model))) {
            return null;
        }
        return "The definition changed, and the history is not rebuilt: days that were not recalculated since have rows"
                + " of the old definition."
                + (model.kind() == ModelKind.ONCE ? "" : " Rebuild " + model.name() + " to recalculate them.");
    }

    /**
     * Writes a success, in the transaction of the rows.
     *
     * @param warning which rows do not follow the definition, in a sentence; null when all do
     */
    void writeSuccess(Transaction tx, Node node, String warning) throws SQLException {
        writeSuccess(tx, node, warning == null ? Status.OK : Status.CHANGED, warning);
    }

    /**
     * Writes a success of which there is something to say, in the transaction of the rows.
     *
     * @param note a sentence, or null
     */
    void writeSuccess(Transaction tx, Node node, Status status, String note) throws SQLException {
        tx.sql()
                .update(
                        """
                        update meta.model_state set kind = ?, covered_to = ?, sql_hash = ?, rows = ?,
                          units = coalesce(units, ?), last_run_id = coalesce(nullif(?, 0), last_run_id),
                          last_success_at = clock_timestamp(),
                          since = case when status = ? then since else clock_timestamp() end,
                          status = ?, error = ?, cause = null
                        where model = ?""",
                        node.kind().text(),
                        coveredTo,
                        sqlHash,
                        rows,
                        node instanceof Model model && model.window() != null
                                ? model.window().unitsText()
                                : null,
                        tx.runId(),
                        status.text(),
                        status.text(),
                        note,
                        node.name());
    }

    /**
     * Writes why a node could not be refreshed; what it has stays.
     *
     * @param cause the node that it waits for, or null
     */
    static void writeProblem(Sql sql, Node node, Status status, String cause, String error) throws SQLException {
        sql.update("""
                update meta.model_state set since = case when status = ? then since else clock_timestamp() end,
                  status = ?, cause = ?, error = ?
                where model = ?""", status.text(), status.text(), cause, Secrets.mask(error), node.name());
    }
}
