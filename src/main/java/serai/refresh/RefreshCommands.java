package serai.refresh;

import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import serai.command.CommandContext;
import serai.command.CommandOutput;
import serai.command.ExitCode;
import serai.command.NegativeAnswerException;
import serai.edits.Edits;
import serai.edits.Refusal;
import serai.request.Requests;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;

/** The command {@code refresh}. */
public final class RefreshCommands {

    private RefreshCommands() {}

    /** Adds the command. Nothing is opened before it runs. */
    public static void addTo(CommandLine serai, CommandContext context) {
        serai.addSubcommand(new RefreshNow(context));
    }

    @Command(
            name = "refresh",
            description = "Refresh all models now, and show whether all are up to date. The running process does it;"
                    + " without one, the command.",
            mixinStandardHelpOptions = true)
    private static final class RefreshNow implements Callable<Integer> {

        private final CommandContext context;

        @Mixin
        private CommandOutput output;

        @Option(
                names = "--wait",
                paramLabel = "TIME",
                defaultValue = "30m",
                description = "longest wait for the end, such as 90s; ${DEFAULT-VALUE} by default")
        private Duration wait;

        RefreshNow(CommandContext context) {
            this.context = context;
        }

        @Override
        public Integer call() throws Exception {
            Warehouse warehouse = context.warehouse();
            List<String> problems = new ArrayList<>();
            if (new Requests(warehouse)
                    .ask(RefreshRequests.VERB, RefreshRequests.ALL, wait)
                    .isEmpty()) {
                problems.addAll(refreshHere(warehouse));
            }
            RefreshResult result;
            try (Connection c = warehouse.dataSource().getConnection()) {
                result = RefreshResult.read(Sql.on(c));
            }
            problems.addAll(result.problems());
            output.print(
                    result.text(),
                    Map.of("upToDate", result.upToDate(), "paused", result.paused(), "problems", problems));
            if (!problems.isEmpty()) {
                throw new NegativeAnswerException(String.join("\n", problems));
            }
            return ExitCode.DONE;
        }

        /** Without a running process; returns the files that are refused. */
        private List<String> refreshHere(Warehouse warehouse) throws Exception {
            SqlFiles files = new SqlFiles(warehouse);
            List<Refusal> refusals = files.apply(Edits.read(context.root(), files));
            new Refresh(warehouse, files, RefreshSettings.of(context.settings()), Clock.systemUTC()).runNow();
            return refusals.stream()
                    .map(refusal -> refusal.file() + (refusal.line() == null ? "" : ":" + refusal.line())
                            + " is refused: " + refusal.reason())
                    .toList();
        }
    }
}
