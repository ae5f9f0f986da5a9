package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import serai.command.CommandContext;
import serai.command.CommandOutput;
import serai.command.ExitCode;
import serai.command.NegativeAnswerException;
import serai.status.HumanText;
import serai.warehouse.DevelopmentSchema;
import serai.warehouse.Sql;

/** {@code refresh --schema}: models of the folder in a schema beside production. */
final class SchemaRefresh {

    private final CommandContext context;
    private final CommandOutput output;
    private final DevelopmentSchema schema;

    SchemaRefresh(CommandContext context, CommandOutput output, String schema) {
        this.context = context;
        this.output = output;
        this.schema = new DevelopmentSchema(schema);
    }

    /** Removes the schema. */
    int drop() throws Exception {
        boolean dropped = SchemaBuild.drop(context.warehouse(), schema);
        output.print(
                dropped ? "The schema " + schema.name() + " was dropped." : "There is no schema " + schema.name() + ".",
                Map.of("schema", schema.name(), "dropped", dropped));
        return ExitCode.DONE;
    }

    /**
     * Builds models and runs their tests.
     *
     * @param days as for {@link SchemaBuild}
     * @return the exit code when all were built and no test fails
     * @throws NegativeAnswerException when a test fails
     * @throws IllegalStateException when a model cannot be built
     */
    int build(RefreshTarget target, RefreshTarget.Days days) throws Exception {
        ModelFolder folder = ModelFolder.read(context);
        ModelGraph graph = folder.graphWithoutHistory(target.model() == null);
        if (target.model() != null) {
            folder.node(target.model());
        }
        Set<String> names = folder.read(
                connection -> target.nodes(graph, ModelState.stale(Sql.on(connection), graph, target.scope())));
        requireInputs(folder, graph, names);
        RunContext run =
                folder.run(graph.in(schema.name(), names), target.now() == null ? Instant.now() : target.now());
        List<SchemaBuild.Built> built = new SchemaBuild(run, schema, days).run(names);
        built.forEach(this::print);
        Set<String> failed = built.stream()
                .filter(b -> b.error() != null)
                .map(b -> b.node().name())
                .collect(Collectors.toCollection(TreeSet::new));
        List<TestResult> results = tests(run, built, failed);
        results.removeIf(result -> isOfPart(run.graph(), result, days));
        results.forEach(result -> WholeTests.print(output, result));
        return exitCode(failed, results);
    }

    private static int exitCode(Set<String> failed, List<TestResult> results) throws NegativeAnswerException {
        if (!failed.isEmpty()) {
            throw new IllegalStateException("Not built: " + String.join(", ", failed) + ".");
        }
        if (results.stream().anyMatch(r -> r.status() == TestResult.Status.BROKEN)) {
            throw new IllegalStateException("Tests could not be run.");
        }
        List<String> wrong = results.stream()
                .filter(TestResult::blocks)
                .map(TestResult::test)
                .toList();
        if (!wrong.isEmpty()) {
            throw new NegativeAnswerException("Failed: " + String.join(", ", wrong) + ".");
        }
        return ExitCode.DONE;
    }

    /** What is read from production has to be there as its file says. */
    private void requireInputs(ModelFolder folder, ModelGraph graph, Set<String> names) throws SQLException {
        List<String> problems = folder.read(connection -> {
            List<String> found = new ArrayList<>();
            for (String name : names) {
                for (String read : graph.reads(graph.get(name))) {
                    Node input = graph.get(read);
                    if (input != null && !names.contains(read)) {
                        problem(Sql.on(connection), graph, input)
                                .ifPresent(problem -> found.add(name + " reads " + read + ", which " + problem));
                    }
                }
            }
            return found;
        });
        if (!problems.isEmpty()) {
            throw new IllegalStateException(String.join("\n", problems));
        }
    }

    private static Optional<String> problem(Sql sql, ModelGraph graph, Node input) throws SQLException {
        Optional<RelationColumns> there =
                RelationColumns.read(sql, input.relation().sql());
        String fix = ": build it in the schema, too, with " + input.name() + "+";
        if (there.isEmpty()) {
            return Optional.of("production does not have" + fix);
        }
        return there.get().isSameAs(graph.columns(input))
                ? Optional.empty()
                : Optional.of("has other columns in production ("
                        + graph.columns(input).difference(there.get()) + ")" + fix);
    }

    private static List<TestResult> tests(RunContext run, List<SchemaBuild.Built> built, Set<String> failed)
            throws SQLException {
        try (Connection connection = run.warehouse().dataSource().getConnection()) {
            connection.setAutoCommit(false);
            try {
                Sql sql = Sql.on(connection);
                sql.execute("set transaction isolation level repeatable read read only");
                SearchPath.set(sql, run.graph());
                Set<String> missing = ModelFolder.missing(
                                sql, List.copyOf(run.graph().nodes()))
                        .stream()
                        .map(Node::name)
                        .filter(name ->
                                built.stream().noneMatch(b -> b.node().name().equals(name)))
                        .collect(Collectors.toCollection(TreeSet::new));
                missing.addAll(failed);
                return WholeTests.run(
                        connection,
                        run,
                        built.stream().map(SchemaBuild.Built::node).toList(),
                        missing);
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    /** {@code @expect} is about all rows of a table. */
    private static boolean isOfPart(ModelGraph graph, TestResult result, RefreshTarget.Days days) {
        return graph.get(result.model()) instanceof Model model
                && result.test().equals(ExpectTest.name(model))
                && model.window() != null
                && (days != null || model.kind() == ModelKind.ONCE);
    }

    private void print(SchemaBuild.Built built) {
        String relation = schema.name() + "." + built.node().name();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", built.node().name());
        json.put("relation", relation);
        json.put("rows", built.rows());
        json.put("error", built.error());
        String how = built.error() != null
                ? "not built: " + built.error()
                : built.rows() == null ? built.node().kind().text() : HumanText.of(built.rows(), "row");
        output.print(relation + ": " + how, json);
    }
}
