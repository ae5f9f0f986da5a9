package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Transaction;

/**
 * Tests a node's rows in the transaction that writes them, before its commit: {@code docs/models.md, "Tests"}. Tests of
 * its header look at the rows that were calculated for this transaction, and at all rows of a view, or after keys have
 * vanished. Files of {@code sql/tests} run with the node's last transaction.
 */
final class WriteTests {

    private final RunContext run;

    WriteTests(RunContext run) {
        this.run = run;
    }

    /**
     * Runs the tests of a node that the change concerns.
     *
     * @param outcome of the work that was done in the transaction
     * @throws TestFailedException when an error was found: the transaction must be rolled back
     */
    void run(Transaction tx, Node node, Materialization.Change change, RunOutcome outcome)
            throws SQLException, TestFailedException {
        if (change.recorded()) {
            TestState.changed(tx.sql(), node, outcome.deleted() > 0);
        }
        if (!run.graph().hasTests(node)) {
            return;
        }
        List<RowTest> whole = change.last() ? wholeTests(tx.sql(), node) : List.of();
        Set<String> wholeNames = whole.stream().map(RowTest::name).collect(Collectors.toSet());
        List<RowTest> staged = stagedTests(tx.sql(), node).stream()
                .filter(test -> !wholeNames.contains(test.name()))
                .toList();
        List<TestResult> failed = run(tx, staged, false);
        failed.addAll(run(tx, whole, true));
        if (change.last() && failed.isEmpty() && node instanceof Model model) {
            failed.addAll(expect(tx.sql(), model));
        }
        if (!failed.isEmpty()) {
            throw new TestFailedException(failed);
        }
        if (change.last()) {
            TestState.warn(tx.sql(), node);
        }
    }

    private static List<TestResult> expect(Sql sql, Model model) throws SQLException {
        if (model.tests().expect() == null) {
            return List.of();
        }
        TestResult result = ExpectTest.run(sql, model);
        TestState.write(sql, List.of(result), true);
        return result.blocks() ? List.of(result) : List.of();
    }

    /** Those that look at the rows that were calculated for this transaction. */
    private List<RowTest> stagedTests(Sql sql, Node node) throws SQLException {
        return node instanceof Model model && isStaged(sql)
                ? HeaderTests.of(model, run.graph(), StagingTable.RELATION)
                : List.of();
    }

    private static boolean isStaged(Sql sql) throws SQLException {
        return sql.first(
                        "select to_regclass(?) is not null as staged",
                        row -> row.flag("staged"),
                        StagingTable.RELATION.sql())
                .orElseThrow();
    }

    /** Those that look at whole tables. */
    private List<RowTest> wholeTests(Sql sql, Node node) throws SQLException {
        Set<String> due = TestState.due(sql, node);
        List<RowTest> tests = new ArrayList<>();
        for (PlacedTest placed : run.graph().tests()) {
            if (placed.node().name().equals(node.name())
                    && (placed.readsSources() || due.contains(placed.test().name()))) {
                tests.add(RowTest.of(placed.test(), node.name(), run));
            }
        }
        if (node.kind() == ModelKind.VIEW) {
            tests.addAll(HeaderTests.of((Model) node, run.graph(), node.relation()));
        } else if (node instanceof Model model) {
            model.tests().foreignKeys().stream()
                    .filter(key -> due.contains(RowTest.name(model, key)))
                    .forEach(key -> tests.add(RowTest.of(model, key, model.relation(), run.graph())));
        }
        return tests;
    }

    /** @return those that forbid the commit */
    private List<TestResult> run(Transaction tx, List<RowTest> tests, boolean whole) throws SQLException {
        List<TestResult> results = new ArrayList<>();
        if (!tests.isEmpty()) {
            SearchPath.set(tx.sql());
        }
        for (RowTest test : tests) {
            results.add(run(tx.connection(), test));
        }
        TestState.write(tx.sql(), results, whole);
        return new ArrayList<>(results.stream().filter(TestResult::blocks).toList());
    }

    /** A test whose query fails does not pass, and lets the others run. */
    static TestResult run(Connection connection, RowTest test) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            return test.run(Sql.on(connection));
        } catch (SQLException e) {
            if (connection.isClosed()
                    || ModelError.isConflict(e)
                    || ModelError.isLockTimeout(e)
                    || String.valueOf(e.getSQLState()).matches("(08|57P).*")) {
                throw e;
            }
            connection.rollback(before);
            return test.broken(e);
        } finally {
            if (!connection.isClosed()) {
                connection.releaseSavepoint(before);
            }
        }
    }
}
