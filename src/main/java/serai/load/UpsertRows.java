package serai.load;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.Relation;
import serai.warehouse.RunOutcome;
import serai.warehouse.Transaction;
import serai.warehouse.Writer;

/**
 * The bean of the kamelet {@code upsert-rows}, one for each use: brings the rows of a message into a table by their
 * key, in one transaction with the run's row in {@code meta.runs}, the rejects and the changed days.
 */
public final class UpsertRows implements CamelContextAware {

    /** The kamelet, and the kind of its sources. */
    static final String KIND = "upsert-rows";

    private static final Logger LOG = LoggerFactory.getLogger(UpsertRows.class);
    private static final String TARGET =
            "update meta.sources set target = ? where source = ? and target is distinct from ?";

    private CamelContext context;
    private String source;
    private String step;
    private String table;
    private String key;
    private String window = "";
    private String emptyText = "";
    private String columns = "";
    private Scope scope = Scope.ALL;
    private Duration maxWait = Duration.ofMinutes(5);

    @Override
    public void setCamelContext(CamelContext context) {
        this.context = context;
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    /** The id of the route that uses the kamelet. */
    public void setSource(String source) {
        this.source = source;
    }

    /** The id of the kamelet's own route: a route may use the kamelet more than once. */
    public void setStep(String step) {
        this.step = step;
    }

    /** {@code schema.name} of the table. */
    public void setTable(String table) {
        this.table = table;
    }

    /** Columns that identify a row, separated by commas. */
    public void setKey(String key) {
        this.key = key;
    }

    /** The table's date or time column whose days are marked as changed; empty for none. */
    public void setWindow(String window) {
        this.window = window;
    }

    /** Text columns in which an empty value is the empty text, not NULL. */
    public void setEmptyText(String emptyText) {
        this.emptyText = emptyText;
    }

    /**
     * {@code Printed name=column} pairs for names that differ by more than spelling, separated by commas.
     *
     * @throws IllegalArgumentException when they are not of this form
     */
    public void setColumns(String columns) {
        PropertyLists.pairs("columns", columns);
        this.columns = columns;
    }

    /**
     * The rows of the table that the source has, as {@code COLUMN=VALUE[,VALUE]}; empty for all.
     *
     * @throws IllegalArgumentException when it is anything else
     */
    public void setScope(String scope) {
        this.scope = Scope.of(scope);
    }

    /** How long a message waits for the source's lease. */
    public void setMaxWait(Duration maxWait) {
        this.maxWait = maxWait;
    }

    /**
     * Loads the rows that are the exchange's body. The header {@code SeraiStatus} of the message is then the run's
     * status.
     *
     * @throws ReportHeldException when the rows cannot be trusted; the table then stays as it was
     * @throws Exception when the database refuses the rows, or the source's lease could not be taken in time
     */
    public void upsert(Exchange exchange) throws Exception {
        if (exchange.getProperty(ImportRun.PROPERTY) != null) {
            throw new IllegalStateException("kamelet:upsert-rows loads messages that are sent to a route. The report of"
                    + " a kamelet that begins the route is loaded by kamelet:replace-window.");
        }
        Upsert.Plan plan = new Upsert.Plan(
                source,
                step,
                Relation.of(table),
                PropertyLists.list(key),
                window,
                PropertyLists.list(emptyText),
                PropertyLists.pairs("columns", columns),
                scope);
        MessageWriters writers = context.getRegistry().findSingleByType(MessageWriters.class);
        RunOutcome outcome;
        // what was taken while the source was not paused is loaded
        boolean taken = PausedPolls.isOn(context.getRoute(source));
        try (Writer writer = taken ? writers.writer(source, maxWait) : writers.writerUnlessPaused(source, maxWait)) {
            writer.begin(KIND, null);
            outcome = writer.commitWithState(tx -> load(tx, plan, exchange, writers.mostBytes()));
        }
        if (outcome.status() == RunOutcome.Status.HELD) {
            throw new ReportHeldException(outcome.error());
        }
        log(outcome, exchange);
        exchange.getMessage().setBody(null);
        exchange.getMessage().setHeader("SeraiStatus", status(outcome));
    }

    /**
     * The plan of a step.
     *
     * @param properties of the kamelet, as the route has them
     */
    static Upsert.Plan plan(String source, Map<String, Object> properties) {
        Function<String, String> text = name -> String.valueOf(properties.getOrDefault(name, ""));
        return new Upsert.Plan(
                source,
                null,
                Relation.of(text.apply("table")),
                PropertyLists.list(text.apply("key")),
                text.apply("window"),
                PropertyLists.list(text.apply("emptyText")),
                PropertyLists.pairs("columns", text.apply("columns")),
                Scope.of(text.apply("scope")));
    }

    private RunOutcome load(Transaction tx, Upsert.Plan plan, Exchange exchange, long mostBytes) throws Exception {
        tx.sql().update(TARGET, table, source, table);
        try (MessageRows rows = new MessageRows(exchange.getMessage().getBody())) {
            Optional<MessageFile> file = MessageFile.of(exchange, mostBytes);
            Optional<String> before =
                    file.isPresent() ? file.get().loadedBefore(tx, step, plan.relation()) : Optional.empty();
            if (before.isPresent()) {
                LOG.info(
                        "source={} file={} It is not loaded again: the same content was loaded {}.",
                        source,
                        file.get().name(),
                        before.get());
                return RunOutcome.unchanged();
            }
            return named(new Upsert(tx, plan).run(rows, file), exchange);
        } catch (ReportHeldException e) {
            return named(RunOutcome.held(e.getMessage()), exchange);
        }
    }

    /** With the name of the file before an error. */
    private static RunOutcome named(RunOutcome outcome, Exchange exchange) {
        String file = fileName(exchange);
        return file == null || outcome.error() == null
                ? outcome
                : RunOutcome.held(file + ": " + outcome.error())
                        .read(outcome.read())
                        .rejected(outcome.rejected());
    }

    private static String fileName(Exchange exchange) {
        return exchange.getMessage().getHeader(Exchange.FILE_NAME_ONLY, String.class);
    }

    private void log(RunOutcome outcome, Exchange exchange) {
        String file = fileName(exchange);
        LOG.info(
                "source={} table={}{} status={} read={} inserted={} updated={} rejected={}",
                source,
                table,
                file == null ? "" : " file=" + file,
                status(outcome),
                outcome.read(),
                outcome.inserted(),
                outcome.updated(),
                outcome.rejected());
    }

    private static String status(RunOutcome outcome) {
        return outcome.status().name().toLowerCase(Locale.ROOT);
    }
}
