package serai.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.main.Main;
import org.quartz.JobKey;
import serai.Application;
import serai.SeraiSettings;
import serai.demo.SeraiProcess;

/** Serai in this JVM, with the project's settings but other addresses and ports. */
public final class RunningSerai implements AutoCloseable {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Application application;
    private final Main main;
    private final TestDatabase database;
    private final int port = SeraiProcess.freePort();
    private final int managementPort = SeraiProcess.freePort();

    private RunningSerai(Path root, TestDatabase database, Map<String, String> settings) {
        this.database = database;
        Map<String, String> all = new HashMap<>(database.properties());
        all.put("camel.server.port", String.valueOf(port));
        all.put("camel.management.port", String.valueOf(managementPort));
        all.put("edits.every", "100ms");
        // nothing runs by its timetable during a test, but what is overdue at the start
        for (String cron : List.of("load.users.cron", "load.logins.cron", "load.web-sessions.cron", "refresh.cron")) {
            all.put(cron, "0 0 0 1 1 ? 2090");
        }
        // not the folder in which the tests run
        all.put(
                "load.marketing-spend.inbox",
                (root.toString().isEmpty() ? Path.of("target", "inbox-" + port) : root.resolve("inbox")).toString());
        all.putAll(settings);
        application = new Application(root, SeraiSettings.read(root, all));
        main = application.main();
        // also those that only a route of the test names; a process has them as system properties, which Camel reads
        all.forEach(main::addOverrideProperty);
    }

    /**
     * Starts it with the files of a folder; some of the project's files are one room alone.
     *
     * @param root the folder with {@code routes} and {@code sql}; empty for the project's own
     * @param settings take precedence over {@code application.properties}
     */
    public static RunningSerai start(Path root, TestDatabase database, Map<String, String> settings) throws Exception {
        RunningSerai serai = new RunningSerai(root, database, settings);
        try {
            serai.main.init();
            serai.main.start();
            serai.application.afterStart(serai.main);
            if (serai.application.failure() != null) {
                throw serai.application.failure();
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

    /** The answer of the page's port to a GET, such as of {@code /status.json}. */
    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path);
    }

    /** The answer of the page's port to a request without a body. */
    public HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        return send(method, page(path));
    }

    /** The answer of the management port, such as to {@code /observe/health}. */
    public HttpResponse<String> management(String path) throws IOException, InterruptedException {
        return send("GET", URI.create("http://127.0.0.1:" + managementPort + path));
    }

    /** The address of a path at the page's port. */
    public URI page(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static HttpResponse<String> send(String method, URI address) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(Duration.ofSeconds(20))
                .method(method, BodyPublishers.noBody())
                .build();
        return CLIENT.send(request, BodyHandlers.ofString());
    }

    /** Runs an import now, and returns the status of its run. */
    public String runImport(String source) throws Exception {
        long before = database.number("select coalesce(max(run_id), 0) from meta.runs where source = ?", source);
        context().getComponent("quartz", QuartzComponent.class).getScheduler().triggerJob(new JobKey(source, "load"));
        return awaitRun(source, before);
    }

    /** The status of an import's first run, once it has ended. */
    public String firstImport(String source) {
        return awaitRun(source, 0);
    }

    private String awaitRun(String source, long after) {
        return Waiting.soon().until(() -> database.value("""
                select status from meta.runs where source = ? and run_id > ? and status <> 'running'
                order by run_id limit 1""", source, after), status -> status != null);
    }

    @Override
    public void close() {
        try (application) {
            application.beforeStop(main);
            main.stop();
        }
    }
}
