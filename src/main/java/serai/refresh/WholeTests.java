package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import serai.command.CommandOutput;
import serai.warehouse.Sql;

/** All tests of some nodes, over whole tables as they are. Nothing is written. */
final class WholeTests {

    private final Connection connection;
    private final RunContext run;
    private final Set<String> missing;
    private final List<TestResult> results = new ArrayList<>();

    private WholeTests(Connection connection, RunContext run, Set<String> missing) {
        this.connection = connection;
        this.run = run;
        this.missing = missing;
    }

    /**
     * Runs the tests.
     *
     * @param connection in a transaction in which names are found as models find them
     * @param nodes whose tests, and those of {@code sql/tests} that read them, directly or through views
     * @param missing nodes that have no relation: tests that need them are left out
     */
    static List<TestResult> run(Connection connection, RunContext run, Collection<Node> nodes, Set<String> missing)
            throws SQLException {
        WholeTests tests = new WholeTests(connection, run, missing);
        for (Node node : nodes) {
            if (node instanceof Model model && !missing.contains(model.name())) {
                tests.ofHeader(model);
            }
        }
        for (PlacedTest placed : run.graph().tests()) {
            boolean concerned = nodes.stream().anyMatch(node -> placed.inputs().contains(node.name()));
            if (concerned && placed.inputs().stream().noneMatch(missing::contains)) {
                tests.add(RowTest.of(placed.test(), placed.node().name(), run));
            }
        }
        return tests.results;
    }

    private void add(RowTest test) throws SQLException {
        results.add(WriteTests.run(connection, test));
    }

    private void ofHeader(Model model) throws SQLException {
        ModelGraph graph = run.graph();
        if (!model.grain().isEmpty()) {
            add(RowTest.ofGrain(model, graph.relation(model)));
        }
        for (ModelTests.ForeignKey key : model.tests().foreignKeys()) {
            if (!missing.contains(key.relation())) {
                add(RowTest.of(model, key, graph.relation(model), graph));
            }
        }
        for (ModelTests.AcceptedValues accepted : model.tests().accepted()) {
            add(RowTest.of(model, accepted, graph.relation(model)));
        }
        if (model.tests().expect() != null) {
            long rows = Sql.on(connection)
                    .first("select count(*) from " + graph.relation(model).sql(), row -> row.number("count"))
                    .orElseThrow();
            results.add(ExpectTest.judge(model, null, rows));
        }
        // a build elsewhere has no seals and no marks
        boolean isProduction = graph.relation(model).equals(model.relation());
        if (model.kind() == ModelKind.ONCE && isProduction) {
            results.add(TestResult.ofSeals(model, new Seals(Sql.on(connection), model).checkAll()));
        }
        if (model.kind() == ModelKind.RECALC && isProduction) {
            new UnitSample(connection, run, model).test().ifPresent(results::add);
        }
    }

    static void print(CommandOutput output, TestResult result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("test", result.test());
        json.put("model", result.model());
        json.put("status", result.status().name().toLowerCase(Locale.ROOT));
        json.put("rows", result.rows());
        json.put("message", result.message());
        output.print(
                result.status().name().toLowerCase(Locale.ROOT) + "  " + result.test()
                        + (result.message() == null ? "" : ": " + result.message()),
                json);
    }
}
