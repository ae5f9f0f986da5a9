package serai.load;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.Relation;
import serai.warehouse.RunOutcome;

/**
 * The kamelet {@code replace-window}: replaces the rows of the window that was asked for by those of the report, in one
 * transaction with the ledger, the changed days and the position. Readers see the old rows until then. Rows go straight
 * into the table, so a load costs what COPY costs; a table with a key is staged first.
 */
public final class ReplaceWindow {

    private static final Logger LOG = LoggerFactory.getLogger(ReplaceWindow.class);

    private final long maxBytes;

    /** @param maxBytes most bytes of an unpacked report */
    ReplaceWindow(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Loads the report that is the exchange's body.
     *
     * @param table {@code schema.name} of the table
     * @param window its date or time column
     * @param key columns that tell rows apart, separated by commas; empty for none
     * @param emptyText text columns in which an empty field is the empty text, not NULL
     * @param columns {@code Printed name=column} pairs for names that differ by more than spelling, separated by commas
     * @param minShare see {@link ReportGuard}, as are the next three
     */
    public void replace(
            Exchange exchange,
            String table,
            String window,
            String key,
            String emptyText,
            String columns,
            double minShare,
            double maxRejects,
            String caps,
            boolean force)
            throws Exception {
        ImportRun poll = exchange.getProperty(ImportRun.PROPERTY, ImportRun.class);
        Report report = exchange.getMessage().getBody(Report.class);
        if (poll == null || report == null) {
            throw new IllegalStateException(
                    "replace-window loads what kamelet:metabase-report gave it; put it behind one.");
        }
        Relation relation = Relation.of(table);
        ReportGuard guard = new ReportGuard(minShare, maxRejects, longs(caps), force);
        Replacement.Plan plan =
                new Replacement.Plan(relation, window, list(key), list(emptyText), pairs(columns), guard, maxBytes);
        RunOutcome outcome = poll.writer().commitWithState(tx -> {
            try (report) {
                return new Replacement(tx, poll, plan).run(report);
            }
        });
        poll.settle(outcome);
        say(poll, relation, outcome, force);
        exchange.getMessage().setBody(null);
        exchange.getMessage().setHeader("SeraiStatus", outcome.status().name().toLowerCase(java.util.Locale.ROOT));
    }

    private static void say(ImportRun poll, Relation relation, RunOutcome outcome, boolean force) {
        String source = poll.writer().source();
        String window = poll.firstDay() + ".." + poll.endDay();
        if (outcome.status() == RunOutcome.Status.HELD) {
            LOG.warn(
                    "source={} table={} window={} status=held read={} rejected={} The old rows stay: {}",
                    source,
                    relation,
                    window,
                    outcome.read(),
                    outcome.rejected(),
                    outcome.error());
        } else {
            LOG.info(
                    "source={} table={} window={} status={} read={} inserted={} deleted={} rejected={}{}",
                    source,
                    relation,
                    window,
                    outcome.status().name().toLowerCase(java.util.Locale.ROOT),
                    outcome.read(),
                    outcome.inserted(),
                    outcome.deleted(),
                    outcome.rejected(),
                    force ? " The guards were off (force: true)." : "");
        }
    }

    private static List<String> list(String text) {
        List<String> items = new ArrayList<>();
        for (String item : (text == null ? "" : text).split(",")) {
            if (!item.isBlank()) {
                items.add(item.strip());
            }
        }
        return items;
    }

    private static Set<Long> longs(String text) {
        Set<Long> numbers = new HashSet<>();
        list(text).forEach(n -> numbers.add(Long.valueOf(n)));
        return numbers;
    }

    private static Map<String, String> pairs(String text) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : list(text)) {
            String[] parts = pair.split("=", 2);
            if (parts.length != 2) {
                throw new IllegalArgumentException(
                        "'columns' of replace-window: '" + pair + "' is not 'Printed name=column'.");
            }
            pairs.put(parts[0].strip(), parts[1].strip());
        }
        return pairs;
    }
}
