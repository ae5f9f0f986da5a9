package serai.watch.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import serai.warehouse.PostgresJson;
import serai.warehouse.Row;
import serai.warehouse.Sql;
import serai.watch.alert.AlertGroup;
import serai.watch.alert.AlertStore;
import serai.watch.alert.Finding;

/** {@code meta.pending_alerts}: groups of matches that wait for their time. */
final class PendingAlertTable {

    private static final int MAX_DUE_GROUPS = 100;

    private record NewMatch(AlertGroup group, Finding finding) {}

    private final AlertSql sql;
    private final Map<String, List<AlertGroup>> groupsByRule = new HashMap<>();
    private final List<NewMatch> added = new ArrayList<>();

    PendingAlertTable(AlertSql sql) {
        this.sql = sql;
    }

    void preload(Collection<String> rules) {
        List<String> unread =
                rules.stream().filter(rule -> !groupsByRule.containsKey(rule)).toList();
        if (!unread.isEmpty()) {
            unread.forEach(rule -> groupsByRule.put(rule, new ArrayList<>()));
            String query = """
                    select group_id, rule, aggregation_key, alert_at from meta.pending_alerts where rule = any(?)
                    group by group_id, rule, aggregation_key, alert_at order by min(pending_id)""";
            sql.each(query, row -> groupsByRule.get(row.text("rule")).add(group(row)), unread);
        }
    }

    private static AlertGroup group(Row row) throws SQLException {
        return new AlertGroup(
                row.text("group_id"), row.text("rule"), row.text("aggregation_key"), row.instant("alert_at"));
    }

    List<AlertGroup> groups(String rule) {
        preload(List.of(rule));
        return List.copyOf(groupsByRule.get(rule));
    }

    void add(AlertGroup group, Finding finding) {
        preload(List.of(group.rule()));
        List<AlertGroup> groups = groupsByRule.get(group.rule());
        if (groups.stream().noneMatch(known -> known.id().equals(group.id()))) {
            groups.add(group);
        }
        added.add(new NewMatch(group, finding));
    }

    List<AlertGroup> due(Instant now, Collection<String> excludedRules) {
        List<AlertGroup> due = new ArrayList<>();
        String query = """
                select group_id, rule, aggregation_key, alert_at from meta.pending_alerts
                where alert_at < ? and not rule = any(?)
                group by group_id, rule, aggregation_key, alert_at order by alert_at, min(pending_id) limit ?""";
        sql.each(query, row -> due.add(group(row)), now, excludedRules, MAX_DUE_GROUPS);
        return due;
    }

    List<AlertStore.PendingMatch> take(AlertGroup group, int limit) {
        List<AlertStore.PendingMatch> taken = new ArrayList<>();
        sql.each(
                """
                with taken as (delete from meta.pending_alerts where pending_id in
                  (select pending_id from meta.pending_alerts where rule = ? and group_id = ?
                    order by pending_id limit ?)
                  returning pending_id, silence_key, match, identity)
                select silence_key, match, identity from taken order by pending_id""",
                row -> taken.add(new AlertStore.PendingMatch(
                        row.text("silence_key"), AlertSql.match(row.text("match")), row.text("identity"))),
                group.rule(),
                group.id(),
                limit);
        return taken;
    }

    void write() {
        if (added.isEmpty()) {
            return;
        }
        sql.update(
                """
                insert into meta.pending_alerts
                  (group_id, rule, aggregation_key, silence_key, alert_at, match_time, match, identity)
                select a, b, c, d, e, f, g::json, h from unnest(?::text[], ?::text[], ?::text[], ?::text[],
                  ?::timestamptz[], ?::timestamptz[], ?::text[], ?::text[])
                  with ordinality as added(a, b, c, d, e, f, g, h, place)
                order by place on conflict (identity) do nothing""",
                Sql.columns(
                        added,
                        a -> a.group().id(),
                        a -> a.group().rule(),
                        a -> a.group().key(),
                        a -> a.finding().key(),
                        a -> a.group().alertAt(),
                        a -> a.finding().time(),
                        a -> PostgresJson.text(a.finding().match()),
                        a -> a.finding().identity()));
        added.clear();
    }
}
