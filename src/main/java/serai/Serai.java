package serai;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.main.Main;

/** The one process: Camel Main with its files beside it. Run from the project's folder. */
public final class Serai {

    private Serai() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    private static int run(String[] args) {
        if (args.length > 0) {
            // before anything logs: standard output is the command's
            System.setProperty("serai.log.target", "SYSTEM_ERR");
            System.setProperty("serai.log.level", "warn");
            return Commands.run(
                    Path.of(""),
                    new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                    new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                    args);
        }
        if (!Files.isRegularFile(Path.of("application.properties"))) {
            System.err.println("There is no application.properties here. Start Serai in the project's folder.");
            return Commands.NOT_DONE;
        }
        CountDownLatch closed = new CountDownLatch(1);
        // at a signal the JVM waits for its hooks and for nobody else: without this one it is gone before the warehouse
        // is closed
        Runtime.getRuntime().addShutdownHook(new Thread(() -> await(closed), "wait-for-close"));
        try (Application house = new Application(Path.of(""))) {
            Main main = main(house);
            main.run();
            return main.getExitCode() == 0 ? Commands.DONE : Commands.NOT_DONE;
        } catch (Exception e) {
            System.err.println("Serai did not start: " + Application.rootMessage(e));
            return Commands.NOT_DONE;
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

    /** Camel Main as Serai runs it, for the process and for tests of it. */
    static Main main(Application house) {
        Main main = new Main();
        main.setPropertyPlaceholderLocations("file:application.properties");
        main.addMainListener(house);
        return main;
    }
}
