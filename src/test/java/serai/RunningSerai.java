package serai;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.main.Main;
import org.quartz.JobKey;
import serai.warehouse.TestWarehouse;

/**
 * Serai as it runs, in this JVM: the real settings, routes and SQL, on a database of its own, with other addresses and
 * ports.
 */
public final class RunningSerai implements AutoCloseable {

    private final Application house;
    private final Main main;
    private final String database;
    private final int port;
    private final int managementPort;

    private RunningSerai(Path root, Map<String, String> settings, String database) throws IOException {
        this.database = database;
        this.port = freePort();
        this.managementPort = freePort();
        house = new Application(root);
        main = Serai.main(house);
        main.addOverrideProperty("warehouse.url", database);
        main.addOverrideProperty("warehouse.user", "postgres");
        main.addOverrideProperty("camel.server.port", String.valueOf(port));
        main.addOverrideProperty("camel.management.port", String.valueOf(managementPort));
        main.addOverrideProperty("edits.every", "100ms");
        // nothing runs by its timetable during a test, but what is overdue at the start
        for (String cron : List.of("load.users.cron", "load.logins.cron", "load.web-sessions.cron", "refresh.cron")) {
            main.addOverrideProperty(cron, "0 0 0 1 1 ? 2090");
        }
        settings.forEach(main::addOverrideProperty);
    }

    /** Starts with the project's own files. */
    public static RunningSerai start(Map<String, String> settings) throws Exception {
        return start(Path.of(""), settings, TestWarehouse.newDatabase());
    }

    /** Starts with the files of another folder, on a database that may have been used before. */
    public static RunningSerai start(Path root, Map<String, String> settings, String database) throws Exception {
        RunningSerai serai = new RunningSerai(root, settings, database);
        try {
            serai.main.init();
            serai.main.start();
            serai.house.afterStart(serai.main);
            if (serai.house.failure() != null) {
                throw serai.house.failure();
            }
            return serai;
        } catch (Exception e) {
            serai.close();
            throw e;
        }
    }

    public CamelContext context() {
        return main.getCamelContext();
    }

    public String database() {
        return database;
    }

    public String page() {
        return "http://127.0.0.1:" + port;
    }

    /** Where health and metrics are. */
    public String management() {
        return "http://127.0.0.1:" + managementPort;
    }

    /** Has a source polled now and waits until the ledger says how it went. */
    public String poll(String source) throws Exception {
        long before = lastRun(source);
        var scheduler = context().getComponent("quartz", QuartzComponent.class).getScheduler();
        scheduler.triggerJob(new JobKey(source, "load"));
        return await(source).until(() -> after(source, before), s -> s != null);
    }

    /** Waits until a source has been polled since its start, and says how it went. */
    public String firstPoll(String source) {
        return await(source).until(() -> after(source, 0), s -> s != null);
    }

    private static org.awaitility.core.ConditionFactory await(String what) {
        return org.awaitility.Awaitility.await(what)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .pollDelay(Duration.ZERO);
    }

    private long lastRun(String source) throws SQLException {
        return Long.parseLong(rows("select coalesce(max(run_id), 0) from meta.runs where source = '" + source + "'")
                .get(0));
    }

    private String after(String source, long run) throws SQLException {
        List<String> ended = rows("select status from meta.runs where source = '" + source + "' and run_id > " + run
                + " and status <> 'running' order by run_id limit 1");
        return ended.isEmpty() ? null : ended.get(0);
    }

    public void run(String sql) throws SQLException {
        try (Connection c = connect();
                Statement s = c.createStatement()) {
            s.execute(sql);
        }
    }

    /** The rows of a query, their cells joined by {@code |}. */
    public List<String> rows(String sql) throws SQLException {
        try (Connection c = connect();
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (r.next()) {
                List<String> cells = new ArrayList<>();
                for (int i = 1; i <= r.getMetaData().getColumnCount(); i++) {
                    cells.add(String.valueOf(r.getString(i)));
                }
                rows.add(String.join("|", cells));
            }
            return rows;
        }
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(database, "postgres", "");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws Exception {
        try {
            house.beforeStop(main);
            main.stop();
        } finally {
            house.close();
        }
    }
}
