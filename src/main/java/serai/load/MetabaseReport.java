package serai.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ServiceStatus;
import org.apache.camel.spi.Synchronization;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.metabase.MetabaseLogin;
import serai.warehouse.Warehouse;

/**
 * The two ends of the question that the kamelet {@code metabase-report} asks over HTTP: {@link #ask} opens the poll and
 * writes the request, {@link #receive} judges the answer's head and hands its CSV on. Source: spec, contracts 1.3 to
 * 1.5.
 */
public final class MetabaseReport {

    private static final Logger LOG = LoggerFactory.getLogger(MetabaseReport.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Exchange properties: what is being asked, with which form and session, and whether the session was renewed. */
    private static final String ASKING = "asking";

    private static final String FORM = "form";
    private static final String SESSION = "session";
    private static final String RENEWED = "renewed";
    private static final String COUNT = "count";
    private static final String REPORT = "report";

    private final CamelContext context;
    private final Warehouse warehouse;
    private final String apiKey;
    private final MetabaseLogin login;
    private final PollScheduler retry;
    private final Clock clock;

    public MetabaseReport(
            CamelContext context,
            Warehouse warehouse,
            String apiKey,
            MetabaseLogin login,
            PollScheduler retry,
            Clock clock) {
        this.context = context;
        this.warehouse = warehouse;
        this.apiKey = apiKey;
        this.login = login;
        this.retry = retry;
        this.clock = clock;
    }

    /**
     * Opens a poll and makes the exchange the request for its report.
     *
     * @param source the route's id
     * @param lookback a duration such as {@code 96h}, or {@code all}
     * @param since first day of the data, or empty
     * @param zone Metabase's results time zone
     * @param start the card's parameter for the window's first day, or empty; {@code end} for the day after its last
     * @param parameters further parameters, {@code tag=value} or {@code tag:type=value}, separated by semicolons
     * @param countCard number of the card that counts the report's rows, or empty
     */
    public void ask(
            Exchange exchange,
            String source,
            String lookback,
            String since,
            String zone,
            String start,
            String end,
            String parameters,
            String countCard)
            throws Exception {
        ServiceStatus route = context.getRouteController().getRouteStatus(source);
        if (route == null || !(route.isStarting() || route.isStarted())) {
            // a kamelet's timer starts before the route that uses it is even known, and also if that route is not to
            // start: no step would take the report, and the edit that added the route would wait for this one; a
            // route that starts later runs what is overdue
            exchange.setRouteStop(true);
            return;
        }
        Duration back =
                lookback.equals("all") ? null : context.getTypeConverter().mandatoryConvertTo(Duration.class, lookback);
        Optional<ImportRun> begun = ImportRun.begin(
                warehouse,
                source,
                back,
                since.isBlank() ? null : LocalDate.parse(since),
                ZoneId.of(zone),
                clock.instant());
        if (begun.isEmpty()) {
            LOG.info("source={} Another run or instance is polling it now; this tick is left out.", source);
            exchange.setRouteStop(true);
            return;
        }
        ImportRun poll = begun.get();
        exchange.setProperty(ImportRun.PROPERTY, poll);
        exchange.getExchangeExtension().addOnCompletion(new Ending(poll));
        exchange.setProperty(FORM, form(poll, start, end, parameters));
        exchange.setProperty(ASKING, countCard.isBlank() ? REPORT : COUNT);
        request(exchange, null);
    }

    private void request(Exchange exchange, String refusedSession) throws Exception {
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setBody(exchange.getProperty(FORM));
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/x-www-form-urlencoded");
        if (!apiKey.isBlank()) {
            exchange.getMessage().setHeader("x-api-key", apiKey);
        } else {
            String session = login.session(refusedSession);
            exchange.setProperty(SESSION, session);
            exchange.getMessage().setHeader("X-Metabase-Session", session);
        }
    }

    /** Only form fields are read by all versions, and unformatted rows are the only ones without loss. */
    private static String form(ImportRun poll, String start, String end, String parameters) {
        ArrayNode list = JSON.createArrayNode();
        if (!start.isBlank()) {
            list.add(parameter(start, "date/single", poll.firstDay().toString()));
        }
        if (!end.isBlank()) {
            list.add(parameter(end, "date/single", poll.endDay().toString()));
        }
        for (String pair : parameters.split(";")) {
            if (!pair.isBlank()) {
                String[] parts = pair.split("=", 2);
                if (parts.length != 2) {
                    throw new IllegalArgumentException(
                            "'parameters' of metabase-report: '" + pair.strip() + "' is not 'tag=value'.");
                }
                String[] tag = parts[0].strip().split(":", 2);
                list.add(parameter(tag[0], tag.length == 2 ? tag[1] : "category", parts[1].strip()));
            }
        }
        return "parameters=" + URLEncoder.encode(list.toString(), StandardCharsets.UTF_8)
                + "&format_rows=false&pivot_results=false";
    }

    private static ObjectNode parameter(String tag, String type, String value) {
        ObjectNode parameter = JSON.createObjectNode().put("type", type).put("value", value);
        parameter
                .putArray("target")
                .add("variable")
                .add(JSON.createArrayNode().add("template-tag").add(tag));
        return parameter;
    }

    /**
     * Judges the head of the answer: a report's CSV becomes the exchange's body; an expired session is asked for once
     * more.
     *
     * @throws IOException when it is anything else, with what Metabase said
     */
    public void receive(Exchange exchange) throws Exception {
        int status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 0, int.class);
        String type = exchange.getMessage().getHeader(Exchange.CONTENT_TYPE, "", String.class);
        InputStream body = exchange.getMessage().getBody(InputStream.class);
        boolean csv = status == 200 && (type.startsWith("text/csv") || type.isEmpty());
        if (csv && REPORT.equals(exchange.getProperty(ASKING))) {
            exchange.removeProperty(ASKING);
            exchange.getMessage().removeHeaders("*");
            exchange.getMessage().setBody(new Report(body == null ? InputStream.nullInputStream() : body));
            return;
        }
        String text = body == null ? "" : new String(body.readNBytes(1 << 16), StandardCharsets.UTF_8);
        if (body != null) {
            body.close();
        }
        if (csv) {
            exchange.getProperty(ImportRun.PROPERTY, ImportRun.class).expect(count(text));
            exchange.setProperty(ASKING, REPORT);
            request(exchange, null);
        } else if (status == 401 && exchange.getProperty(SESSION) != null && exchange.getProperty(RENEWED) == null) {
            exchange.setProperty(RENEWED, true);
            request(exchange, exchange.getProperty(SESSION, String.class));
        } else {
            throw new IOException(problem(status, type, text));
        }
    }

    private static long count(String csv) throws IOException {
        String[] lines = csv.split("\r?\n");
        if (lines.length != 2 || !lines[1].matches("\\d{1,18}")) {
            throw new IOException("The count question did not answer one whole number.");
        }
        return Long.parseLong(lines[1]);
    }

    private String problem(int status, String type, String text) {
        if (status == 200) {
            return "The answer is " + type.split(";")[0]
                    + " and not the CSV of a report. Check metabase.url and what stands between.";
        }
        String said = text.startsWith("{") ? QueryError.in(text) : text.startsWith("<") ? "an HTML page" : text.strip();
        String mend = switch (status) {
            case 401 -> apiKey.isBlank() ? " Check metabase.user and metabase.password." : " Check metabase.api-key.";
            case 403 -> " Give the key's or user's group access to the question's collection and database.";
            case 404 -> " Check the card's number and metabase.url.";
            default -> "";
        };
        return "Metabase answered " + status + ": " + (said.length() > 300 ? said.substring(0, 300) + "..." : said)
                + mend;
    }

    /** Closes the poll when the exchange is done, however it went, and sees that a failed one is tried again soon. */
    private final class Ending implements Synchronization {

        private final ImportRun poll;

        Ending(ImportRun poll) {
            this.poll = poll;
        }

        @Override
        public void onComplete(Exchange exchange) {
            end(exchange, "The route ended without loading the report: is there a 'kamelet:replace-window' in it?");
        }

        @Override
        public void onFailure(Exchange exchange) {
            Throwable e = exchange.getException() != null
                    ? exchange.getException()
                    : exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
            end(exchange, e == null ? "The route failed." : message(e));
        }

        private void end(Exchange exchange, String reason) {
            try (poll) {
                poll.fail(reason);
                Report report = exchange.getMessage().getBody() instanceof Report open ? open : null;
                if (report != null) {
                    report.close();
                }
            } catch (Exception e) {
                LOG.warn("source={} {}", poll.writer().source(), e.getMessage());
            }
            retry.after(poll, exchange);
        }
    }

    private static String message(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null
                && root.getMessage() != null
                && root.getMessage().contains(String.valueOf(root.getCause()))) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
