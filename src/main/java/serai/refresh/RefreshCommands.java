package serai.refresh;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import serai.command.CommandContext;
import serai.command.CommandOutput;
import serai.request.Requests;

/** The command {@code refresh}. */
public final class RefreshCommands {

    private RefreshCommands() {}

    /** Adds the command. Nothing is opened before it runs. */
    public static void addTo(CommandLine serai, CommandContext context) {
        serai.addSubcommand(new RefreshNow(context));
    }

    @Command(
            name = "refresh",
            description = "Refresh all models now, in the running process, and show whether all are up to date.",
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
            String answer = new Requests(context.warehouse()).ask(RefreshRequests.VERB, RefreshRequests.ALL, wait);
            output.print(answer, Map.of("answer", answer));
            return 0;
        }
    }
}
