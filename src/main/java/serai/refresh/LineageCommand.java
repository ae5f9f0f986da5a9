package serai.refresh;

import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import serai.command.CommandContext;
import serai.command.CommandOutput;
import serai.command.ExitCode;

/** {@code lineage}: what models read, and what reads them. */
@Command(
        name = "lineage",
        description = "Show which columns of which relations each model reads, and which models read it. With a model,"
                + " only the models that it depends on and that depend on it.",
        mixinStandardHelpOptions = true)
final class LineageCommand implements Callable<Integer> {

    private final CommandContext context;

    @Mixin
    private CommandOutput output;

    @Parameters(arity = "0..1", paramLabel = "MODEL", description = "only what is connected with this model")
    private String model;

    LineageCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        ModelFolder folder = ModelFolder.read(context);
        ModelGraph graph = folder.graph();
        Node chosen = model == null ? null : folder.node(model);
        Lineage lineage;
        try (Connection connection = context.warehouse().dataSource().getConnection()) {
            lineage = Lineage.of(connection, graph);
        }
        for (Node node : graph.nodes()) {
            if (chosen == null
                    || node == chosen
                    || graph.upstream(node).contains(chosen.name())
                    || graph.upstream(chosen).contains(node.name())) {
                print(node, lineage.reads().get(node.name()), lineage.feeds(node.name()));
            }
        }
        if (model == null) {
            folder.requireAccepted();
        }
        return ExitCode.DONE;
    }

    private void print(Node node, Map<String, List<String>> reads, List<String> feeds) {
        StringBuilder text = new StringBuilder(node.name() + " (" + node.kind().text() + ")");
        reads.forEach((input, columns) -> text.append("\n  reads ")
                .append(input)
                .append(columns.isEmpty() ? "" : ": " + String.join(", ", columns)));
        feeds.forEach(reader -> text.append("\n  feeds ").append(reader));
        output.print(
                text.toString(),
                Map.of("model", node.name(), "kind", node.kind().text(), "reads", reads, "feeds", feeds));
    }
}
