package serai.watch.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import serai.watch.alert.AlertGroup;
import serai.watch.alert.AlertStore;
import serai.watch.alert.Finding;

/** {@code meta.pending_alerts} and {@code meta.notified}: groups of matches that wait, and what was told before. */
final class PendingAlertTable {

    private static final int MOST_GROUPS = 100;
    /** Rows, every ten minutes: more than all rules together tell. */
    private static final int MOST_FORGOTTEN = 200_000;

    private record Added(AlertGroup group, Finding finding) {}

    private final AlertTables rows;
    private final Map<String, Boolean> told = new HashMap<>();
    private final Map<String, Instant> newlyTold = new java.util.TreeMap<>();
    private final Map<String, List<AlertGroup>> groups = new HashMap<>();
    private final List<Added> added = new ArrayList<>();

    PendingAlertTable(AlertTables rows) {
        this.rows = rows;
    }

    void readTold(Collection<String> identities) {
        List<String> unknown = identities.stream()
                .filter(identity -> !told.containsKey(identity))
                .toList();
        if (!unknown.isEmpty()) {
            unknown.forEach(identity -> told.put(identity, false));
            rows.read(
                    "select identity from meta.notified where identity = any(?)",
                    row -> told.put(row.getString(1), true),
                    unknown);
        }
    }

    boolean isTold(String identity) {
        readTold(List.of(identity));
        return told.get(identity);
    }

    void told(String identity, Instant at) {
        told.put(identity, true);
        newlyTold.put(identity, at);
    }

    void readGroups(Collection<String> rules) {
        List<String> unknown =
                rules.stream().filter(rule -> !groups.containsKey(rule)).toList();
        if (!unknown.isEmpty()) {
            unknown.forEach(rule -> groups.put(rule, new ArrayList<>()));
            rows.read("""
                    select group_id, rule, aggregation_key, alert_at from meta.pending_alerts where rule = any(?)
                    group by group_id, rule, aggregation_key, alert_at order by min(pending_id)""", row -> groups.get(row.getString("rule")).add(group(row)), unknown);
        }
    }

    private static AlertGroup group(java.sql.ResultSet row) throws java.sql.SQLException {
        return new AlertGroup(
                row.getString("group_id"),
                row.getString("rule"),
                row.getString("aggregation_key"),
                AlertTables.time(row, "alert_at"));
    }

    List<AlertGroup> groups(String rule) {
        readGroups(List.of(rule));
        return List.copyOf(groups.get(rule));
    }

    void add(AlertGroup group, Finding finding) {
        readGroups(List.of(group.rule()));
        if (groups.get(group.rule()).stream().noneMatch(known -> known.id().equals(group.id()))) {
            groups.get(group.rule()).add(group);
        }
        added.add(new Added(group, finding));
    }

    List<AlertGroup> due(Instant now, Collection<String> without) {
        List<AlertGroup> due = new ArrayList<>();
        rows.read("""
                select group_id, rule, aggregation_key, alert_at from meta.pending_alerts
                where alert_at < ? and not rule = any(?)
                group by group_id, rule, aggregation_key, alert_at order by alert_at, min(pending_id) limit ?""", row -> due.add(group(row)), now, without, MOST_GROUPS);
        return due;
    }

    List<AlertStore.Waiting> take(AlertGroup group, int most) {
        List<AlertStore.Waiting> taken = new ArrayList<>();
        rows.read(
                """
                with gone as (delete from meta.pending_alerts where pending_id in
                  (select pending_id from meta.pending_alerts where rule = ? and group_id = ? order by pending_id limit ?)
                  returning pending_id, silence_key, match, identity)
                select silence_key, match, identity from gone order by pending_id""",
                row -> taken.add(new AlertStore.Waiting(
                        row.getString(1), AlertTables.match(row.getString(2)), row.getString(3))),
                group.rule(),
                group.id(),
                most);
        return taken;
    }

    void write() {
        if (!newlyTold.isEmpty()) {
            rows.write(
                    "insert into meta.notified (identity, notified_at) select * from unnest(?::text[], ?::timestamptz[]) on conflict do nothing",
                    newlyTold.keySet(),
                    newlyTold.values());
            newlyTold.clear();
        }
        if (!added.isEmpty()) {
            rows.write(
                    """
                    insert into meta.pending_alerts (group_id, rule, aggregation_key, silence_key, alert_at, match_time, match, identity)
                    select a, b, c, d, e, f, g::json, h from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[],
                      ?::timestamptz[], ?::text[], ?::text[]) with ordinality as added(a, b, c, d, e, f, g, h, place)
                    order by place on conflict (identity) do nothing""",
                    AlertTables.column(added, a -> a.group().id()),
                    AlertTables.column(added, a -> a.group().rule()),
                    AlertTables.column(added, a -> a.group().key()),
                    AlertTables.column(added, a -> a.finding().key()),
                    AlertTables.column(added, a -> a.group().alertAt()),
                    AlertTables.column(added, a -> a.finding().time()),
                    AlertTables.column(added, a -> AlertTables.json(a.finding().match())),
                    AlertTables.column(added, a -> a.finding().identity()));
            added.clear();
        }
    }

    void forget(Instant before) {
        rows.write(
                "delete from meta.notified where identity in (select identity from meta.notified where notified_at < ? limit ?)",
                before,
                MOST_FORGOTTEN);
    }
}
