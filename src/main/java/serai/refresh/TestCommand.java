package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import serai.command.CommandContext;
import serai.command.CommandOutput;
import serai.command.ExitCode;
import serai.command.NegativeAnswerException;
import serai.warehouse.Sql;

/** {@code test}: all tests, over whole tables; or cases. */
@Command(
        name = "test",
        description = "Run all tests of the models, or those of one, over the whole tables as they are; or cases. It"
                + " writes nothing to the warehouse.",
        mixinStandardHelpOptions = true)
final class TestCommand implements Callable<Integer> {

    private final CommandContext context;

    @Mixin
    private CommandOutput output;

    @Parameters(arity = "0..1", paramLabel = "MODEL", description = "only the tests of this model")
    private String model;

    @Option(
            names = "--case",
            arity = "0..1",
            fallbackValue = "",
            paramLabel = "NAME",
            description = "run the case sql/cases/NAME instead, or all cases, each in a database of its own")
    private String testCase;

    @Spec
    private CommandSpec command;

    TestCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        if (testCase != null) {
            if (model != null) {
                throw new ParameterException(command.commandLine(), "Name a model or --case, not both.");
            }
            return new CaseTests(context, output).run(testCase);
        }
        ModelFolder folder = ModelFolder.read(context);
        List<Node> nodes = folder.nodes(model);
        List<TestResult> results = folder.read(connection -> results(folder, connection, nodes));
        results.forEach(this::print);
        boolean broken = results.stream().anyMatch(r -> r.status() == TestResult.Status.BROKEN);
        List<String> failed = results.stream()
                .filter(TestResult::blocks)
                .map(TestResult::test)
                .toList();
        if (model == null) {
            folder.requireAccepted();
        }
        if (broken) {
            throw new IllegalStateException("Tests could not be run.");
        }
        if (!failed.isEmpty()) {
            throw new NegativeAnswerException("Failed: " + String.join(", ", failed) + ".");
        }
        return ExitCode.DONE;
    }

    private List<TestResult> results(ModelFolder folder, Connection connection, List<Node> nodes) throws SQLException {
        ModelGraph graph = folder.graph();
        Set<String> missing = ModelFolder.missing(Sql.on(connection), List.copyOf(graph.nodes())).stream()
                .map(Node::name)
                .collect(Collectors.toSet());
        List<TestResult> results = new ArrayList<>();
        for (Node node : nodes) {
            if (missing.contains(node.name())) {
                output.print(node.name() + " has not been built yet: not tested", notBuilt(node.name()));
            } else if (node instanceof Model tested) {
                for (RowTest test : headerTests(tested, graph, missing)) {
                    results.add(WriteTests.run(connection, test));
                }
                if (tested.tests().expect() != null) {
                    results.add(ExpectTest.judge(tested, null, count(connection, tested)));
                }
                if (tested.kind() == ModelKind.ONCE) {
                    results.add(TestResult.ofSeals(tested, new Seals(Sql.on(connection), tested).checkAll()));
                }
            }
        }
        RunContext run = folder.run(graph, Instant.now());
        for (PlacedTest placed : graph.tests()) {
            boolean concerned = nodes.stream().anyMatch(node -> placed.inputs().contains(node.name()));
            if (concerned && placed.inputs().stream().noneMatch(missing::contains)) {
                results.add(WriteTests.run(
                        connection, RowTest.of(placed.test(), placed.node().name(), run)));
            }
        }
        return results;
    }

    private static List<RowTest> headerTests(Model model, ModelGraph graph, Set<String> missing) {
        List<RowTest> tests = new ArrayList<>();
        if (!model.grain().isEmpty()) {
            tests.add(RowTest.ofGrain(model, model.relation()));
        }
        model.tests().foreignKeys().stream()
                .filter(key -> !missing.contains(key.relation()))
                .forEach(key -> tests.add(RowTest.of(model, key, model.relation(), graph)));
        model.tests().accepted().forEach(a -> tests.add(RowTest.of(model, a, model.relation())));
        return tests;
    }

    private static long count(Connection connection, Model model) throws SQLException {
        return Sql.on(connection)
                .first("select count(*) from " + model.relation().sql(), row -> row.number("count"))
                .orElseThrow();
    }

    private static Map<String, Object> notBuilt(String model) {
        return Map.of("model", model, "status", "not built");
    }

    private void print(TestResult result) {
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
