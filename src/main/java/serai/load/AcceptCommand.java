package serai.load;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import serai.command.CommandContext;
import serai.command.CommandOutput;
import serai.load.HeldReplies.Held;
import serai.request.Requests;
import serai.warehouse.Instance;

/** {@code accept}: has a reply that was held loaded as it is, by the instance that has its file. */
@Command(
        name = "accept",
        description = "Load the reply of a source that was held last, although its judgement was against it, and show"
                + " how the run ended. The running process does it; without one, the command.",
        mixinStandardHelpOptions = true)
final class AcceptCommand implements Callable<Integer> {

    private final CommandContext context;

    @Mixin
    private CommandOutput output;

    @Parameters(paramLabel = "SOURCE", description = "the source, which is the id of its route")
    private String source;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "30m",
            description = "longest wait for the end of the run, such as 90s; ${DEFAULT-VALUE} by default")
    private Duration wait;

    AcceptCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        LoadCommands.requireSource(context, source);
        Held held = LoadCommands.with(context, sql -> Acceptance.required(sql, source));
        boolean running = LoadCommands.with(context, sql -> Instance.isRunning(sql, held.instance()));
        ImportLimits limits = LoadRoom.limits(context.root(), context.settings());
        context.closeAtEnd(limits.spool());
        if (!running && !limits.held().isHere(held)) {
            throw new IllegalStateException("The instance " + held.instance() + host(held)
                    + " has the reply, and it does" + " not run. Start it, or run this command in its folder.");
        }
        output.print(
                "What was held at " + held.keptAt() + ": " + held.reason(),
                Map.of("held", held.runId(), "reason", held.reason()));
        if (!LoadCommands.with(context, sql -> HeldReplies.accept(sql, held, System.getProperty("user.name")))) {
            throw new IllegalStateException("A newer reply has taken its place.");
        }
        load(running, limits);
        return LoadCommands.with(context, sql -> EndedRun.first(sql, "accepts = ? order by run_id desc", held.runId()))
                .orElseThrow(() -> new IllegalStateException("The run that loads it has not ended."))
                .print(output);
    }

    private void load(boolean running, ImportLimits limits) throws Exception {
        try {
            if (!running
                    || new Requests(context.warehouse())
                            .ask(AcceptRequests.VERB, source, wait)
                            .isEmpty()) {
                new Acceptance(context.warehouse(), limits).load(source);
            }
        } catch (IllegalStateException e) {
            // refused: it must not be loaded by itself later
            LoadCommands.with(context, sql -> {
                HeldReplies.withdraw(sql, source);
                return null;
            });
            throw e;
        }
    }

    /** Where an instance ran last. */
    private String host(Held held) throws SQLException {
        return LoadCommands.with(
                        context,
                        sql -> sql.first(
                                "select host from meta.instances where id = ?",
                                row -> row.text("host"),
                                held.instance()))
                .map(host -> " on " + host)
                .orElse("");
    }
}
