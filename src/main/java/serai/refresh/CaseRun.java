package serai.refresh;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.postgresql.util.PSQLException;
import serai.edits.EditRefusedException;
import serai.edits.Refusal;
import serai.warehouse.Relation;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.SqlScript;
import serai.warehouse.SqlSyntaxException;
import serai.warehouse.Transaction;
import serai.warehouse.Warehouse;
import serai.warehouse.WatchedRows;
import serai.warehouse.Writer;

/**
 * One run of a case, in a warehouse of its own: each stage is written as a loader would write it, with its marks, and
 * then all models are refreshed as always.
 */
final class CaseRun {

    private static final String PROBLEMS = """
            select model, status, coalesce(error, 'it was not refreshed') as error from meta.model_state
            where model = any (?::text[]) and status <> 'ok' and status <> all (?::text[]) order by model""";

    private final Warehouse warehouse;
    private final SqlFiles files;
    private final RefreshSettings settings;
    private final TestCase tested;

    /**
     * @param warehouse with the migrations and without rows
     * @param texts the files of models
     * @throws EditRefusedException when a file is refused: which models a case needs is not known then
     */
    CaseRun(Warehouse warehouse, Map<Path, Optional<String>> texts, RefreshSettings settings, TestCase tested)
            throws EditRefusedException {
        this.warehouse = warehouse;
        this.settings = settings;
        this.tested = tested;
        this.files = new SqlFiles(warehouse);
        List<Refusal> refusals = files.apply(texts);
        if (!refusals.isEmpty()) {
            Refusal first = refusals.get(0);
            throw new EditRefusedException(first.file(), first.line(), first.reason());
        }
    }

    /**
     * Runs the stages up to the first that differs.
     *
     * @return how it differs; empty when the case passes
     * @throws EditRefusedException when a file of the case is wrong
     */
    List<CaseDifference> run() throws Exception {
        Refresh refresh = new Refresh(warehouse, files, settings, Clock.systemUTC());
        Set<String> concerned = concerned();
        for (TestCase.Stage stage : tested.stages()) {
            try (Writer writer = warehouse.writer("case")) {
                writer.commitWithState(tx -> {
                    write(tx, stage);
                    return RunOutcome.ok();
                });
            }
            refresh.runNow(RefreshTarget.all(stage.now()));
            List<CaseDifference> differences = differences(stage, concerned);
            if (!differences.isEmpty()) {
                return differences;
            }
        }
        return List.of();
    }

    /** The models that are expected, and those that they read; others may lack rows that the case does not give. */
    private Set<String> concerned() {
        Set<String> concerned = new TreeSet<>();
        for (TestCase.Stage stage : tested.stages()) {
            for (CsvFile expected : stage.expected()) {
                Node node = files.graph().get(expected.name());
                if (node != null) {
                    concerned.add(node.name());
                    concerned.addAll(files.graph().upstream(node));
                }
            }
        }
        return concerned;
    }

    private void write(Transaction tx, TestCase.Stage stage) throws SQLException, EditRefusedException {
        Sql sql = tx.sql();
        SearchPath.set(sql);
        sql.execute("set local statement_timeout = " + settings.maxTime().toMillis());
        List<WatchedRows> watched = new ArrayList<>();
        Set<Relation> sources = ModelDryRun.sources(tx.connection());
        for (String relation : sql.list("select distinct relation from meta.watches", row -> row.text("relation"))) {
            if (sources.contains(Relation.of(relation))) {
                watched.add(WatchedRows.before(sql, Relation.of(relation), "", "true"));
            }
        }
        for (CsvFile given : stage.given()) {
            new CaseRows(sql, given, source(given, sources)).insert();
        }
        for (SqlScript.Statement statement : stage.statements()) {
            execute(sql, stage.file(), statement);
        }
        for (WatchedRows rows : watched) {
            rows.record();
        }
        // nothing of a case is late unless a step says so
        sources.forEach(source -> tx.completeTo(source, stage.now()));
    }

    private Relation source(CsvFile given, Set<Relation> sources) throws EditRefusedException {
        if (files.graph().get(given.name()) != null) {
            throw new EditRefusedException(
                    given.file(),
                    null,
                    given.name() + " is a model or seed, which is calculated: give rows of landing or app");
        }
        return found(given, sources);
    }

    private static Relation found(CsvFile csv, Set<Relation> sources) throws EditRefusedException {
        List<Relation> found = sources.stream()
                .filter(source ->
                        source.toString().equals(csv.name()) || source.name().equals(csv.name()))
                .toList();
        if (found.size() != 1) {
            throw new EditRefusedException(
                    csv.file(),
                    null,
                    found.isEmpty()
                            ? "there is no model and no relation of landing or app of the name " + csv.name()
                                    + ": rename the file, or create the table in sql/migrations"
                            : csv.name() + " is in landing and in app: write the schema, as landing." + csv.name()
                                    + ".csv");
        }
        return found.get(0);
    }

    private static void execute(Sql sql, Path file, SqlScript.Statement statement)
            throws SQLException, EditRefusedException {
        try {
            sql.execute(statement.text());
        } catch (PSQLException e) {
            SqlSyntaxException mistake = statement.mistake(e);
            if (mistake == null) {
                throw e;
            }
            throw new EditRefusedException(file, mistake.line(), mistake.getMessage());
        }
    }

    private List<CaseDifference> differences(TestCase.Stage stage, Set<String> concerned)
            throws SQLException, EditRefusedException {
        List<CaseDifference> differences = new ArrayList<>();
        try (Connection connection = warehouse.dataSource().getConnection()) {
            Sql sql = Sql.on(connection);
            differences.addAll(sql.list(
                    PROBLEMS,
                    row -> new CaseDifference(
                            stage.file(),
                            null,
                            null,
                            null,
                            null,
                            row.text("model") + " is " + row.text("status") + " after it: " + row.text("error")),
                    concerned,
                    ModelState.WARNINGS));
            connection.setAutoCommit(false);
            try {
                SearchPath.set(sql);
                for (CsvFile expected : stage.expected()) {
                    differences.addAll(differences(connection, expected));
                }
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
        return differences;
    }

    private List<CaseDifference> differences(Connection connection, CsvFile expected)
            throws SQLException, EditRefusedException {
        Node node = files.graph().get(expected.name());
        Relation relation = node == null ? found(expected, ModelDryRun.sources(connection)) : node.relation();
        List<String> grain = node instanceof Model model ? model.grain() : List.of();
        return new CaseRows(Sql.on(connection), expected, relation).differences(grain);
    }
}
