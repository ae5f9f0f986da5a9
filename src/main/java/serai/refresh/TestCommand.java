package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
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
        results.forEach(result -> WholeTests.print(output, result));
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
        nodes.stream()
                .filter(node -> missing.contains(node.name()))
                .forEach(node -> output.print(
                        node.name() + " has not been built yet: not tested",
                        Map.of("model", node.name(), "status", "not built")));
        return WholeTests.run(connection, folder.run(graph, Instant.now()), nodes, missing);
    }
}
