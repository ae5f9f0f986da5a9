package serai.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/**
 * Google's Analytics Data API on 127.0.0.1, with the token endpoint of one service account, as strict as the real one:
 * docs/reference/google-analytics.md. {@link #next} chooses what it does wrong on purpose.
 */
public final class Ga4Double implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern CALL = Pattern.compile("/v1beta/properties/([^/:]*)(?::(\\w+)|/(metadata))");
    private static final String TOKEN_PATH = "/token";
    private static final String JSON_TYPE = "application/json; charset=UTF-8";
    private static final int MAX_BATCH = 5;

    private final Map<String, Ga4Property> properties = new ConcurrentHashMap<>();
    private final Ga4Tokens tokens = new Ga4Tokens();
    private final Queue<Ga4Failure> next = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> between = new ConcurrentLinkedQueue<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Exception> faults = new CopyOnWriteArrayList<>();
    private final Loopback server = new Loopback("ga4", this::answer);

    private Ga4Double() {}

    /** Starts one on a free port. */
    public static Ga4Double start() throws IOException {
        Ga4Double ga4 = new Ga4Double();
        ga4.server.start();
        return ga4;
    }

    /** The address of the API. */
    public String url() {
        return "http://127.0.0.1:" + server.port();
    }

    /** The name of the service account. */
    public static String account() {
        return Ga4Tokens.ACCOUNT;
    }

    /** Writes the account's key file, whose token endpoint is this double's. */
    public Path keyFile(Path file) throws IOException {
        return Files.writeString(file, tokens.keyFile(url() + TOKEN_PATH));
    }

    /** Adds a property that the account may read, or replaces it. */
    public Ga4Property property(String id, Function<LocalDate, List<Ga4Row>> data) {
        Ga4Property property = new Ga4Property(id, data);
        properties.put(id, property);
        return property;
    }

    /** The account may not read a property any more. */
    public Ga4Double forbid(String id) {
        properties.remove(id);
        return this;
    }

    /** The clock of tokens, quotas and relative dates. */
    public Ga4Double clock(Clock clock) {
        tokens.clock = clock;
        return this;
    }

    /** The failures of the next reports, in order, one each. */
    public Ga4Double next(Ga4Failure... failures) {
        next.addAll(List.of(failures));
        return this;
    }

    /**
     * What happens after the data of the next reports were read, in order, one each; such as a change of the data
     * between two pages.
     */
    public Ga4Double afterNext(Runnable... changes) {
        between.addAll(List.of(changes));
        return this;
    }

    /** Forgets failures and changes that did not happen yet. */
    public void calm() {
        next.clear();
        between.clear();
    }

    /** All tokens expire. */
    public void expireTokens() {
        tokens.expire();
    }

    /** The account's key is deleted. */
    public void deleteKey() {
        tokens.deleteKey(true);
    }

    /** The account's key is valid again. */
    public void restoreKey() {
        tokens.deleteKey(false);
    }

    /** Every request so far, to the token endpoint also. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** The requests for reports so far. */
    public List<Request> reports() {
        return requests.stream().filter(r -> r.path().endsWith(":runReport")).toList();
    }

    /** The logins so far. */
    public List<Request> logins() {
        return requests.stream().filter(r -> r.path().equals(TOKEN_PATH)).toList();
    }

    /** Forgets the requests so far. */
    public void forget() {
        requests.clear();
    }

    /** @throws IllegalStateException when it was asked for what it does not know */
    @Override
    public void close() throws IOException {
        server.close();
        if (!faults.isEmpty()) {
            throw new IllegalStateException(
                    "The Google Analytics double was misused: " + faults.get(0).getMessage(), faults.get(0));
        }
    }

    private void answer(Request request, Answer answer) throws IOException {
        requests.add(request);
        answer.header(
                "Date",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        ZonedDateTime.ofInstant(tokens.clock.instant(), ZoneOffset.UTC)));
        try {
            if (request.path().equals(TOKEN_PATH)) {
                tokens.answer(request, answer);
            } else {
                call(request, answer);
            }
        } catch (RequestRefusal e) {
            answer.send(e.status(), e.contentType(), e.getMessage());
        } catch (IllegalStateException e) {
            faults.add(e);
            answer.reset();
        }
    }

    private void call(Request request, Answer answer) throws IOException {
        Matcher call = CALL.matcher(request.path());
        if (!call.matches()) {
            throw Ga4Errors.page();
        }
        String verb = call.group(2) == null ? call.group(3) : call.group(2);
        boolean isRead = verb.equals("metadata") && request.method().equals("GET");
        boolean isReport = List.of("runReport", "batchRunReports").contains(verb)
                && request.method().equals("POST");
        if (!isRead && !isReport) {
            throw Ga4Errors.page();
        }
        Ga4Failure failure = isReport && !next.isEmpty() ? next.poll() : Ga4Failure.OK;
        if (failure == Ga4Failure.EXPIRED_TOKEN) {
            tokens.expire();
        }
        tokens.require(request);
        Ga4Property property = property(call.group(1));
        if (failure.status() != 200) {
            if (failure.status() == 500 || failure.status() == 503) {
                property.quotas.serverError(tokens.clock);
            }
            throw failure.refusal();
        }
        property.quotas.require(tokens.clock);
        if (isRead) {
            answer.send(200, JSON_TYPE, metadata(call.group(1)).toString());
        } else if (verb.equals("runReport")) {
            send(request, answer, report(request, property, request.text()), failure);
        } else {
            send(request, answer, batch(request, property), failure);
        }
    }

    private Ga4Property property(String id) {
        if (!id.matches("\\d+")) {
            throw Ga4Errors.propertyId(id);
        }
        Ga4Property property = properties.get(id);
        if (property == null) {
            throw Ga4Errors.noAccess();
        }
        return property;
    }

    private ObjectNode report(Request request, Ga4Property property, String body) {
        Ga4Request asked = Ga4Request.of(body, LocalDate.ofInstant(tokens.clock.instant(), property.zone));
        boolean numbers = request.query().getOrDefault("$alt", "").contains("enum-encoding=int");
        ObjectNode report = new Ga4Table(property, asked).answer(numbers);
        long cells = (long) asked.dimensions().size() + asked.metrics().size();
        ObjectNode quota = property.quotas.consume(1 + cells / 5);
        if (asked.json().path("returnPropertyQuota").asBoolean()) {
            report.set("propertyQuota", quota);
        }
        return report;
    }

    private ObjectNode batch(Request request, Ga4Property property) throws IOException {
        var asked = JSON.readTree(request.body()).path("requests");
        if (asked.size() > MAX_BATCH) {
            throw Ga4Errors.invalid("Batch requests are limited to " + MAX_BATCH + " requests.\n  This batch request"
                    + " contains " + asked.size() + " requests.");
        }
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode reports = answer.putArray("reports");
        asked.forEach(one -> reports.add(report(request, property, one.toString())));
        return answer.put("kind", "analyticsData#batchRunReports");
    }

    /** What can be asked for. */
    private static ObjectNode metadata(String property) {
        ObjectNode metadata = JSON.createObjectNode().put("name", "properties/" + property + "/metadata");
        ArrayNode dimensions = metadata.putArray("dimensions");
        Ga4Request.DIMENSIONS.stream()
                .sorted()
                .forEach(name -> dimensions.addObject().put("apiName", name));
        ArrayNode metrics = metadata.putArray("metrics");
        Ga4Request.METRICS.forEach(
                (name, type) -> metrics.addObject().put("apiName", name).put("type", type));
        return metadata;
    }

    private void send(Request request, Answer answer, ObjectNode report, Ga4Failure failure) throws IOException {
        Runnable change = between.poll();
        if (change != null) {
            change.run();
        }
        if (failure == Ga4Failure.EMPTY_PAGE) {
            report.remove("rows");
        }
        byte[] body = (failure == Ga4Failure.OTHER_JSON ? "[\"welcome\"]" : report.toString())
                .getBytes(StandardCharsets.UTF_8);
        if (request.header("Accept-Encoding").filter(e -> e.contains("gzip")).isPresent()) {
            answer.header("Content-Encoding", "gzip");
            body = packed(body);
        }
        if (failure == Ga4Failure.RESET) {
            answer.reset();
        } else if (failure == Ga4Failure.CUT) {
            OutputStream out = answer.stream(200, JSON_TYPE, Answer.Framing.CHUNKED);
            out.write(body, 0, body.length * 2 / 3);
            out.flush();
            answer.cut();
        } else {
            answer.send(200, JSON_TYPE, body);
        }
    }

    private static byte[] packed(byte[] body) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(body);
        }
        return packed.toByteArray();
    }
}
