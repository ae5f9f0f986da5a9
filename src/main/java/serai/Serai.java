package serai;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.main.Main;
import org.apache.logging.log4j.jul.Log4jBridgeHandler;
import serai.command.Causes;
import serai.command.ExitCode;
import serai.settings.Secrets;
import serai.settings.Settings;
import serai.settings.SettingsException;

/** The program. Without arguments it runs the routes of the current folder; otherwise it runs a command. */
public final class Serai {

    private Serai() {}

    /** Ends the process with one of {@link ExitCode}. */
    public static void main(String[] args) {
        Secrets.maskOutput();
        System.exit(args.length == 0 ? runRoutes(Path.of("")) : runCommand(args));
    }

    /** Libraries that log by the JDK's own logging would write lines of another form. */
    private static void bridgeLogs() {
        Log4jBridgeHandler.install(true, "", true);
    }

    private static int runCommand(String[] args) {
        // before anything logs: standard output belongs to the command's answer
        System.setProperty("serai.log.target", "SYSTEM_ERR");
        System.setProperty("serai.log.level", "warn");
        bridgeLogs();
        return Commands.run(
                Path.of(""),
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                args);
    }

    /**
     * Runs the routes of a folder until the process is told to end.
     *
     * @param root the project's folder
     * @return one of {@link ExitCode}
     */
    public static int runRoutes(Path root) {
        if (!Files.isRegularFile(root.resolve(SeraiSettings.FILE))) {
            System.err.println("There is no application.properties here. Start Serai in the project's folder.");
            return ExitCode.FAILED;
        }
        Settings settings;
        try {
            settings = SeraiSettings.read(root, Map.of());
        } catch (SettingsException e) {
            System.err.println("Serai did not start. Settings are refused:\n" + e.getMessage());
            return ExitCode.FAILED;
        }
        bridgeLogs();
        CountDownLatch closed = new CountDownLatch(1);
        // at a signal the JVM waits for its shutdown hooks only: without this one it ends before the warehouse is
        // closed
        Runtime.getRuntime().addShutdownHook(new Thread(() -> await(closed), "wait-for-close"));
        try (Application application = new Application(root, settings)) {
            Main main = application.main();
            main.run();
            if (application.failure() != null) {
                throw application.failure();
            }
            return main.getExitCode() == 0 ? ExitCode.DONE : ExitCode.FAILED;
        } catch (Exception e) {
            System.err.println("Serai did not start: " + Causes.rootMessage(e));
            return ExitCode.FAILED;
        } finally {
            closed.countDown();
        }
    }

    private static void await(CountDownLatch closed) {
        try {
            closed.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
