package serai.load;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import serai.command.CommandContext;
import serai.command.CommandOutput;
import serai.command.NegativeAnswerException;
import serai.warehouse.Instance;

/**
 * Asks that tables of a replicated source are copied anew, by rows of {@code meta.replicated_tables}, and waits for it.
 * The process that follows the source does it; until one runs, the wish stays.
 */
final class ReplicatedReload {

    private static final long POLL_MILLIS = 200;

    private final CommandContext context;
    private final CommandOutput output;
    private final String source;
    private final List<String> tables;

    private ReplicatedReload(CommandContext context, CommandOutput output, String source, List<String> tables) {
        this.context = context;
        this.output = output;
        this.source = source;
        this.tables = tables;
    }

    /** Of the tables that are meant; empty when no replicated source has this name. */
    static Optional<ReplicatedReload> find(CommandContext context, CommandOutput output, String name)
            throws SQLException {
        return ReplicatedTables.find(context, name)
                .map(found -> new ReplicatedReload(context, output, found.source(), found.tables()));
    }

    /** Takes back what is asked for and has not begun. */
    void cancel() throws SQLException {
        long cancelled = LoadCommands.with(
                context,
                sql -> sql.update(
                        "update meta.replicated_tables set reload_asked_at = null where source = ?"
                                + " and source_table = any (?::text[]) and reload_asked_at is not null",
                        source,
                        tables));
        output.print(cancelled + " reloads of " + source + " are cancelled.", Map.of("cancelled", cancelled));
    }

    /**
     * Asks, and shows the progress until the end.
     *
     * @throws NegativeAnswerException when a table is parked, or it takes longer
     */
    void run(Duration wait) throws Exception {
        LoadCommands.with(
                context,
                sql -> sql.update(
                        "update meta.replicated_tables set reload_asked_at = clock_timestamp(), reload_asked_by = ?"
                                + " where source = ? and source_table = any (?::text[])",
                        System.getProperty("user.name"),
                        source,
                        tables));
        if (LoadCommands.with(context, Instance::running).isEmpty()) {
            output.print(
                    "No process runs: " + String.join(", ", tables) + " will be copied anew when one does.",
                    Map.of("tables", tables));
            return;
        }
        long end = System.nanoTime() + wait.toNanos();
        String shown = "";
        for (List<String> open = open(); !open.isEmpty(); open = open()) {
            String now = String.join(", ", open);
            if (!now.equals(shown)) {
                output.print(source + ": " + now, Map.of("open", open));
                shown = now;
            }
            if (System.nanoTime() > end) {
                throw new NegativeAnswerException(
                        "It is not complete within " + wait.toSeconds() + " s; it continues.");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        List<String> parked = parked();
        if (!parked.isEmpty()) {
            throw new NegativeAnswerException(parked.stream().collect(Collectors.joining("; ", "Parked: ", ".")));
        }
        output.print(source + ": " + String.join(", ", tables) + " is copied anew.", Map.of("tables", tables));
    }

    private List<String> open() throws SQLException {
        return LoadCommands.with(
                context,
                sql -> sql.list(
                        "select source_table || case when reload_asked_at is not null then ' waits' else ' is copied'"
                                + " end as table from meta.replicated_tables where source = ?"
                                + " and source_table = any (?::text[])"
                                + " and (reload_asked_at is not null or state = 'reloading') order by source_table",
                        row -> row.text("table"),
                        source,
                        tables));
    }

    private List<String> parked() throws SQLException {
        return LoadCommands.with(
                context,
                sql -> sql.list(
                        "select source_table || ': ' || coalesce(reason, '') as table from meta.replicated_tables"
                                + " where source = ? and source_table = any (?::text[]) and state = 'parked'"
                                + " order by source_table",
                        row -> row.text("table"),
                        source,
                        tables));
    }
}
