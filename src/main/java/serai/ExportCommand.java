package serai;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code export}: what a room has, in the form of another tool. The rooms add their commands to it. */
@Command(
        name = "export",
        description = "Write models or a replication in the form of another tool.",
        mixinStandardHelpOptions = true)
final class ExportCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Name a command of export.");
    }
}
