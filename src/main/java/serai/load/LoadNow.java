package serai.load;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import serai.warehouse.Row;
import serai.warehouse.Sql;

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
        Map<String, Object> run = awaitRun(asked);
        output.print(
                String.format(
                        "%s: %s, %s read, %s inserted, %s deleted, %s rejected%s",
                        source,
                        run.get("status"),
                        run.get("read"),
                        run.get("inserted"),
                        run.get("deleted"),
                        run.get("rejected"),
                        run.get("error") == null ? "" : ". " + run.get("error")),
                run);
        return List.of("ok", "unchanged").contains(run.get("status")) ? 0 : 1;
    }

    private Instant now() throws SQLException {
        try (Connection c = context.warehouse().dataSource().getConnection()) {
            return Sql.on(c)
                    .first("select clock_timestamp() as now", row -> row.instant("now"))
                    .orElseThrow();
        }
    }

    /** The first run that ended after the request; one that was under way counts too. */
    private Map<String, Object> awaitRun(Instant asked) throws Exception {
        long end = System.nanoTime() + wait.toNanos();
        while (true) {
            Optional<Map<String, Object>> run = endedRun(asked);
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

    private Optional<Map<String, Object>> endedRun(Instant asked) throws SQLException {
        try (Connection c = context.warehouse().dataSource().getConnection()) {
            return Sql.on(c).first("""
                    select run_id, status, rows_read, rows_inserted, rows_deleted, rows_rejected, error
                    from meta.runs where source = ? and finished_at >= ? and status <> 'running'
                    order by run_id limit 1""", LoadNow::run, source, asked);
        }
    }

    private static Map<String, Object> run(Row row) throws SQLException {
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("run_id", row.number("run_id"));
        run.put("status", row.text("status"));
        run.put("read", row.number("rows_read"));
        run.put("inserted", row.number("rows_inserted"));
        run.put("deleted", row.number("rows_deleted"));
        run.put("rejected", row.number("rows_rejected"));
        run.put("error", row.text("error"));
        return run;
    }
}
