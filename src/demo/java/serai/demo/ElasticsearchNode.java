package serai.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * A real Elasticsearch node in a child JVM on 127.0.0.1, without login. Nothing survives it. Some modules are missing:
 * no ILM, no scripts, no ingest processors, no {@code english} analyser.
 */
public final class ElasticsearchNode implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Process process;
    private final Path home;
    private final String url;

    private ElasticsearchNode(Process process, Path home, String address) {
        this.process = process;
        this.home = home;
        this.url = "http://" + address;
    }

    /**
     * Starts a node and waits until it is green.
     *
     * @param dir a folder for it alone; it is emptied now and deleted by {@link #close}
     */
    public static ElasticsearchNode start(Path dir) throws IOException, InterruptedException {
        Path home = dir.toAbsolutePath();
        return start(
                home,
                Path.of(System.getProperty("java.home")),
                NodeHome.in(home).classPath(),
                "serai.demo.node.NodeMain");
    }

    /**
     * The same with another version of the server.
     *
     * @param javaHome the Java that runs it
     * @param jars the server and all that it needs
     */
    public static ElasticsearchNode start(Path dir, Path javaHome, List<Path> jars)
            throws IOException, InterruptedException {
        Path home = dir.toAbsolutePath();
        return start(home, javaHome, NodeHome.in(home, jars).classPath(), "serai.demo.node.NodeMain");
    }

    /** A node of OpenSearch, from its own jars. */
    public static ElasticsearchNode startOpenSearch(Path dir, List<Path> jars)
            throws IOException, InterruptedException {
        Path home = dir.toAbsolutePath();
        String classPath = NodeHome.openSearch(home)
                + File.pathSeparator
                + jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        return start(home, Path.of(System.getProperty("java.home")), classPath, "serai.demo.node.OpenSearchMain");
    }

    private static ElasticsearchNode start(Path home, Path javaHome, String classPath, String main)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        javaHome.resolve("bin/java").toString(),
                        "-Xms256m",
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath,
                        main,
                        home.toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("logs/node.log").toFile())
                .start();
        try {
            ElasticsearchNode node = new ElasticsearchNode(process, home, address(process, home));
            node.send("GET", "/_cluster/health?wait_for_status=green&timeout=30s", null, "application/json");
            return node;
        } catch (IOException | InterruptedException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** The port is the system's choice; the node writes it down once it listens. */
    private static String address(Process process, Path home) throws IOException {
        Path ports = home.resolve("logs/http.ports");
        for (long end = System.nanoTime() + START.toNanos(); System.nanoTime() < end; ) {
            if (!process.isAlive()) {
                throw new IOException(
                        "Elasticsearch ended during its start:\n" + Files.readString(home.resolve("logs/node.log")));
            }
            if (Files.exists(ports)) {
                return Files.readAllLines(ports).get(0);
            }
            LockSupport.parkNanos(50_000_000);
        }
        throw new IOException("Elasticsearch did not start within " + START.toSeconds() + " s:\n"
                + Files.readString(home.resolve("logs/node.log")));
    }

    public String url() {
        return url;
    }

    /** {@code host:port}, as Camel's component wants it. */
    public String hostAddress() {
        return url.substring("http://".length());
    }

    /** The child's process id. */
    public long pid() {
        return process.pid();
    }

    /** @param mapping the body of {@code PUT /index}, such as {@code {"mappings":{"properties":{...}}}} */
    public void createIndex(String index, String mapping) throws IOException, InterruptedException {
        send("PUT", "/" + index, BodyPublishers.ofString(mapping), "application/json");
    }

    public void deleteIndex(String index) throws IOException, InterruptedException {
        send("DELETE", "/" + index + "?ignore_unavailable=true", null, "application/json");
    }

    /** Adds documents and makes them visible; a document's {@code _id}, if it has one, becomes its id. */
    public void index(String index, List<? extends Map<String, ?>> documents) throws IOException, InterruptedException {
        StringBuilder lines = new StringBuilder();
        for (Map<String, ?> document : documents) {
            Map<String, Object> fields = new java.util.LinkedHashMap<>(document);
            Object id = fields.remove("_id");
            lines.append(JSON.writeValueAsString(Map.of("index", id == null ? Map.of() : Map.of("_id", id))))
                    .append('\n');
            lines.append(JSON.writeValueAsString(fields)).append('\n');
        }
        JsonNode reply = send(
                "POST",
                "/" + index + "/_bulk?refresh=true",
                BodyPublishers.ofString(lines.toString()),
                "application/x-ndjson");
        if (reply.path("errors").asBoolean()) {
            String errors = reply.toString();
            throw new IOException(
                    "Elasticsearch refused documents: " + errors.substring(0, Math.min(2000, errors.length())));
        }
    }

    public void refresh() throws IOException, InterruptedException {
        send("POST", "/_refresh", null, "application/json");
    }

    /** @return the answer of any request, JSON */
    public JsonNode send(String method, String path, String json) throws IOException, InterruptedException {
        return send(method, path, json == null ? null : BodyPublishers.ofString(json), "application/json");
    }

    private JsonNode send(String method, String path, BodyPublisher body, String type)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", type)
                .method(method, body == null ? BodyPublishers.noBody() : body)
                .build();
        HttpResponse<String> reply = client.send(request, BodyHandlers.ofString());
        if (reply.statusCode() >= 300) {
            throw new IOException(
                    method + " " + path + " was answered with " + reply.statusCode() + ": " + reply.body());
        }
        return JSON.readTree(reply.body());
    }

    /** Stops the node and deletes its folder. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        NodeHome.delete(home);
    }
}
