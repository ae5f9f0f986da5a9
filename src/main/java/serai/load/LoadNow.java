package serai.load;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import serai.command.CommandContext;
import serai.command.CommandOutput;
import serai.command.NegativeAnswerException;
import serai.request.Requests;

/**
 * {@code load now}: has the running process import a source at once, or does it itself when none runs, and waits for
 * the end of the run.
 */
@Command(
        name = "now",
        description = "Import a source now, and show how the run ended. The running process does it; without one, the"
                + " command.",
        mixinStandardHelpOptions = true)
final class LoadNow implements Callable<Integer> {

    private static final long POLL_MILLIS = 200;

    private final CommandContext context;
    private final LoadCommands.Importer here;

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

    LoadNow(CommandContext context, LoadCommands.Importer here) {
        this.context = context;
        this.here = here;
    }

    @Override
    public Integer call() throws Exception {
        LoadCommands.requireSource(context, source);
        Instant asked = now();
        if (new Requests(context.warehouse())
                .ask(LoadRequests.VERB, source, wait)
                .isEmpty()) {
            here.begin(context, source);
        }
        return awaitRun(asked).print(output);
    }

    private Instant now() throws SQLException {
        return LoadCommands.with(
                context,
                sql -> sql.first("select clock_timestamp() as now", row -> row.instant("now"))
                        .orElseThrow());
    }

    /** The first run that ended after the request; one that was under way counts too. */
    private EndedRun awaitRun(Instant asked) throws Exception {
        long end = System.nanoTime() + wait.toNanos();
        while (true) {
            Optional<EndedRun> run = endedRun(asked);
            if (run.isPresent()) {
                return run.get();
            }
            if (System.nanoTime() > end) {
                throw new NegativeAnswerException(
                        "The run has not ended within " + wait.toSeconds() + " s; it continues.");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private Optional<EndedRun> endedRun(Instant asked) throws SQLException {
        return LoadCommands.with(
                context, sql -> EndedRun.first(sql, "source = ? and finished_at >= ? order by run_id", source, asked));
    }
}
