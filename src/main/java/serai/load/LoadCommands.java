package serai.load;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import serai.command.CommandContext;
import serai.settings.Spelling;
import serai.warehouse.Instance;
import serai.warehouse.Sql;

/** The commands of imports. */
public final class LoadCommands {

    private LoadCommands() {}

    /** Begins the import of a source in this process. */
    @FunctionalInterface
    public interface Importer {
        /** @throws IllegalStateException when it cannot be imported; the message says why */
        void begin(CommandContext context, String source) throws Exception;
    }

    /**
     * Adds the commands. Nothing is opened before a command runs.
     *
     * @param here imports while no process runs; it knows the rooms of all sources
     */
    public static void addTo(CommandLine serai, CommandContext context, Importer here) {
        serai.addSubcommand(new CommandLine(new LoadCommand()).addSubcommand(new LoadNow(context, here)))
                .addSubcommand(new ReloadCommand(context, here))
                .addSubcommand(new ValidateCommand(context))
                .addSubcommand(new AdoptSlotCommand(context))
                .addSubcommand(new ReplayCommand(context, here))
                .addSubcommand(new AcceptCommand(context));
    }

    /** Statements of a command. */
    interface Statements<T> {
        /** Runs them; each is a transaction of its own. */
        T on(Sql sql) throws SQLException;
    }

    /** Runs statements in the warehouse. */
    static <T> T with(CommandContext context, Statements<T> statements) throws SQLException {
        try (Connection c = context.warehouse().dataSource().getConnection()) {
            return statements.on(Sql.on(c));
        }
    }

    /** @throws IllegalStateException when no route imports the source by a timer */
    static void requireSource(CommandContext context, String source) throws SQLException {
        try (Connection c = context.warehouse().dataSource().getConnection()) {
            // a process that ends leaves its sources inactive
            List<String> known = Sql.on(c)
                    .list(
                            "select source from meta.sources where (active or not ?) and cron is not null"
                                    + " order by source",
                            row -> row.text("source"),
                            Instance.running(Sql.on(c)).isPresent());
            if (!known.contains(source)) {
                throw new IllegalStateException("There is no source " + source + "."
                        + (known.isEmpty() ? "" : " The nearest name is " + Spelling.nearest(source, known) + "."));
            }
        }
    }

    @Command(name = "load", description = "Commands for imports.", mixinStandardHelpOptions = true)
    private static final class LoadCommand implements Runnable {

        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            throw new CommandLine.ParameterException(spec.commandLine(), "Name a command of load.");
        }
    }
}
