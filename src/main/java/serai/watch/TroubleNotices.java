package serai.watch;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import serai.status.Condition;
import serai.status.HumanText;
import serai.status.Status;
import serai.status.StatusReader;
import serai.status.StatusRow;
import serai.status.StatusSection;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Transaction;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;
import serai.watch.outbox.OperatorNotices;

/**
 * Notifies operators when a source, model, rule or route has been held, late or failed for long, and once more when it
 * is in order again. It reads what the page reads, so it also works when the thing that runs them has stopped. Rows
 * that fail for one cause are one message: those that wait for another row are named in its message, and a row that
 * fails with the error of an open notice gets none of its own. A notice and its row in {@code meta.troubles} are one
 * transaction.
 */
final class TroubleNotices {

    private static final Set<Condition> TROUBLE = Set.of(Condition.HELD, Condition.LATE, Condition.FAILED);
    private static final Set<Condition> IN_ORDER = Set.of(Condition.OK, Condition.WARN);
    private static final int MOST_ROWS = 20_000;
    private static final int MOST_CAUSES = 10;

    private final Warehouse warehouse;
    private final StatusReader status;
    private final Duration after;
    private final OperatorNotices operators;

    /** @param after how long something may be in trouble before operators get a message */
    TroubleNotices(Warehouse warehouse, StatusReader status, Duration after, OperatorNotices operators) {
        this.warehouse = warehouse;
        this.status = status;
        this.after = after;
        this.operators = operators;
    }

    /** A row of the page, by its section. */
    private record Key(String section, String name) {}

    private record Found(StatusSection section, StatusRow row) {

        Key key() {
            return new Key(section.name(), row.name());
        }

        /** Errors that differ in numbers only have one cause. */
        String cause() {
            String text = row.error() == null ? row.condition() + " " + row.reason() : row.error();
            return TroubleTexts.cut(text.replaceAll("\\d+", "#"));
        }
    }

    private record Open(String cause, boolean waits) {}

    /** Queues a notice if there is news; to be called from time to time. Does nothing while another process does it. */
    void check() throws Exception {
        Optional<Writer> lease = operators.isEnabled() ? warehouse.tryWriter("troubles") : Optional.empty();
        if (lease.isEmpty()) {
            return;
        }
        try (Writer writer = lease.get()) {
            Status now = status.read(MOST_ROWS);
            Map<Key, Open> open = open(writer.sql());
            Map<Key, Found> rows = rows(now);
            List<Found> begun = rows.values().stream()
                    .filter(found -> !open.containsKey(found.key()) && isLong(found.row(), now.now()))
                    .toList();
            List<Key> ended = open.keySet().stream()
                    .filter(key ->
                            !rows.containsKey(key) || isOver(rows.get(key).row()))
                    .toList();
            if (!begun.isEmpty() || !ended.isEmpty()) {
                writer.commitWithState(tx -> {
                    String text = String.join("\n", texts(now, rows, open, begun, ended));
                    write(tx, begun, ended);
                    if (!text.isEmpty()) {
                        operators.queue(tx.connection(), UUID.randomUUID().toString(), text);
                    }
                    return RunOutcome.ok();
                });
            }
        }
    }

    private static Map<Key, Open> open(Sql sql) throws SQLException {
        Map<Key, Open> open = new LinkedHashMap<>();
        sql.each(
                "select section, name, cause, waits from meta.troubles order by section, name",
                row -> open.put(
                        new Key(row.text("section"), row.text("name")),
                        new Open(row.text("cause"), row.flag("waits"))));
        return open;
    }

    private static Map<Key, Found> rows(Status now) {
        Map<Key, Found> rows = new LinkedHashMap<>();
        for (Status.Part part : now.sections()) {
            if (part.section().isNotified()) {
                // of rows of one name, such as a route of two instances, the worst comes first
                part.rows().rows().forEach(row -> {
                    Found found = new Found(part.section(), row);
                    rows.putIfAbsent(found.key(), found);
                });
            }
        }
        return rows;
    }

    private boolean isLong(StatusRow row, Instant now) {
        return TROUBLE.contains(row.condition())
                && row.since() != null
                && !row.since().isAfter(now.minus(after));
    }

    /** What is not known yet, such as a rule that was edited, may still be in trouble. */
    private static boolean isOver(StatusRow row) {
        return IN_ORDER.contains(row.condition()) || row.condition() == Condition.PAUSED;
    }

    private static void write(Transaction tx, List<Found> begun, List<Key> ended) throws SQLException {
        List<List<Object>> rows = new ArrayList<>();
        begun.forEach(found -> rows.add(List.of(
                found.section().name(),
                found.row().name(),
                found.cause(),
                found.row().cause() != null,
                found.row().since())));
        tx.sql().batch("insert into meta.troubles (section, name, cause, waits, since) values (?, ?, ?, ?, ?)", rows);
        List<List<Object>> keys = new ArrayList<>();
        ended.forEach(key -> keys.add(List.of(key.section(), key.name())));
        tx.sql().batch("delete from meta.troubles where section = ? and name = ?", keys);
    }

    private List<String> texts(
            Status now, Map<Key, Found> rows, Map<Key, Open> open, List<Found> begun, List<Key> ended) {
        List<String> lines = new ArrayList<>(begunTexts(now, open, begun));
        Map<String, List<String>> over = new LinkedHashMap<>();
        for (Key key : ended) {
            Found found = rows.get(key);
            if (found != null
                    && IN_ORDER.contains(found.row().condition())
                    && !open.get(key).waits()) {
                over.computeIfAbsent(found.section().noun(), noun -> new ArrayList<>())
                        .add(found.row().name());
            }
        }
        over.forEach((noun, names) -> lines.add(TroubleTexts.over(noun, names)));
        return lines;
    }

    private static List<String> begunTexts(Status now, Map<Key, Open> open, List<Found> begun) {
        Set<String> known = new HashSet<>();
        open.forEach((key, trouble) -> known.add(key.section() + " " + trouble.cause()));
        Map<String, List<Found>> byCause = new LinkedHashMap<>();
        Map<String, List<String>> waiting = new HashMap<>();
        for (Found found : begun) {
            if (found.row().cause() != null
                    && found.row().cause().endsWith("/" + found.row().name())) {
                // the same thing in another section
                continue;
            }
            if (found.row().cause() != null) {
                waiting.computeIfAbsent(found.row().cause(), row -> new ArrayList<>())
                        .add(found.row().name());
            } else if (found.row().error() == null
                    || !known.contains(found.section().name() + " " + found.cause())) {
                byCause.computeIfAbsent(found.section().name() + " " + found.cause(), cause -> new ArrayList<>())
                        .add(found);
            }
        }
        List<String> lines = new ArrayList<>();
        byCause.values().stream().limit(MOST_CAUSES).forEach(group -> lines.add(begunText(now, group, waiting)));
        if (byCause.size() > MOST_CAUSES) {
            lines.add("and " + (byCause.size() - MOST_CAUSES) + " other causes; the page names them.");
        }
        return lines;
    }

    private static String begunText(Status now, List<Found> group, Map<String, List<String>> waiting) {
        StatusRow first = group.get(0).row();
        String noun = group.get(0).section().noun();
        List<String> names = group.stream().map(found -> found.row().name()).toList();
        List<String> blocked = new ArrayList<>();
        group.forEach(found -> blocked.addAll(
                waiting.getOrDefault(found.section().name() + "/" + found.row().name(), List.of())));
        Instant since = group.stream()
                .map(found -> found.row().since())
                .min(Instant::compareTo)
                .orElseThrow();
        return TroubleTexts.begun(
                noun,
                names,
                first.condition().name().toLowerCase(Locale.ROOT),
                HumanText.span(Duration.between(since, now.now())),
                first.error(),
                group.size() == 1 || first.error() == null ? first.reason() : null,
                blocked);
    }
}
