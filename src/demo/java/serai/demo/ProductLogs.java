package serai.demo;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The log lines of the made-up product's services as Elasticsearch documents: some a second; now and then a payment
 * that fails; and every three minutes half a minute in which one host does not reach the database. A second's lines
 * depend on the seed and on the second alone.
 */
public final class ProductLogs {

    /** For {@link ElasticsearchNode#createIndex} and index templates. */
    public static final String MAPPING = """
            {"settings":{"number_of_shards":1,"number_of_replicas":0},
             "mappings":{"properties":{
               "@timestamp":{"type":"date"},"level":{"type":"keyword"},"service":{"type":"keyword"},
               "host":{"type":"keyword"},"route":{"type":"keyword"},"event":{"type":"keyword"},
               "customer":{"type":"keyword"},"amount":{"type":"keyword"},
               "status":{"type":"integer"},"duration_ms":{"type":"long"},
               "user_id":{"type":"keyword"},"message":{"type":"text"}}}}""";

    private static final DateTimeFormatter INDEX =
            DateTimeFormatter.ofPattern("'product-logs-'yyyy.MM.dd").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final String[] SERVICES = {"api", "notes", "billing"};
    private static final String[] ROUTES = {"/v1/notes", "/v1/meetings", "/v1/login", "/v1/search", "/v1/invoices"};
    private static final Duration EVERY = Duration.ofMinutes(3);
    private static final Duration OUTAGE = Duration.ofSeconds(30);

    private final long seed;

    public ProductLogs(long seed) {
        this.seed = seed;
    }

    /** Whether errors come in heaps at a moment. */
    public static boolean inOutage(Instant at) {
        return at.getEpochSecond() % EVERY.toSeconds() < OUTAGE.toSeconds();
    }

    /** @return the index of a moment, {@code product-logs-YYYY.MM.DD} */
    public static String index(Instant at) {
        return INDEX.format(at);
    }

    /**
     * @return index to documents of the whole seconds in {@code [from, to)}; a document's {@code _id} is always the
     *     same
     */
    public Map<String, List<Map<String, Object>>> documents(Instant from, Instant to) {
        Map<String, List<Map<String, Object>>> answer = new TreeMap<>();
        Instant first = from.truncatedTo(ChronoUnit.SECONDS);
        for (Instant second = first.isBefore(from) ? first.plusSeconds(1) : first;
                second.isBefore(to);
                second = second.plusSeconds(1)) {
            second(second, answer.computeIfAbsent(index(second), i -> new ArrayList<>()));
        }
        return answer;
    }

    private void second(Instant second, List<Map<String, Object>> into) {
        SplittableRandom random = new SplittableRandom(seed ^ second.getEpochSecond() * 0x9E3779B97F4A7C15L);
        int lines = 1 + random.nextInt(5);
        for (int i = 0; i < lines; i++) {
            boolean error = random.nextDouble() < (inOutage(second) ? 0.7 : 0.01);
            into.add(error ? error(second, i, random) : request(second, i, random));
        }
        if (second.getEpochSecond() % 45 == 0) {
            into.add(failedPayment(second, lines, random));
        }
    }

    private static Map<String, Object> request(Instant second, int line, SplittableRandom random) {
        int service = random.nextInt(SERVICES.length);
        String route = ROUTES[random.nextInt(ROUTES.length)];
        long millis = 5 + (long) (-Math.log(1 - random.nextDouble()) * 60);
        return document(
                second,
                line,
                random,
                "INFO",
                SERVICES[service],
                1 + random.nextInt(3),
                route,
                200,
                millis,
                "GET " + route + " took " + millis + " ms");
    }

    private static Map<String, Object> error(Instant second, int line, SplittableRandom random) {
        String route = ROUTES[random.nextInt(ROUTES.length)];
        long millis = 5000 + random.nextInt(100);
        return document(
                second,
                line,
                random,
                "ERROR",
                "notes",
                inOutage(second) ? 2 : 1 + random.nextInt(3),
                route,
                500,
                millis,
                "GET " + route + " failed: no connection to the database after " + millis + " ms");
    }

    private static Map<String, Object> failedPayment(Instant second, int line, SplittableRandom random) {
        String amount = 9 + random.nextInt(90) + ".00 EUR";
        Map<String, Object> document = document(
                second,
                line,
                random,
                "WARN",
                "billing",
                1,
                "/v1/invoices",
                402,
                800 + random.nextInt(400),
                "The card was declined for " + amount);
        document.put("event", "payment_failed");
        document.put("customer", String.format("c%04d", random.nextInt(300)));
        document.put("amount", amount);
        return document;
    }

    private static Map<String, Object> document(
            Instant second,
            int line,
            SplittableRandom random,
            String level,
            String service,
            int host,
            String route,
            int status,
            long millis,
            String message) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("_id", second.getEpochSecond() + "-" + line);
        document.put("@timestamp", TIME.format(second.plusMillis(random.nextInt(1000))));
        document.put("level", level);
        document.put("service", service);
        document.put("host", service + "-" + host);
        document.put("route", route);
        document.put("status", status);
        document.put("duration_ms", millis);
        document.put("user_id", String.format("u%06d", 1 + random.nextInt(500)));
        document.put("message", message);
        return document;
    }
}
