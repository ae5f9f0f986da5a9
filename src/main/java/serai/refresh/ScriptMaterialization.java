package serai.refresh;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.postgresql.util.PSQLException;
import serai.edits.EditRefusedException;
import serai.warehouse.Relation;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.SqlScript;
import serai.warehouse.SqlSyntaxException;
import serai.warehouse.Transaction;
import serai.warehouse.WatchedRows;
import serai.warehouse.Writer;

/** A script: its statements are run at each refresh, in one transaction. Only what it names may change. */
final class ScriptMaterialization implements Materialization {

    /** How often rows of each table were written in this transaction, and the files of a table that was truncated. */
    private static final String WRITES = """
            select n.nspname, c.relname, w.writes from (
              select coalesce(pg_partition_root(oid), oid) as root, sum(pg_stat_get_xact_tuples_inserted(oid)
                + pg_stat_get_xact_tuples_updated(oid) + pg_stat_get_xact_tuples_deleted(oid)) || ' '
                || string_agg(pg_relation_filenode(oid)::text, ' ' order by oid) as writes
              from pg_class where relkind = 'r' and relpersistence <> 't' group by 1) as w
            join pg_class c on c.oid = w.root join pg_namespace n on n.oid = c.relnamespace
            where n.nspname <> all (array['meta', 'pg_catalog', 'information_schema', 'pg_toast'])""";

    private final RunContext run;
    private final Script script;

    ScriptMaterialization(RunContext run, Script script) {
        this.run = run;
        this.script = script;
    }

    @Override
    public Change next(Writer writer) {
        return new Change(true, true, null, this::run);
    }

    private RunOutcome run(Transaction tx) throws SQLException, EditRefusedException {
        Sql sql = tx.sql();
        SearchPath.set(sql, run.settings().lockTimeout());
        sql.execute("set local statement_timeout = " + run.settings().maxTime().toMillis());
        Map<Relation, String> before = writes(sql);
        RunOutcome outcome = RunOutcome.ok();
        for (SqlScript.Statement statement : ScriptFile.statements(script.file(), script.text(), parameters())) {
            outcome = counted(outcome, statement.verb(), execute(sql, statement));
        }
        Set<Relation> changed = changed(before, writes(sql));
        for (Relation relation : changed) {
            WatchedRows.all(sql, relation);
        }
        new ModelState(run.now(), run.graph().definitionHash(script), null).writeSuccess(tx, script, null);
        return outcome;
    }

    private Map<String, String> parameters() {
        return Map.of("now", "(timestamptz '" + run.now() + "')", "run_id", "(bigint '" + run.runId() + "')");
    }

    private long execute(Sql sql, SqlScript.Statement statement) throws SQLException {
        try {
            return sql.execute(statement.text());
        } catch (PSQLException e) {
            SqlSyntaxException mistake = statement.mistake(e);
            throw mistake == null
                    ? e
                    : new SQLException(
                            script.file() + ", line " + mistake.line() + ": " + mistake.getMessage(), e.getSQLState());
        }
    }

    private static RunOutcome counted(RunOutcome outcome, String verb, long rows) {
        return switch (verb) {
            case "insert" -> outcome.inserted(outcome.inserted() + rows);
            case "update" -> outcome.updated(outcome.updated() + rows);
            case "delete" -> outcome.deleted(outcome.deleted() + rows);
            default -> outcome;
        };
    }

    private static Map<Relation, String> writes(Sql sql) throws SQLException {
        Map<Relation, String> writes = new HashMap<>();
        sql.each(WRITES, row -> writes.put(new Relation(row.text("nspname"), row.text("relname")), row.text("writes")));
        return writes;
    }

    /** @throws SQLException when the script has changed a table that it does not name */
    private Set<Relation> changed(Map<Relation, String> before, Map<Relation, String> after) throws SQLException {
        Set<Relation> changed = after.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(before.get(entry.getKey())))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        List<String> others = new TreeSet<>(changed.stream()
                        .filter(relation -> !script.writes().contains(relation))
                        .map(Relation::toString)
                        .toList())
                .stream().toList();
        if (!others.isEmpty()) {
            throw new SQLException(script.file() + " has changed " + String.join(", ", others)
                    + ", which no @writes names: name it, so that those who read it are told");
        }
        return changed;
    }
}
