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
 * The log lines of the made-up product's services as Elasticsearch documents: some a second, and every three minutes half a minute in which
 * the database is out of reach. A second's lines depend on the seed and on the second alone.
 */
public final class ProductLogs {

    /** For {@link ElasticsearchNode#createIndex} and index templates. */
    public static final String MAPPING = """
            {"settings":{"number_of_shards":1,"number_of_replicas":0},
             "mappings":{"properties":{
               "@timestamp":{"type":"date"},"level":{"type":"keyword"},"service":{"type":"keyword"},"route":{"type":"keyword"},
               "status":{"type":"integer"},"duration_ms":{"type":"long"},"user_id":{"type":"keyword"},"message":{"type":"text"}}}}""";

    private static final DateTimeFormatter INDEX = DateTimeFormatter.ofPattern("'product-logs-'yyyy.MM.dd").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
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

    /** @return index to documents of the whole seconds in {@code [from, to)}; a document's {@code _id} is always the same */
    public Map<String, List<Map<String, Object>>> documents(Instant from, Instant to) {
        Map<String, List<Map<String, Object>>> answer = new TreeMap<>();
        Instant first = from.truncatedTo(ChronoUnit.SECONDS);
        for (Instant second = first.isBefore(from) ? first.plusSeconds(1) : first; second.isBefore(to); second = second.plusSeconds(1)) {
            second(second, answer.computeIfAbsent(index(second), i -> new ArrayList<>()));
        }
        return answer;
    }

    private void second(Instant second, List<Map<String, Object>> into) {
        SplittableRandom random = new SplittableRandom(seed ^ second.getEpochSecond() * 0x9E3779B97F4A7C15L);
        int lines = 1 + random.nextInt(5);
        for (int i = 0; i < lines; i++) {
            into.add(document(second, i, random.nextDouble() < (inOutage(second) ? 0.7 : 0.01), random));
        }
    }

    private static Map<String, Object> document(Instant second, int line, boolean error, SplittableRandom random) {
        String service = SERVICES[random.nextInt(SERVICES.length)];
        String route = ROUTES[random.nextInt(ROUTES.length)];
        long millis = error ? 5000 + random.nextInt(100) : 5 + (long) (-Math.log(1 - random.nextDouble()) * 60);
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("_id", second.getEpochSecond() + "-" + line);
        document.put("@timestamp", TIME.format(second.plusMillis(random.nextInt(1000))));
        document.put("level", error ? "error" : "info");
        document.put("service", service);
        document.put("route", route);
        document.put("status", error ? 500 : 200);
        document.put("duration_ms", millis);
        document.put("user_id", String.format("u%06d", 1 + random.nextInt(500)));
        document.put("message", error ? "GET " + route + " failed: no connection to the database after 5000 ms" : "GET " + route + " took " + millis + " ms");
        return document;
    }
}
