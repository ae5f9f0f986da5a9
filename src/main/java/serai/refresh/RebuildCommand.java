package serai.refresh;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
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
            paramLabel = "MODEL[+]",
            description =
                    "the model; with + also each recalc that reads it, and then what else reads them is refreshed")
    private String model;

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
        RefreshTarget target = RefreshTarget.parse(model)
                .filter(parsed -> parsed.model() != null && parsed.now() == null)
                .orElseThrow(() ->
                        new ParameterException(command.commandLine(), "'" + model + "' is not the name of a model."));
        Warehouse warehouse = context.warehouse();
        if (new Requests(warehouse)
                .ask(RebuildRequests.VERB, target.text(), wait)
                .isEmpty()) {
            SqlFiles files = new SqlFiles(warehouse);
            files.apply(Edits.read(context.root(), files));
            new Refresh(warehouse, files, RefreshSettings.of(context.settings()), Clock.systemUTC()).rebuild(target);
        }
        output.print(target.model() + " was rebuilt.", Map.of("rebuilt", target.text()));
        return ExitCode.DONE;
    }
}
