package serai;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import serai.command.CommandContext;
import serai.command.CommandOutput;
import serai.request.Pause;
import serai.request.Pauses;
import serai.request.Subject;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;

/** {@code pause} and {@code resume}: a row in {@code meta.paused}, which all instances obey. */
abstract class PauseCommand implements Callable<Integer> {

    private final CommandContext context;

    @Mixin
    private CommandOutput output;

    @Parameters(paramLabel = "NAME", description = "the id of the source's route, or the name of the model")
    private String name;

    private PauseCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        for (Subject subject : subjects()) {
            apply(context.warehouse(), subject);
        }
        return 0;
    }

    abstract void apply(Warehouse warehouse, Subject subject) throws Exception;

    private List<Subject> subjects() throws SQLException {
        try (Connection c = context.warehouse().dataSource().getConnection()) {
            return Subject.named(Sql.on(c), name);
        }
    }

    void print(String text, Subject subject, Pause pause) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("kind", subject.kind().text());
        fields.put("name", subject.name());
        fields.put("paused", pause != null);
        if (pause != null) {
            fields.put("by", pause.by());
            fields.put("why", pause.why());
            fields.put("since", pause.since().toString());
        }
        output.print(text, fields);
    }

    /** {@code pause}. */
    @Command(
            name = "pause",
            description = "Pause a source or a model until it is resumed, also through restarts."
                    + " A run in progress is finished.")
    static final class PauseNow extends PauseCommand {

        @Option(names = "--why", paramLabel = "TEXT", description = "the reason, which the page shows")
        private String why;

        PauseNow(CommandContext context) {
            super(context);
        }

        @Override
        void apply(Warehouse warehouse, Subject subject) throws Exception {
            Pause pause = Pauses.pause(warehouse, subject, System.getProperty("user.name"), why);
            print(pause.text(), subject, pause);
        }
    }

    /** {@code resume}. */
    @Command(
            name = "resume",
            description = "Let a paused source or model run again. A source that missed its time runs within"
                    + " load.retry, a model at the next refresh.")
    static final class Resume extends PauseCommand {

        Resume(CommandContext context) {
            super(context);
        }

        @Override
        void apply(Warehouse warehouse, Subject subject) throws Exception {
            Optional<Pause> ended = Pauses.resume(warehouse, subject);
            print(subject + (ended.isPresent() ? " runs again." : " was not paused."), subject, null);
        }
    }
}
