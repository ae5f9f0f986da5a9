package serai;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.camel.impl.DefaultCamelContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import serai.command.Causes;
import serai.command.CommandContext;
import serai.command.ExitCode;
import serai.command.NegativeAnswerException;
import serai.load.LoadCommands;
import serai.load.replicate.ReplicateCommands;
import serai.refresh.RefreshCommands;
import serai.watch.WatchCommands;

/**
 * The command line: the commands of all rooms. Answers go to standard output, everything else to standard error. Exit
 * codes are those of {@link ExitCode}.
 */
@Command(
        name = "serai",
        mixinStandardHelpOptions = true,
        versionProvider = Commands.Version.class,
        description = "Without a command it runs the routes."
                + " Commands use the same application.properties and are safe beside a running instance.")
public final class Commands implements Runnable {

    /** Each adds the commands of one room. */
    private static final List<BiConsumer<CommandLine, CommandContext>> ROOMS = List.of(
            (serai, context) ->
                    serai.addSubcommand(new CheckCommand(context)).addSubcommand(new DoctorCommand(context)),
            (serai, context) -> LoadCommands.addTo(serai, context, ImportHere::begin),
            (serai, context) -> serai.addSubcommand(new ExportCommand()),
            RefreshCommands::addTo,
            ReplicateCommands::addTo,
            (serai, context) -> serai.addSubcommand(new PauseCommand.PauseNow(context))
                    .addSubcommand(new PauseCommand.Resume(context))
                    .addSubcommand(new ForgetCommand(context)),
            WatchCommands::addTo);

    @Spec
    private CommandSpec spec;

    private Commands() {}

    static int run(Path root, PrintWriter out, PrintWriter err, String... args) {
        try (CommandContext context = new CommandContext(root, SeraiSettings.GROUPS)) {
            CommandLine serai = of(context);
            serai.setOut(out).setErr(err).setExecutionStrategy(parsed -> {
                boolean asksForHelp = parsed.asCommandLineList().stream()
                        .anyMatch(command -> command.isUsageHelpRequested() || command.isVersionHelpRequested());
                if (!asksForHelp && !Files.isRegularFile(root.resolve(SeraiSettings.FILE))) {
                    err.println("There is no application.properties here. Run Serai in the project's folder.");
                    return ExitCode.FAILED;
                }
                return new CommandLine.RunLast().execute(parsed);
            });
            serai.setExecutionExceptionHandler((e, command, parsed) -> failed(e, err));
            return serai.execute(args);
        } catch (Exception e) {
            // the command itself is answered above; this is a resource that did not close
            err.println("Serai did not close cleanly: " + Causes.rootMessage(e));
            return ExitCode.FAILED;
        } finally {
            out.flush();
            err.flush();
        }
    }

    /** The command line with all commands. */
    public static CommandLine of(CommandContext context) {
        CommandLine serai = new CommandLine(new Commands());
        ROOMS.forEach(room -> room.accept(serai, context));
        return serai;
    }

    private static int failed(Exception e, PrintWriter err) {
        boolean negative = e instanceof NegativeAnswerException;
        err.println(negative ? e.getMessage() : Causes.rootMessage(e));
        return negative ? ExitCode.NO : ExitCode.FAILED;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Name a command, or none to run the routes.");
    }

    /** The version of the jar, and of what it runs on. */
    static final class Version implements CommandLine.IVersionProvider {

        @Override
        public String[] getVersion() {
            String own = Commands.class.getPackage().getImplementationVersion();
            return new String[] {
                "Serai " + (own == null ? "of a source folder" : own),
                "Camel " + new DefaultCamelContext(false).getVersion(),
                "Java " + Runtime.version()
            };
        }
    }
}
