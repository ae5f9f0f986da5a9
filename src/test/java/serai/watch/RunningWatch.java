package serai.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import serai.testing.ProjectFolder;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;

/** The watch room alone: the project's own routes and kamelets, and rules of the test, edited as operators do. */
public final class RunningWatch implements AutoCloseable {

    private final Path root;
    private final TestDatabase database;
    private final RunningSerai serai;

    private RunningWatch(Path root, TestDatabase database, RunningSerai serai) {
        this.root = root;
        this.database = database;
        this.serai = serai;
    }

    /**
     * Copies the room's files into a folder and runs it there.
     *
     * @param settings name and value in turn
     */
    public static RunningWatch start(Path root, TestDatabase database, String... settings) throws Exception {
        copyFiles(root);
        Map<String, String> all = new HashMap<>(Map.of(
                "camel.server.enabled",
                "false",
                "camel.management.enabled",
                "false",
                "camel.main.shutdownTimeout",
                "10"));
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return new RunningWatch(root, database, RunningSerai.start(root, database, all));
    }

    /** Copies the room's routes and kamelets, but no rules. */
    static void copyFiles(Path root) throws IOException {
        ProjectFolder.copyTo(
                root,
                "routes/_errors.camel.yaml",
                "routes/watch/*",
                "routes/kamelets/{query-warehouse,notify-slack}*",
                "sql/checks/*");
    }

    /** Writes a rule file in one step, as a good editor does. */
    public static void writeRule(Path root, String file, String text) throws IOException {
        Path alerts = Files.createDirectories(root.resolve("routes/alerts"));
        Path draft = Files.writeString(root.resolve(file + ".draft"), text);
        Files.move(draft, alerts.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Writes a rule file of this room. */
    public void writeRule(String file, String text) throws IOException {
        writeRule(root, file, text);
    }

    /** Deletes a rule file of this room. */
    public void removeRule(String file) throws IOException {
        Files.delete(root.resolve("routes/alerts").resolve(file));
    }

    public CamelContext context() {
        return serai.context();
    }

    /** As {@link TestDatabase#value}. */
    public String value(String query, Object... parameters) {
        return database.value(query, parameters);
    }

    @Override
    public void close() {
        serai.close();
    }
}
