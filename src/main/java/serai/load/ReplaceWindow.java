package serai.load;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.Relation;
import serai.warehouse.RunOutcome;

/**
 * The bean of the kamelet {@code replace-window}, one for each use, with its properties: replaces the rows of the
 * window that was asked for by those of the report. See {@link WindowImport}.
 */
public final class ReplaceWindow {

    private static final Logger LOG = LoggerFactory.getLogger(ReplaceWindow.class);

    private String table;
    private String window;
    private String key;
    private String emptyText;
    private String columns;
    private String scope;
    private double minShare;
    private double maxRejects;
    private String caps;
    private boolean restoreEdits = true;
    private boolean force;

    /** {@code schema.name} of the table. */
    public void setTable(String table) {
        this.table = table;
    }

    /** Its date or time column. */
    public void setWindow(String window) {
        this.window = window;
    }

    /** Columns that identify a row, separated by commas; empty for none. */
    public void setKey(String key) {
        this.key = key;
    }

    /** Text columns in which an empty field is the empty text, not NULL. */
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
     * {@code COLUMN=VALUE[,VALUE]}, the rows that this source has; empty for all.
     *
     * @throws IllegalArgumentException when it is not of this form
     */
    public void setScope(String scope) {
        Scope.of(scope);
        this.scope = scope;
    }

    /** Whether rows that someone has changed in the table are written again. */
    public void setRestoreEdits(boolean restoreEdits) {
        this.restoreEdits = restoreEdits;
    }

    /** See {@link ReportGuard}, as for the next three. */
    public void setMinShare(double minShare) {
        this.minShare = minShare;
    }

    /** The largest share of rejects, in per cent. */
    public void setMaxRejects(double maxRejects) {
        this.maxRejects = maxRejects;
    }

    /**
     * Numbers of rows at which Metabase cuts exports off, separated by commas.
     *
     * @throws NumberFormatException when one is not a whole number
     */
    public void setCaps(String caps) {
        numbers(caps);
        this.caps = caps;
    }

    /** Whether the guards are off. */
    public void setForce(boolean force) {
        this.force = force;
    }

    /**
     * Loads the report that is the exchange's body. The header {@code SeraiStatus} of the message is then the run's
     * status.
     *
     * @throws Exception when the report cannot be read or the database refuses the rows; the old rows then stay
     */
    public void replace(Exchange exchange) throws Exception {
        ImportRun run = exchange.getProperty(ImportRun.PROPERTY, ImportRun.class);
        Report report = exchange.getMessage().getBody(Report.class);
        if (run == null || report == null) {
            throw new IllegalStateException("kamelet:replace-window loads the report of a kamelet that begins the"
                    + " route. Use it in such a route, and leave the body as it is.");
        }
        ReplacePlan plan = new ReplacePlan(
                Relation.of(table),
                window,
                PropertyLists.list(key),
                PropertyLists.list(emptyText),
                PropertyLists.pairs("columns", columns),
                Scope.of(scope),
                restoreEdits,
                new ReportGuard(minShare, maxRejects, numbers(caps), force));
        RunOutcome outcome;
        try (report) {
            outcome = new WindowImport(run, plan).load(report);
        }
        run.end(outcome);
        log(run, plan, outcome);
        exchange.getMessage().setBody(null);
        exchange.getMessage().setHeader("SeraiStatus", status(outcome));
    }

    private static void log(ImportRun run, ReplacePlan plan, RunOutcome outcome) {
        String window = run.firstDay() + ".." + run.endDay();
        if (outcome.status() == RunOutcome.Status.HELD) {
            LOG.warn(
                    "source={} table={} window={} status=held read={} rejected={} The old rows stay: {}",
                    run.sourceName(),
                    plan.relation(),
                    window,
                    outcome.read(),
                    outcome.rejected(),
                    outcome.error());
        } else {
            LOG.info(
                    "source={} table={} window={} status={} read={} inserted={} deleted={} gone={} rejected={}{}",
                    run.sourceName(),
                    plan.relation(),
                    window,
                    status(outcome),
                    outcome.read(),
                    outcome.inserted(),
                    outcome.deleted(),
                    outcome.gone(),
                    outcome.rejected(),
                    plan.guard().force() ? " The guards were off (force: true)." : "");
        }
    }

    private static String status(RunOutcome outcome) {
        return outcome.status().name().toLowerCase(Locale.ROOT);
    }

    private static Set<Long> numbers(String text) {
        return PropertyLists.list(text).stream().map(Long::valueOf).collect(Collectors.toSet());
    }
}
