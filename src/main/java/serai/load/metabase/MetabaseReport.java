package serai.load.metabase;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.camel.Exchange;
import serai.load.ImportRun;
import serai.load.ImportSource;
import serai.load.Imports;
import serai.load.Report;
import serai.metabase.MetabaseClient;

/**
 * The bean of the kamelet {@code metabase-report}, one for each use, with the kamelet's properties. The kamelet sends
 * the requests itself: {@link #begin} begins a run and makes the message its first request, {@link #reply} checks each
 * reply and makes the next request or the report.
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

    private String source;
    private String lookback;
    private String since;
    private String zone;
    private String start;
    private String end;
    private String range;
    private String parameters;
    private String countCard;

    /** The id of the route that uses the kamelet. */
    public void setSource(String source) {
        this.source = source;
    }

    /** How far back rows can still change: a duration such as {@code 96h}, or {@code all}. */
    public void setLookback(String lookback) {
        this.lookback = lookback;
    }

    /** First day of the data, or empty. */
    public void setSince(String since) {
        this.since = since;
    }

    /** Metabase's results time zone. */
    public void setZone(String zone) {
        this.zone = zone;
    }

    /** The question's parameter for the window's first day, or empty. */
    public void setStart(String start) {
        this.start = start;
    }

    /** The question's parameter for the day after the window's last, or empty. */
    public void setEnd(String end) {
        this.end = end;
    }

    /** The question's field filter for the days of the window, in place of the two parameters; or empty. */
    public void setRange(String range) {
        this.range = range;
    }

    /**
     * Further parameters: see {@link QuestionForm#values}.
     *
     * @throws IllegalArgumentException when they are not of this form
     */
    public void setParameters(String parameters) {
        new QuestionForm().values(parameters);
        this.parameters = parameters;
    }

    /** Number of the question that counts the report's rows, or empty. */
    public void setCountCard(String countCard) {
        this.countCard = countCard;
    }

    /** Begins a run and makes the message the request for its report, or for the number of its rows. */
    public void begin(Exchange exchange) throws Exception {
        Imports imports = bean(exchange, Imports.class);
        Optional<ImportRun> run =
                imports.begin(exchange, ImportSource.of(exchange.getContext(), source, KIND, lookback, since, zone));
        if (run.isPresent()) {
            QuestionForm form = new QuestionForm();
            if (range.isBlank()) {
                form.day(start, run.get().firstDay());
                form.day(end, run.get().endDay());
            } else {
                form.days(range, run.get().firstDay(), run.get().endDay());
            }
            form.values(parameters);
            exchange.setProperty(FORM, form.encoded());
            request(exchange, countCard.isBlank() ? REPORT : COUNT);
        }
    }

    private static <T> T bean(Exchange exchange, Class<T> type) {
        return exchange.getContext().getRegistry().findSingleByType(type);
    }

    private static MetabaseClient client(Exchange exchange) {
        return bean(exchange, MetabaseClient.class);
    }

    private void request(Exchange exchange, String question) throws Exception {
        exchange.setProperty(QUESTION, question);
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setBody(exchange.getProperty(FORM));
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/x-www-form-urlencoded");
        client(exchange).authenticate(exchange);
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
        } else if (status == 401 && client(exchange).renewSession(exchange)) {
            request(exchange, question);
        } else {
            throw new IOException(
                    new ErrorReply(status, type, header(exchange, "Server"), header(exchange, "Location"), text)
                            .problem(client(exchange).credentials()));
        }
    }

    private static String header(Exchange exchange, String name) {
        return exchange.getMessage().getHeader(name, "", String.class);
    }

    private static long count(String csv) throws IOException {
        String[] lines = csv.split("\r?\n");
        if (lines.length != 2 || !lines[1].matches("\\d{1,18}")) {
            throw new IOException("The reply to the question 'countCard' is not one whole number.");
        }
        return Long.parseLong(lines[1]);
    }
}
