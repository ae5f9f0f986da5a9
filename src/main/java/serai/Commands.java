package serai;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import serai.command.NegativeAnswerException;
import serai.watch.command.WatchCommands;

/**
 * The command line. Exit codes: 0 done, 1 the answer is no, 2 wrong usage, 3 could not be done. Answers go to standard
 * output, all else to standard error.
 */
@Command(
        name = "serai",
        mixinStandardHelpOptions = true,
        description =
                "Without a command it runs the routes. Commands use the same application.properties and are safe beside it.")
final class Commands implements Runnable {

    static final int DONE = 0;
    static final int NO = 1;
    static final int USAGE = 2;
    static final int NOT_DONE = 3;

    @Spec
    private CommandSpec spec;

    private Commands() {}

    static int run(Path root, PrintWriter out, PrintWriter err, String... args) {
        try (Project project = new Project(root)) {
            CommandLine serai = new CommandLine(new Commands());
            WatchCommands.addTo(serai, project);
            serai.setOut(out).setErr(err).setExecutionStrategy(parsed -> {
                boolean asksForHelp = parsed.asCommandLineList().stream().anyMatch(CommandLine::isUsageHelpRequested);
                if (!asksForHelp && !Files.isRegularFile(root.resolve("application.properties"))) {
                    err.println("There is no application.properties here. Call Serai in the project's folder.");
                    return NOT_DONE;
                }
                return new CommandLine.RunLast().execute(parsed);
            });
            serai.setExecutionExceptionHandler((e, command, parsed) -> failed(e, err));
            return serai.execute(args);
        } finally {
            out.flush();
            err.flush();
        }
    }

    private static int failed(Exception e, PrintWriter err) {
        err.println(e instanceof NegativeAnswerException ? e.getMessage() : Application.rootMessage(e));
        return e instanceof NegativeAnswerException ? NO : NOT_DONE;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Which command?");
    }
}
