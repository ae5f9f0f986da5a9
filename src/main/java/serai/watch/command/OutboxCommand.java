package serai.watch.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code outbox}, which needs one of its subcommands. */
@Command(name = "outbox", description = "Messages of alert rules.", mixinStandardHelpOptions = true)
public final class OutboxCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(),
                "Name one of " + String.join(", ", spec.subcommands().keySet()) + ".");
    }
}
