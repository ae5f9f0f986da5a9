package serai.load;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import serai.command.CommandContext;
import serai.command.CommandOutput;
import serai.command.ExitCode;

/**
 * {@code reload}: has past days of a source imported again, by the running process or, without one, by the command; or
 * tables of a replicated source copied anew.
 */
@Command(
        name = "reload",
        description = "Import past days of a source again, and show the progress. The running process does it; without"
                + " one, the command. What differs is written, as in any import. Tables of a replicated source are"
                + " copied anew beside themselves, and what differs is written; their log is followed meanwhile.",
        mixinStandardHelpOptions = true)
final class ReloadCommand implements Callable<Integer> {

    private final CommandContext context;
    private final LoadCommands.Importer here;

    @Mixin
    private CommandOutput output;

    @Parameters(
            paramLabel = "SOURCE",
            description =
                    "the source, which is the id of its route; SOURCE.TABLE for one table of a replicated" + " source")
    private String source;

    @Option(names = "--from", paramLabel = "DAY", description = "the first day, such as 2026-01-01")
    private LocalDate from;

    @Option(names = "--to", paramLabel = "DAY", description = "the last day; today by default")
    private LocalDate to;

    @Option(names = "--rejects", description = "the days of its open rejects, in place of --from and --to")
    private boolean rejects;

    @Option(names = "--cancel", description = "give up a reload that is not complete yet")
    private boolean cancel;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "2h",
            description = "longest wait for the end, such as 30m; ${DEFAULT-VALUE} by default")
    private Duration wait;

    ReloadCommand(CommandContext context, LoadCommands.Importer here) {
        this.context = context;
        this.here = here;
    }

    @Override
    public Integer call() throws Exception {
        Optional<ReplicatedReload> replicated = ReplicatedReload.find(context, output, source);
        if (replicated.isPresent()) {
            reload(replicated.get());
            return ExitCode.DONE;
        }
        if (cancel) {
            boolean cancelled = LoadCommands.with(context, sql -> Reload.cancel(sql, source));
            output.print(
                    cancelled ? "The reload of " + source + " is cancelled." : "There is no reload of " + source + ".",
                    Map.of("cancelled", cancelled));
            return cancelled ? ExitCode.DONE : ExitCode.NO;
        }
        LoadCommands.requireSource(context, source);
        Reloading reloading = new Reloading(context, here, output, source, wait);
        if (rejects) {
            reloading.runDaysOfRejects();
        } else if (from == null) {
            throw new IllegalStateException("Name the first day: --from 2026-01-01");
        } else {
            reloading.run(from, to == null ? LocalDate.now(ZoneOffset.UTC) : to);
        }
        return ExitCode.DONE;
    }

    private void reload(ReplicatedReload replicated) throws Exception {
        if (from != null || to != null || rejects) {
            throw new IllegalStateException(source + " is replicated: its tables are copied anew as a whole. Leave out"
                    + " --from, --to and --rejects.");
        }
        if (cancel) {
            replicated.cancel();
        } else {
            replicated.run(wait);
        }
    }
}
