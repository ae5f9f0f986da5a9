package serai.load;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import serai.command.CommandContext;

/** The commands of imports. */
public final class LoadCommands {

    private LoadCommands() {}

    /** Adds the commands. Nothing is opened before a command runs. */
    public static void addTo(CommandLine serai, CommandContext context) {
        serai.addSubcommand(new CommandLine(new LoadCommand()).addSubcommand(new LoadNow(context)));
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
