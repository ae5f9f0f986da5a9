package serai.load;

import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import serai.command.CommandContext;
import serai.command.CommandOutput;
import serai.command.NegativeAnswerException;
import serai.request.Requests;

/** Asks for a reload of past days, has it begun, and shows the progress until its end. */
final class Reloading {

    private static final long POLL_MILLIS = 200;

    private final CommandContext context;
    private final LoadCommands.Importer here;
    private final CommandOutput output;
    private final String source;
    private final Duration wait;

    /**
     * @param here imports when no process runs
     * @param wait longest wait for the end
     */
    Reloading(CommandContext context, LoadCommands.Importer here, CommandOutput output, String source, Duration wait) {
        this.context = context;
        this.here = here;
        this.output = output;
        this.source = source;
        this.wait = wait;
    }

    /** Days of a reload. */
    private record Days(LocalDate first, LocalDate last) {}

    /**
     * Imports the days of the open rejects.
     *
     * @throws IllegalStateException when there are none
     * @throws NegativeAnswerException when a part is not imported
     */
    void runDaysOfRejects() throws Exception {
        Days days = LoadCommands.with(
                        context,
                        sql -> sql.first(
                                "select min((locator ->> 'day')::date) as first,"
                                        + " max((locator ->> 'day')::date) as last"
                                        + " from meta.rejects where source = ? and resolved_at is null",
                                row -> new Days(row.date("first"), row.date("last")),
                                source))
                .filter(found -> found.first() != null)
                .orElseThrow(() -> new IllegalStateException(source + " has no open rejects whose day is known."));
        run(days.first(), days.last());
    }

    /**
     * Imports some days.
     *
     * @throws IllegalStateException when they are in the future, or the source is not to be imported now
     * @throws NegativeAnswerException when a part is not imported
     */
    void run(LocalDate first, LocalDate last) throws Exception {
        if (last.isBefore(first)) {
            throw new IllegalStateException("--to " + last + " is before --from " + first + ".");
        }
        if (first.isAfter(LocalDate.now(ZoneOffset.UTC))) {
            throw new IllegalStateException("--from " + first + " is in the future.");
        }
        LoadCommands.with(context, sql -> {
            Reload.ask(sql, source, first, last.plusDays(1), System.getProperty("user.name"));
            return null;
        });
        long before = lastRun();
        begin();
        awaitEnd(first, before);
        output.print(
                source + ": " + first + " to " + last + " is imported.",
                Map.of("source", source, "from", first.toString(), "to", last.toString()));
    }

    private void begin() throws Exception {
        try {
            if (new Requests(context.warehouse())
                    .ask(LoadRequests.VERB, source, wait)
                    .isEmpty()) {
                here.begin(context, source);
            }
        } catch (IllegalStateException e) {
            // refused: it must not begin by itself later
            LoadCommands.with(context, sql -> Reload.cancel(sql, source));
            throw e;
        }
    }

    private void awaitEnd(LocalDate first, long before) throws Exception {
        long end = System.nanoTime() + wait.toNanos();
        LocalDate shown = first;
        Optional<Reload> reload = find();
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
            reload = find();
        }
    }

    private Optional<Reload> find() throws SQLException {
        return LoadCommands.with(context, sql -> Reload.find(sql, source));
    }

    private long lastRun() throws SQLException {
        return LoadCommands.with(
                context,
                sql -> sql.first(
                                "select coalesce(max(run_id), 0) as last from meta.runs where source = ?"
                                        + " and status <> 'running'",
                                row -> row.number("last"),
                                source)
                        .orElseThrow());
    }

    /** Why a part was not imported. */
    private Optional<String> refusal(long before) throws SQLException {
        return LoadCommands.with(
                context,
                sql -> sql.first(
                        "select status || ': ' || error as refusal from meta.runs where source = ? and run_id > ?"
                                + " and status in ('held', 'failed') order by run_id desc limit 1",
                        row -> row.text("refusal"),
                        source,
                        before));
    }
}
