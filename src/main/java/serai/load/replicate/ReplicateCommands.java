package serai.load.replicate;

import picocli.CommandLine;
import serai.command.CommandContext;

/** The commands of replicated databases. */
public final class ReplicateCommands {

    private ReplicateCommands() {}

    /**
     * Adds the commands. Nothing is opened before one runs.
     *
     * @param serai has the command {@code export}
     */
    public static void addTo(CommandLine serai, CommandContext context) {
        serai.getSubcommands().get("export").addSubcommand(new ExportDebezium(context));
    }
}
