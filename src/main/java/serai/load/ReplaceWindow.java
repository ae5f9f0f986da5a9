package serai.load;

import java.io.IOException;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import serai.load.DayTotals.Total;
import serai.warehouse.Outcome;
import serai.warehouse.Range;
import serai.warehouse.Relation;
import serai.warehouse.Transaction;

/**
 * The kamelet {@code replace-window}: replaces the rows of the window that was asked for by those of the report, in one transaction with
 * the ledger, the changed days and the position. Readers see the old rows until then. Rows go straight into the table, so a load costs
 * what COPY costs; a table with a key is staged first.
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
     * @param table      {@code schema.name} of the table
     * @param window     its date or time column
     * @param key        columns that tell rows apart, separated by commas; empty for none
     * @param emptyText  text columns in which an empty field is the empty text, not NULL
     * @param columns    {@code Printed name=column} pairs for names that differ by more than spelling, separated by commas
     * @param minShare   see {@link Guard}, as are the next three
     */
    public void replace(Exchange exchange, String table, String window, String key, String emptyText, String columns, double minShare,
            double maxRejects, String caps, boolean force) throws Exception {
        Poll poll = exchange.getProperty(Poll.PROPERTY, Poll.class);
        Report report = exchange.getMessage().getBody(Report.class);
        if (poll == null || report == null) {
            throw new IllegalStateException("replace-window loads what kamelet:metabase-report gave it; put it behind one.");
        }
        Relation relation = Relation.of(table);
        Guard guard = new Guard(minShare, maxRejects, longs(caps), force);
        Plan plan = new Plan(relation, window, list(key), list(emptyText), pairs(columns), guard, maxBytes);
        Outcome outcome = poll.writer().commitWithState(tx -> {
            try (report) {
                return new Load(tx, poll, plan).run(report);
            }
        });
        poll.settle(outcome);
        say(poll, relation, outcome, force);
        exchange.getMessage().setBody(null);
        exchange.getMessage().setHeader("SeraiStatus", outcome.status().name().toLowerCase(java.util.Locale.ROOT));
    }

    private static void say(Poll poll, Relation relation, Outcome outcome, boolean force) {
        String source = poll.writer().source();
        String window = poll.firstDay() + ".." + poll.endDay();
        if (outcome.status() == Outcome.Status.HELD) {
            LOG.warn("source={} table={} window={} status=held read={} rejected={} The old rows stay: {}", source, relation, window,
                    outcome.read(), outcome.rejected(), outcome.error());
        } else {
            LOG.info("source={} table={} window={} status={} read={} inserted={} deleted={} rejected={}{}", source, relation, window,
                    outcome.status().name().toLowerCase(java.util.Locale.ROOT), outcome.read(), outcome.inserted(), outcome.deleted(),
                    outcome.rejected(), force ? " The guards were off (force: true)." : "");
        }
    }

    private record Plan(Relation relation, String window, List<String> key, List<String> emptyText, Map<String, String> renamed,
            Guard guard, long maxBytes) {
    }

    /** One load inside its transaction. */
    private static final class Load {

        private final Transaction tx;
        private final Poll poll;
        private final Plan plan;

        Load(Transaction tx, Poll poll, Plan plan) {
            this.tx = tx;
            this.poll = poll;
            this.plan = plan;
        }

        Outcome run(Report report) throws SQLException, IOException {
            WindowLoad load = null;
            try {
                ReportTable table = ReportTable.read(tx.connection(), plan.relation(), plan.window(), plan.emptyText(), poll.zone());
                load = new WindowLoad(poll, table, plan.maxBytes());
                return plan.key().isEmpty() ? straight(report, table, load) : staged(report, table, load);
            } catch (HeldException e) {
                if (load != null) {
                    load.rejects().forEach(tx::reject);
                }
                return Outcome.held(load == null ? 0 : load.readRows(), load == null ? 0 : load.rejects().size(), e.getMessage());
            }
        }

        private Outcome straight(Report report, ReportTable table, WindowLoad load) throws SQLException, IOException, HeldException {
            Map<LocalDate, Long> removed = tx.deleteRange(plan.relation(), range(table));
            load.copy(tx, report, plan.renamed(), plan.relation().sql(), false);
            check(load);
            return commit(load, load.totals().totals(), removed, Map.of());
        }

        private Outcome staged(Report report, ReportTable table, WindowLoad load) throws SQLException, IOException, HeldException {
            KeyedRows rows = new KeyedRows(tx, table, keyColumns(table), day(table));
            rows.createStaging();
            load.copy(tx, report, plan.renamed(), KeyedRows.STAGED, true);
            load.rejects().addAll(rows.duplicates());
            check(load);
            Map<LocalDate, Total> totals = rows.totals();
            Map<LocalDate, Long> removed = tx.deleteRange(plan.relation(), range(table));
            Map<LocalDate, Long> moved = rows.removeMoved();
            rows.insert();
            return commit(load, totals, removed, moved);
        }

        private void check(WindowLoad load) throws SQLException, HeldException {
            if (poll.expected() >= 0 && poll.expected() != load.readRows()) {
                throw new HeldException("The report has " + load.readRows() + " rows where the count question said " + poll.expected()
                        + ": it was cut off, or its data changed between the two answers.");
            }
            plan.guard().check(tx.connection(), poll.writer().source(), poll.window(),
                    new Guard.Reply(load.readRows(), load.rejects().size(), load.newest()), poll.newestBefore());
        }

        private Outcome commit(WindowLoad load, Map<LocalDate, Total> now, Map<LocalDate, Long> removed, Map<LocalDate, Long> moved)
                throws SQLException {
            load.rejects().forEach(tx::reject);
            tx.position(poll.position(load.newest()));
            WindowState state = new WindowState(tx, plan.relation());
            Set<LocalDate> changed = state.changed(poll.firstDay(), poll.endDay(), now, removed);
            if (changed.isEmpty() && moved.isEmpty()) {
                return new Outcome(Outcome.Status.UNCHANGED, load.readRows(), 0, 0, load.rejects().size(), load.newest(), null);
            }
            state.write(changed, now);
            state.forget(moved.keySet());
            changed.addAll(moved.keySet());
            tx.markDirty(plan.relation(), utcDays(changed));
            long inserted = now.values().stream().mapToLong(Total::rows).sum();
            long deleted = sum(removed) + sum(moved);
            return Outcome.ok(load.readRows(), inserted, deleted, load.rejects().size(), load.newest());
        }

        /** A day of the source's zone touches one or two days of UTC, which is what the dirty days of all relations are counted in. */
        private Set<LocalDate> utcDays(Set<LocalDate> days) {
            Set<LocalDate> utc = new TreeSet<>();
            for (LocalDate day : days) {
                utc.add(LocalDate.ofInstant(day.atStartOfDay(poll.zone()).toInstant(), ZoneOffset.UTC));
                utc.add(LocalDate.ofInstant(day.plusDays(1).atStartOfDay(poll.zone()).toInstant().minusNanos(1), ZoneOffset.UTC));
            }
            return utc;
        }

        private Range range(ReportTable table) {
            return switch (table.window().type()) {
                case DATE -> Range.ofDays(plan.window(), poll.firstDay(), poll.endDay());
                case TIMESTAMP -> new Range(plan.window(), poll.firstDay().atStartOfDay(), poll.endDay().atStartOfDay(), null);
                default -> Range.ofInstants(plan.window(), poll.window().from(), poll.window().to(), poll.zone());
            };
        }

        private String day(ReportTable table) {
            return range(table).daySql();
        }

        private List<String> keyColumns(ReportTable table) throws HeldException {
            for (String name : plan.key()) {
                if (!table.columns().containsKey(name)) {
                    throw new HeldException("'key' names the column '" + name + "', which " + plan.relation() + " does not have.");
                }
            }
            return plan.key();
        }

        private static long sum(Map<LocalDate, Long> counts) {
            return counts.values().stream().mapToLong(Long::longValue).sum();
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
                throw new IllegalArgumentException("'columns' of replace-window: '" + pair + "' is not 'Printed name=column'.");
            }
            pairs.put(parts[0].strip(), parts[1].strip());
        }
        return pairs;
    }
}
