package serai.refresh;

import picocli.CommandLine;
import serai.command.CommandContext;

/** The commands about models. */
public final class RefreshCommands {

    private RefreshCommands() {}

    /**
     * Adds the commands. Nothing is opened before one runs.
     *
     * @param serai has the command {@code export}
     */
    public static void addTo(CommandLine serai, CommandContext context) {
        serai.addSubcommand(new RefreshCommand.Models(context))
                .addSubcommand(new RefreshCommand.Retry(context))
                .addSubcommand(new RefreshCommand.Seeds(context))
                .addSubcommand(new RebuildCommand(context))
                .addSubcommand(new DropCommand(context))
                .addSubcommand(new PlanCommand(context))
                .addSubcommand(new TestCommand(context))
                .addSubcommand(new TryCommand(context))
                .addSubcommand(new LineageCommand(context))
                .addSubcommand(
                        new CommandLine(new SuggestCommand()).addSubcommand(new SuggestCommand.Indexes(context)));
        serai.getSubcommands().get("export").addSubcommand(new ExportDbt(context));
    }
}
