package serai.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import serai.Serai;
import serai.settings.Secrets;

/**
 * Serai as it is, with a made-up product to watch: its database, a Metabase, a Slack and an Elasticsearch on this
 * machine, and everything that it writes under target/demo, which is emptied at each start. Run from the project's
 * folder.
 */
public final class Demo {

    private static final long SEED = 20240229;
    private static final Path FOLDER = Path.of("target", "demo").toAbsolutePath();
    private static final String REPLICATION = "load-app.camel.yaml";
    private static final int FACTS = 20_000;
    /** Between two transactions of the product. */
    private static final Duration PAUSE = Duration.ofMillis(250);

    private Demo() {}

    public static void main(String[] args) throws Exception {
        endWithParent();
        lock();
        PrintStream console = System.out;
        System.setOut(
                new PrintStream(Files.newOutputStream(FOLDER.resolve("serai.log")), true, StandardCharsets.UTF_8));
        Product product = Product.of(SEED, LocalDate.now(ZoneOffset.UTC));
        ProductServer database = ProductServer.start(FOLDER.resolve("product"), product, FACTS);
        closeAtEnd(database);
        database.database().live(PAUSE);
        MetabaseDouble metabase = MetabaseDouble.start();
        product.publish(metabase, Instant::now);
        SlackDouble slack = SlackDouble.start();
        ElasticsearchNode elasticsearch = ElasticsearchNode.start(FOLDER.resolve("elasticsearch"));
        LogFeed.start(elasticsearch, new ProductLogs(SEED), Duration.ofMinutes(15));
        Map<String, String> settings = settings(product, metabase, slack, elasticsearch);
        settings.putAll(database.settings());
        settings.forEach(System::setProperty);
        String page = "http://127.0.0.1:" + settings.get("camel.server.port") + "/";
        announce(page, console);
        Secrets.maskOutput();
        System.exit(Serai.runRoutes(project()));
    }

    /**
     * A project's folder as an operator has it: links to the files of this one, so that they can be edited here, and
     * what replicates the product's database.
     */
    private static Path project() throws IOException {
        Path project = Files.createDirectories(FOLDER.resolve("project"));
        Path here = Path.of("").toAbsolutePath();
        for (String name : List.of("application.properties", "sql")) {
            Files.createSymbolicLink(project.resolve(name), here.resolve(name));
        }
        Path routes = Files.createDirectories(project.resolve("routes"));
        try (Stream<Path> own = Files.list(here.resolve("routes"))) {
            for (Path file : own.toList()) {
                Files.createSymbolicLink(routes.resolve(file.getFileName()), file);
            }
        }
        try (InputStream route = Demo.class.getResourceAsStream(REPLICATION)) {
            Files.copy(route, Files.createDirectories(routes.resolve("demo")).resolve(REPLICATION));
        }
        Path mapping = here.resolve("docs/examples/meeting-notes.mapping.yaml");
        Files.createSymbolicLink(
                Files.createDirectories(project.resolve("mappings")).resolve("app.yaml"), mapping);
        return project;
    }

    private static void closeAtEnd(ProductServer database) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            try {
                                database.close();
                            } catch (SQLException e) {
                                System.out.println("The product's database was not closed: " + e.getMessage());
                            }
                        },
                        "product-stop"));
    }

    /** What differs from application.properties: where the product is, and a faster clock. */
    private static Map<String, String> settings(
            Product product, MetabaseDouble metabase, SlackDouble slack, ElasticsearchNode elasticsearch)
            throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("camel.server.port", port(8080));
        settings.put("camel.management.port", port(9876));
        settings.put("warehouse.url", "");
        settings.put("warehouse.embedded.data", FOLDER.resolve("warehouse").toString());
        settings.put("warehouse.embedded.port", port(25433));
        settings.put("metabase.url", metabase.url());
        settings.put("metabase.api-key", MetabaseDouble.API_KEY);
        settings.put("load.since", product.from().toString());
        settings.put("load.users.cron", "0/20 * * * * ?");
        settings.put("load.logins.cron", "5/20 * * * * ?");
        settings.put("load.web-sessions.cron", "10/20 * * * * ?");
        settings.put(
                "load.marketing-spend.inbox", dropSpend(FOLDER.resolve("inbox")).toString());
        settings.put("refresh.cron", "0/10 * * * * ?");
        settings.put("watch.elasticsearch", elasticsearch.hostAddress());
        settings.put("watch.slack-webhook", slack.webhook("alerts"));
        return settings;
    }

    /** Drops a file with the spend of a month into a folder, as marketing does. */
    private static Path dropSpend(Path inbox) throws IOException {
        StringBuilder csv = new StringBuilder("Spend Date,Campaign,Spend,Currency,Impressions,Clicks\n");
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        for (int i = 30; i > 0; i--) {
            csv.append(today.minusDays(i)).append(",spring,").append(100 + i).append(",GBP,20000,400\n");
            csv.append(today.minusDays(i)).append(",brand,").append(60 - i).append(",GBP,5000,150\n");
        }
        Files.writeString(Files.createDirectories(inbox).resolve("spend.csv"), csv);
        return inbox;
    }

    /** @return the port if it is free, else any that is */
    private static String port(int wished) throws IOException {
        try (ServerSocket socket = new ServerSocket(wished, 1, InetAddress.getLoopbackAddress())) {
            return String.valueOf(socket.getLocalPort());
        } catch (IOException taken) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return String.valueOf(socket.getLocalPort());
            }
        }
    }

    /** Maven may be killed without a word to us; the doubles and the node end with this JVM, whatever ends it. */
    private static void endWithParent() {
        ProcessHandle.current().parent().ifPresent(parent -> parent.onExit().thenRun(() -> System.exit(0)));
    }

    /** Empties the folder, unless another demo lives in it. */
    private static void lock() throws IOException {
        Files.createDirectories(FOLDER.getParent());
        FileChannel channel = FileChannel.open(
                FOLDER.resolveSibling("demo.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        // until the process ends
        if (channel.tryLock() == null) {
            System.err.println("A demo runs in " + FOLDER.toAbsolutePath() + " already.");
            System.exit(3);
        }
        NodeHome.delete(FOLDER);
        Files.createDirectories(FOLDER);
    }

    /** Prints the one line once the page answers. */
    private static void announce(String page, PrintStream console) {
        Thread thread = new Thread(
                () -> {
                    while (!answers(page)) {
                        LockSupport.parkNanos(200_000_000);
                    }
                    console.println("Serai runs; its page is at " + page + " (log: " + FOLDER.resolve("serai.log")
                            + ", stop with Ctrl-C)");
                },
                "announce");
        thread.setDaemon(true);
        thread.start();
    }

    private static boolean answers(String page) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(page))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return HttpClient.newHttpClient()
                            .send(request, BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }
}
