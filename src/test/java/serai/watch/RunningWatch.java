package serai.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import serai.edits.Edits;
import serai.room.RoomContext;
import serai.warehouse.Warehouse;

/**
 * The room as it runs: the project's own routes and kamelets, rules in a folder of the test, edited as an operator
 * would.
 */
public final class RunningWatch implements AutoCloseable {

    private static final List<String> OF_THE_ROOM = List.of(
            "rules-due",
            "failing-rules",
            "outbox-due",
            "outbox-settle",
            "slack-webhook",
            "http-post",
            "email",
            "command",
            "jira",
            "debug-alert",
            "elastalert-documents");

    private final Path root;
    private final Warehouse warehouse;
    private final DefaultCamelContext context;
    private final WatchRoom watch;
    private final Edits edits;

    private RunningWatch(Path root, Warehouse warehouse, DefaultCamelContext context, WatchRoom watch, Edits edits) {
        this.root = root;
        this.warehouse = warehouse;
        this.context = context;
        this.watch = watch;
        this.edits = edits;
    }

    /** @param settings name and value in turn */
    public static RunningWatch start(Path root, Warehouse warehouse, String... settings) throws Exception {
        layOut(root);
        DefaultCamelContext context = new DefaultCamelContext();
        Properties properties = new Properties();
        for (int i = 0; i < settings.length; i += 2) {
            properties.setProperty(settings[i], settings[i + 1]);
        }
        context.getPropertiesComponent().setInitialProperties(properties);
        context.getShutdownStrategy().setTimeout(10);
        WatchRoom watch = WatchRoom.open(new RoomContext(context, warehouse, root));
        context.start();
        Edits edits = Edits.start(
                context,
                warehouse,
                root,
                List.of(),
                List.of(watch.editableFiles().get(0)),
                Duration.ofMillis(100));
        watch.filesRead();
        return new RunningWatch(root, warehouse, context, watch, edits);
    }

    private static void layOut(Path root) throws IOException {
        List<Path> files = new ArrayList<>(List.of(Path.of("routes/_errors.camel.yaml")));
        try (Stream<Path> routes = Files.list(Path.of("routes/watch"));
                Stream<Path> kamelets = Files.list(Path.of("routes/kamelets"))) {
            files.addAll(routes.toList());
            // those of the other rooms need the other rooms
            kamelets.filter(k -> OF_THE_ROOM.contains(k.getFileName().toString().replace(".kamelet.yaml", "")))
                    .forEach(files::add);
        }
        Files.createDirectories(root.resolve("routes/alerts"));
        for (Path file : files) {
            Path copy = root.resolve(file);
            Files.createDirectories(copy.getParent());
            if (!Files.exists(copy)) {
                Files.copy(file, copy);
            }
        }
    }

    public static void writeRule(Path root, String file, String text) throws IOException {
        Path alerts = Files.createDirectories(root.resolve("routes/alerts"));
        Path draft = Files.writeString(root.resolve(file + ".draft"), text);
        Files.move(draft, alerts.resolve(file), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    public void writeRule(String file, String text) throws IOException {
        writeRule(root, file, text);
    }

    public void removeRule(String file) throws IOException {
        Files.delete(root.resolve("routes/alerts").resolve(file));
    }

    public DefaultCamelContext context() {
        return context;
    }

    /** The first column of the first row as text; null when there is none. */
    public String value(String sql, Object... parameters) {
        return value(warehouse, sql, parameters);
    }

    public static String value(Warehouse warehouse, String sql, Object... parameters) {
        try (Connection c = warehouse.dataSource().getConnection();
                PreparedStatement s = c.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                s.setObject(i + 1, parameters[i]);
            }
            try (ResultSet r = s.executeQuery()) {
                return r.next() ? r.getString(1) : null;
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws SQLException {
        edits.close();
        context.stop();
        watch.close();
    }
}
