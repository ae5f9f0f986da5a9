package serai.load;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import serai.command.CommandContext;

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
        serai.addSubcommand(new CommandLine(new LoadCommand()).addSubcommand(new LoadNow(context, here)));
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
