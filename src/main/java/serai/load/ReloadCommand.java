package serai.load;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
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
import serai.warehouse.Sql;

/** {@code reload}: has past days of a source imported again, by the running process or, without one, by the command. */
@Command(
        name = "reload",
        description = "Import past days of a source again, and show the progress. The running process does it; without"
                + " one, the command. What differs is written, as in any import.",
        mixinStandardHelpOptions = true)
final class ReloadCommand implements Callable<Integer> {

    private static final long POLL_MILLIS = 200;

    private final CommandContext context;
    private final LoadCommands.Importer here;

    @Mixin
    private CommandOutput output;

    @Parameters(paramLabel = "SOURCE", description = "the source, which is the id of its route")
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
        if (cancel) {
            boolean cancelled = with(sql -> Reload.cancel(sql, source));
            output.print(
                    cancelled ? "The reload of " + source + " is cancelled." : "There is no reload of " + source + ".",
                    Map.of("cancelled", cancelled));
            return cancelled ? 0 : 1;
        }
        LoadCommands.requireSource(context, source);
        if (rejects) {
            takeDaysOfRejects();
        }
        LocalDate last = to == null ? LocalDate.now(ZoneOffset.UTC) : to;
        requireDays(last);
        with(sql -> {
            Reload.ask(sql, source, from, last.plusDays(1), System.getProperty("user.name"));
            return null;
        });
        begin();
        output.print(
                source + ": " + from + " to " + last + " is imported.",
                Map.of("source", source, "from", from.toString(), "to", last.toString()));
        return 0;
    }

    private void begin() throws Exception {
        long before = lastRun();
        try {
            if (new Requests(context.warehouse())
                    .ask(LoadRequests.VERB, source, wait)
                    .isEmpty()) {
                here.begin(context, source);
            }
        } catch (IllegalStateException e) {
            // refused: it must not begin by itself later
            with(sql -> Reload.cancel(sql, source));
            throw e;
        }
        awaitEnd(before);
    }

    private void takeDaysOfRejects() throws SQLException {
        with(sql -> sql.first(
                "select min((locator ->> 'day')::date) as first, max((locator ->> 'day')::date) as last"
                        + " from meta.rejects where source = ? and resolved_at is null",
                row -> {
                    from = row.date("first");
                    to = row.date("last");
                    return true;
                },
                source));
        if (from == null) {
            throw new IllegalStateException(source + " has no open rejects whose day is known.");
        }
    }

    private void requireDays(LocalDate last) {
        if (from == null) {
            throw new IllegalStateException("Name the first day: --from 2026-01-01");
        }
        if (last.isBefore(from)) {
            throw new IllegalStateException("--to " + last + " is before --from " + from + ".");
        }
        if (from.isAfter(LocalDate.now(ZoneOffset.UTC))) {
            throw new IllegalStateException("--from " + from + " is in the future.");
        }
    }

    private void awaitEnd(long before) throws Exception {
        long end = System.nanoTime() + wait.toNanos();
        LocalDate shown = from;
        Optional<Reload> reload = with(sql -> Reload.find(sql, source));
        while (reload.isPresent()) {
            if (reload.get().next().isAfter(shown)) {
                shown = reload.get().next();
                output.print(source + ": imported up to " + shown.minusDays(1), Map.of("next", shown.toString()));
            }
            Optional<String> refusal = refusal(before);
            if (refusal.isPresent()) {
                throw new NegativeAnswerException(
                        refusal.get() + " It is tried again; reload " + source + " --cancel gives the reload up.");
            }
            if (System.nanoTime() > end) {
                throw new NegativeAnswerException(
                        "It is not complete within " + wait.toSeconds() + " s; it continues.");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            reload = with(sql -> Reload.find(sql, source));
        }
    }

    private long lastRun() throws SQLException {
        return with(sql -> sql.first(
                        "select coalesce(max(run_id), 0) as last from meta.runs where source = ?"
                                + " and status <> 'running'",
                        row -> row.number("last"),
                        source)
                .orElseThrow());
    }

    /** Why a part was not imported. */
    private Optional<String> refusal(long before) throws SQLException {
        return with(sql -> sql.first(
                "select status || ': ' || error as refusal from meta.runs where source = ? and run_id > ?"
                        + " and status in ('held', 'failed') order by run_id desc limit 1",
                row -> row.text("refusal"),
                source,
                before));
    }

    private interface Statements<T> {
        T on(Sql sql) throws SQLException;
    }

    private <T> T with(Statements<T> statements) throws SQLException {
        try (Connection c = context.warehouse().dataSource().getConnection()) {
            return statements.on(Sql.on(c));
        }
    }
}
