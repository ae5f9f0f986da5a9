package serai.watch.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code rule}, which needs one of its subcommands. */
@Command(
        name = "rule",
        description = "Try alert rules, list them, switch them on and off.",
        mixinStandardHelpOptions = true)
public final class RuleCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(),
                "Name one of " + String.join(", ", spec.subcommands().keySet()) + ".");
    }
}
