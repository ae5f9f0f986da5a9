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
import serai.warehouse.Row;

/** {@code validate}: compares replicated tables with their source, by the process that follows it. */
@Command(
        name = "validate",
        description = "Compare tables of a replicated source with the warehouse, row by row, through the mapping. The"
                + " running process does it. Rows that differ are in meta.validation_failures; reload repairs them.",
        mixinStandardHelpOptions = true)
final class ValidateCommand implements Callable<Integer> {

    private static final long POLL_MILLIS = 200;

    private final CommandContext context;

    @Mixin
    private CommandOutput output;

    @Parameters(paramLabel = "SOURCE", description = "the source, or SOURCE.TABLE for one of its tables")
    private String name;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "2h",
            description = "longest wait for the end, such as 30m; ${DEFAULT-VALUE} by default")
    private Duration wait;

    ValidateCommand(CommandContext context) {
        this.context = context;
    }

    /** What became of a table. */
    private record Result(String table, String state, long rows, long mismatches, String reason) {

        static Result of(Row row) throws SQLException {
            return new Result(
                    row.text("source_table"),
                    row.text("state"),
                    row.number("rows_compared"),
                    row.number("mismatches"),
                    row.text("reason"));
        }

        boolean isOpen() {
            return state.equals("pending") || state.equals("running");
        }

        String text() {
            return table + ": " + state + ", " + rows + " rows, " + mismatches + " mismatches"
                    + (reason == null ? "" : "; " + reason);
        }
    }

    @Override
    public Integer call() throws Exception {
        ReplicatedTables found = ReplicatedTables.find(context, name)
                .orElseThrow(() -> new IllegalStateException("There is no replicated source " + name + "."));
        LoadCommands.with(
                context,
                sql -> sql.update(
                        "insert into meta.validations as v (source, source_table, state, asked_by)"
                                + " select ?, t, 'pending', ? from unnest(?::text[]) t"
                                + " on conflict (source, source_table) do update set state = 'pending',"
                                + " asked_at = clock_timestamp(), asked_by = excluded.asked_by"
                                + " where v.state <> 'running'",
                        found.source(),
                        System.getProperty("user.name"),
                        found.tables()));
        List<Result> results = awaitEnd(found);
        for (Result result : results) {
            output.print(
                    result.text(),
                    Map.of(
                            "table", result.table(),
                            "state", result.state(),
                            "rows", result.rows(),
                            "mismatches", result.mismatches()));
        }
        return results.stream().allMatch(result -> result.state().equals("validated")) ? ExitCode.DONE : ExitCode.NO;
    }

    private List<Result> awaitEnd(ReplicatedTables found) throws Exception {
        long end = System.nanoTime() + wait.toNanos();
        while (true) {
            List<Result> results = LoadCommands.with(
                    context,
                    sql -> sql.list(
                            "select source_table, state, rows_compared, mismatches, reason from meta.validations"
                                    + " where source = ? and source_table = any (?::text[]) order by source_table",
                            Result::of,
                            found.source(),
                            found.tables()));
            if (results.stream().noneMatch(Result::isOpen)) {
                return results;
            }
            if (System.nanoTime() > end) {
                throw new NegativeAnswerException("It is not complete within " + wait.toSeconds()
                        + " s; it continues while Serai runs: see meta.validations.");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }
}
