package serai.refresh;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
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
import serai.edits.Edits;
import serai.request.Requests;
import serai.warehouse.Warehouse;

/** {@code rebuild}: the whole history of a model by its present file. */
@Command(
        name = "rebuild",
        description = "Calculate the whole history of a recalc model again with its present file, whose columns may"
                + " differ. The running process does it; without one, the command.",
        mixinStandardHelpOptions = true)
final class RebuildCommand implements Callable<Integer> {

    private final CommandContext context;

    @Spec
    private CommandSpec command;

    @Mixin
    private CommandOutput output;

    @Parameters(
            arity = "0..1",
            paramLabel = "MODEL[+]",
            description =
                    "the model; with + also each recalc that reads it, and then what else reads them is refreshed")
    private String model;

    @Option(
            names = "--all",
            description = "show what is rebuilt of all models and what is not, ask for the name of their schema, and"
                    + " rebuild them")
    private boolean all;

    @Option(
            names = "--yes",
            paramLabel = "SCHEMA",
            description = "with --all: the answer to the question, such as star")
    private String yes;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "2h",
            description = "longest wait for the end, such as 30m; ${DEFAULT-VALUE} by default")
    private Duration wait;

    RebuildCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        if (all == (model != null) || yes != null && !all) {
            throw new ParameterException(command.commandLine(), "Name a model, or --all with or without --yes.");
        }
        RefreshTarget target = all ? RefreshTarget.all(null) : named();
        if (all && !isConfirmed()) {
            return ExitCode.DONE;
        }
        Warehouse warehouse = context.warehouse();
        if (new Requests(warehouse)
                .ask(RebuildRequests.VERB, target.text(), wait)
                .isEmpty()) {
            SqlFiles files = new SqlFiles(warehouse);
            files.apply(Edits.read(context.root(), files));
            new Refresh(warehouse, files, RefreshSettings.of(context.settings()), Clock.systemUTC()).rebuild(target);
        }
        output.print("Rebuilt: " + target.text() + ".", Map.of("rebuilt", target.text()));
        return ExitCode.DONE;
    }

    private RefreshTarget named() {
        return RefreshTarget.parse(model)
                .filter(parsed -> parsed.model() != null && parsed.now() == null)
                .orElseThrow(() ->
                        new ParameterException(command.commandLine(), "'" + model + "' is not the name of a model."));
    }

    /**
     * Shows the plan and asks.
     *
     * @return false when there is nothing to rebuild
     * @throws IllegalStateException when another name is given, or there is no terminal to ask on
     */
    private boolean isConfirmed() throws Exception {
        Set<String> schemas = new TreeSet<>();
        ModelGraph graph = ModelFolder.read(context).graphWithoutHistory(true);
        for (Node node : graph.nodes()) {
            Optional<String> refusal = Refresh.refusal(graph, node);
            if (refusal.isEmpty()) {
                schemas.add(node.relation().schema());
            }
            String plan = refusal.map(reason -> "not rebuilt: " + reason).orElse("rebuilt");
            output.print(node.name() + ": " + plan, Map.of("model", node.name(), "plan", plan));
        }
        if (schemas.isEmpty()) {
            output.print("There is nothing to rebuild.", Map.of("rebuilt", "nothing"));
            return false;
        }
        String wanted = String.join(",", schemas);
        String answer = yes != null || System.console() == null
                ? yes
                : System.console().readLine("Type %s to rebuild them: ", wanted);
        if (!wanted.equals(answer)) {
            throw new IllegalStateException("Nothing was rebuilt. To rebuild all of these, say --yes " + wanted + ".");
        }
        return true;
    }
}
