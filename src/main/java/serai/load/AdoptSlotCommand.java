package serai.load;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import serai.command.CommandContext;
import serai.command.CommandOutput;
import serai.command.ExitCode;
import serai.command.NegativeAnswerException;
import serai.warehouse.Instance;

/** {@code adopt-slot}: goes on from where another reader has moved the slot of a source. */
@Command(
        name = "adopt-slot",
        description = "Take over the slot of a replicated source that another reader has moved. Each table is compared"
                + " with the source, and copied anew if it differs. The running process does it.",
        mixinStandardHelpOptions = true)
final class AdoptSlotCommand implements Callable<Integer> {

    private static final long POLL_MILLIS = 200;

    private final CommandContext context;

    @Mixin
    private CommandOutput output;

    @Parameters(paramLabel = "SOURCE", description = "the source")
    private String source;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "2h",
            description = "longest wait for the end, such as 30m; ${DEFAULT-VALUE} by default")
    private Duration wait;

    AdoptSlotCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        String before = adoptedAt();
        long known = LoadCommands.with(
                context,
                sql -> sql.update(
                        "update meta.replicated_sources set adopt_asked_at = clock_timestamp(), adopt_asked_by = ?"
                                + " where source = ?",
                        System.getProperty("user.name"),
                        source));
        if (known == 0) {
            throw new IllegalStateException("There is no replicated source " + source + ".");
        }
        if (LoadCommands.with(context, Instance::running).isEmpty()) {
            output.print(
                    "No process runs: the slot of " + source + " will be taken over when one does.",
                    Map.of("source", source));
            return ExitCode.DONE;
        }
        long end = System.nanoTime() + wait.toNanos();
        while (isAsked()) {
            sleep(end);
        }
        if (before.equals(adoptedAt())) {
            throw new NegativeAnswerException("The slot of " + source
                    + " was not taken over: no other reader has moved it, or it cannot be read any more.");
        }
        awaitTables(end);
        return ExitCode.DONE;
    }

    private void awaitTables(long end) throws Exception {
        String shown = "";
        for (List<String> open = tables("gap"); !open.isEmpty(); open = tables("gap")) {
            String now = String.join(", ", open);
            if (!now.equals(shown)) {
                output.print(source + ": " + now, Map.of("open", open));
                shown = now;
            }
            sleep(end);
        }
        List<String> parked = tables("state = 'parked'");
        if (!parked.isEmpty()) {
            throw new NegativeAnswerException("Parked: " + String.join(", ", parked) + ".");
        }
        output.print(
                "The slot of " + source + " is taken over; its tables are equal to the source.",
                Map.of("source", source));
    }

    private void sleep(long end) throws InterruptedException, NegativeAnswerException {
        if (System.nanoTime() > end) {
            throw new NegativeAnswerException("It is not complete within " + wait.toSeconds() + " s; it continues.");
        }
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }

    private String adoptedAt() throws SQLException {
        return LoadCommands.with(
                context,
                sql -> sql.first(
                                "select adopted_at::text as at from meta.replicated_sources where source = ?",
                                row -> row.text("at"),
                                source)
                        .orElse(""));
    }

    private boolean isAsked() throws SQLException {
        return LoadCommands.with(
                context,
                sql -> sql.first(
                                "select 1 from meta.replicated_sources where source = ? and adopt_asked_at is not null",
                                row -> true,
                                source)
                        .isPresent());
    }

    private List<String> tables(String condition) throws SQLException {
        return LoadCommands.with(
                context,
                sql -> sql.list(
                        "select source_table || case when state = 'complete' then ' is compared' when state = 'parked'"
                                + " then '' else ' is copied anew' end as table from meta.replicated_tables"
                                + " where source = ? and " + condition + " order by source_table",
                        row -> row.text("table"),
                        source));
    }
}
