package serai.load.metabase;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import serai.load.ImportRun;
import serai.load.ImportSource;
import serai.load.Imports;
import serai.load.Report;
import serai.metabase.MetabaseClient;

/**
 * The bean of the kamelet {@code metabase-report}, which sends the requests itself: {@link #begin} begins a run and
 * makes the message its first request, {@link #reply} checks each reply and makes the next request or the report.
 */
public final class MetabaseReport {

    private static final String KIND = "metabase-report";
    /** Exchange property: which question the next request is for; none when the message is the report. */
    private static final String QUESTION = "metabaseQuestion";

    private static final String COUNT = "count";
    private static final String REPORT = "report";
    private static final String FORM = "metabaseForm";
    private static final String EXPECTED_ROWS = "metabaseExpectedRows";
    /** Bytes of a reply that are read for its error message. */
    private static final int MAX_ERROR = 1 << 16;

    private static final int MAX_MESSAGE = 300;

    private final CamelContext context;
    private final Imports imports;
    private final MetabaseClient client;

    MetabaseReport(CamelContext context, Imports imports, MetabaseClient client) {
        this.context = context;
        this.imports = imports;
        this.client = client;
    }

    /**
     * Begins a run and makes the message the request for its report, or for the number of its rows.
     *
     * @param source the id of the route that uses the kamelet
     * @param lookback a duration such as {@code 96h}, or {@code all}
     * @param since first day of the data, or empty
     * @param zone Metabase's results time zone
     * @param start the question's parameter for the window's first day, or empty
     * @param end the question's parameter for the day after the window's last, or empty
     * @param parameters further parameters, {@code tag=value} or {@code tag:type=value}, separated by semicolons
     * @param countCard number of the question that counts the report's rows, or empty
     */
    public void begin(
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
        Optional<ImportRun> run =
                imports.begin(exchange, ImportSource.of(context, source, KIND, lookback, since, zone));
        if (run.isPresent()) {
            QuestionForm form = new QuestionForm();
            form.day(start, run.get().firstDay());
            form.day(end, run.get().endDay());
            form.values(parameters);
            exchange.setProperty(FORM, form.encoded());
            request(exchange, countCard.isBlank() ? REPORT : COUNT);
        }
    }

    private void request(Exchange exchange, String question) throws Exception {
        exchange.setProperty(QUESTION, question);
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setBody(exchange.getProperty(FORM));
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/x-www-form-urlencoded");
        client.authenticate(exchange);
    }

    /**
     * Checks the head of a reply. The CSV of the report becomes the body, a {@link Report} that has not been read yet.
     * After the reply with the number of rows, and after the first one that refuses the session, the message is the
     * next request.
     *
     * @throws IOException when the reply is anything else; the message has Metabase's own
     */
    public void reply(Exchange exchange) throws Exception {
        int status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 0, int.class);
        String type = exchange.getMessage().getHeader(Exchange.CONTENT_TYPE, "", String.class);
        InputStream body = Optional.ofNullable(exchange.getMessage().getBody(InputStream.class))
                .orElse(InputStream.nullInputStream());
        String question = exchange.getProperty(QUESTION, String.class);
        boolean isCsv = status == 200 && (type.startsWith("text/csv") || type.isEmpty());
        if (isCsv && question.equals(REPORT)) {
            exchange.removeProperty(QUESTION);
            exchange.getMessage().removeHeaders("*");
            exchange.getMessage()
                    .setBody(new Report(body, new MetabaseCheck(exchange.getProperty(EXPECTED_ROWS, Long.class))));
            return;
        }
        String text;
        try (body) {
            text = new String(body.readNBytes(MAX_ERROR), StandardCharsets.UTF_8);
        }
        if (isCsv) {
            exchange.setProperty(EXPECTED_ROWS, count(text));
            request(exchange, REPORT);
        } else if (status == 401 && client.renewSession(exchange)) {
            request(exchange, question);
        } else {
            throw new IOException(problem(status, type, text));
        }
    }

    private static long count(String csv) throws IOException {
        String[] lines = csv.split("\r?\n");
        if (lines.length != 2 || !lines[1].matches("\\d{1,18}")) {
            throw new IOException("The reply to the question 'countCard' is not one whole number.");
        }
        return Long.parseLong(lines[1]);
    }

    private String problem(int status, String type, String text) {
        if (status == 200) {
            return "The reply is " + type.split(";")[0] + " and not the CSV of a report. " + MetabaseCheck.CHECK_URL;
        }
        String message =
                text.startsWith("{") ? QueryError.message(text) : text.startsWith("<") ? "an HTML page" : text.strip();
        String fix = switch (status) {
            case 401 -> " Check " + client.credentials() + ".";
            case 403 -> " Give the key's or user's group access to the question's collection and database.";
            case 404 -> " Check the card's number and metabase.url.";
            default -> "";
        };
        return "Metabase answered " + status + ": "
                + (message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) + "..." : message) + fix;
    }
}
