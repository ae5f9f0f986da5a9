package serai.load;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import serai.command.CommandContext;
import serai.command.CommandOutput;
import serai.command.ExitCode;
import serai.command.NegativeAnswerException;
import serai.request.Requests;

/** {@code replay}: has open rejects applied again, after what was in their way was corrected. */
@Command(
        name = "replay",
        description = "Apply open rejects again, after what was in their way was corrected: rows of messages from what"
                + " was received, unless a later message has had their key; the days of an import by reload.",
        mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {

    private static final String SOURCES = """
            select source, kind from meta.sources where source in (
              select r.source from meta.rejects r where r.resolved_at is null and (r.source = ? or r.target = ?))
            order by source""";

    private final CommandContext context;
    private final LoadCommands.Importer here;

    @Mixin
    private CommandOutput output;

    @Parameters(paramLabel = "NAME", description = "a source, which is the id of its route, or a table of sources")
    private String name;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "2h",
            description = "longest wait for the end, such as 30m; ${DEFAULT-VALUE} by default")
    private Duration wait;

    ReplayCommand(CommandContext context, LoadCommands.Importer here) {
        this.context = context;
        this.here = here;
    }

    /** A source with open rejects. */
    private record Source(String name, String kind) {}

    @Override
    public Integer call() throws Exception {
        List<Source> sources = LoadCommands.with(
                context, sql -> sql.list(SOURCES, row -> new Source(row.text("source"), row.text("kind")), name, name));
        if (sources.isEmpty()) {
            throw new NegativeAnswerException("There are no open rejects of " + name + ".");
        }
        long left = 0;
        for (Source source : sources) {
            String answer = source.kind().equals(UpsertRows.KIND) ? apply(source.name()) : reload(source.name());
            long open = open(source.name());
            left += open;
            output.print(answer, Map.of("source", source.name(), "open", open, "answer", answer));
        }
        return left == 0 ? ExitCode.DONE : ExitCode.NO;
    }

    private String apply(String source) throws Exception {
        return new Requests(context.warehouse())
                .ask(ReplayRequests.VERB, source, wait)
                .orElseThrow(() -> new IllegalStateException(
                        "Start Serai: its route " + source + " applies rejects of messages."));
    }

    private String reload(String source) throws Exception {
        long before = open(source);
        new Reloading(context, here, output, source, wait).runDaysOfRejects();
        long open = open(source);
        return source + ": " + (before - open) + " rejects are resolved by the days that were imported again, " + open
                + " are open.";
    }

    private long open(String source) throws SQLException {
        return LoadCommands.with(context, sql -> Replay.open(sql, source));
    }
}
