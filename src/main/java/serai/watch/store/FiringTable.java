package serai.watch.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import serai.warehouse.PostgresJson;
import serai.warehouse.Row;
import serai.warehouse.Sql;
import serai.watch.alert.Firing;

/** {@code meta.firing}: alerts whose resolution is to be sent. */
final class FiringTable {

    private static final int MAX_ENDED = 1_000;

    private record Key(String rule, String key) {
        static Key of(Firing firing) {
            return new Key(firing.rule(), firing.key());
        }
    }

    private final AlertSql sql;
    private final Map<Key, Firing> known = new HashMap<>();
    // sorted by key, as all writers write: two of them cannot deadlock
    private final Map<Key, Firing> changed =
            new TreeMap<>(Comparator.comparing(Key::rule).thenComparing(Key::key));
    private final Set<String> readKeys = new HashSet<>();
    private Collection<String> expectedKeys = List.of();

    FiringTable(AlertSql sql) {
        this.sql = sql;
    }

    /** Sets the keys that the first {@link #get} reads; few rules ask for resolutions, so often there is none. */
    void preload(Collection<String> keys) {
        expectedKeys = keys;
    }

    Optional<Firing> get(String rule, String key) {
        if (!readKeys.contains(key)) {
            Set<String> keys = new HashSet<>(expectedKeys);
            keys.add(key);
            keys.removeAll(readKeys);
            sql.each(
                    "select * from meta.firing where silence_key = any(?)",
                    row -> {
                        Firing firing = firing(row);
                        known.putIfAbsent(Key.of(firing), firing);
                    },
                    keys);
            readKeys.addAll(keys);
        }
        return Optional.ofNullable(known.get(new Key(rule, key)));
    }

    void put(Firing firing) {
        known.put(Key.of(firing), firing);
        changed.put(Key.of(firing), firing);
    }

    /** Those whose rule has covered the time up to their end; a bounded number, the oldest first. */
    List<Firing> ended() {
        List<Firing> ended = new ArrayList<>();
        String query = """
                select f.* from meta.firing f join meta.rules r on r.rule = f.rule and r.active
                where f.resolve_at <= r.ends_at order by f.resolve_at limit ?""";
        sql.each(query, row -> ended.add(firing(row)), MAX_ENDED);
        return ended;
    }

    private static Firing firing(Row row) throws SQLException {
        return new Firing(
                row.text("rule"),
                row.text("silence_key"),
                row.text("alert_id"),
                row.instant("since"),
                row.instant("last_match_at"),
                row.instant("resolve_at"),
                AlertSql.match(row.text("match")));
    }

    void remove(Firing firing) {
        known.remove(Key.of(firing));
        sql.update("delete from meta.firing where rule = ? and silence_key = ?", firing.rule(), firing.key());
    }

    void write() {
        if (changed.isEmpty()) {
            return;
        }
        sql.update(
                """
                insert into meta.firing (rule, silence_key, alert_id, since, last_match_at, resolve_at, match)
                select a, b, c, d, e, f, g::json from unnest(?::text[], ?::text[], ?::text[], ?::timestamptz[],
                  ?::timestamptz[], ?::timestamptz[], ?::text[]) as fires(a, b, c, d, e, f, g)
                on conflict (rule, silence_key) do update set alert_id = excluded.alert_id, since = excluded.since,
                  last_match_at = excluded.last_match_at, resolve_at = excluded.resolve_at, match = excluded.match""",
                Sql.columns(
                        changed.values(),
                        Firing::rule,
                        Firing::key,
                        Firing::alertId,
                        Firing::since,
                        Firing::lastMatchAt,
                        Firing::resolveAt,
                        firing -> PostgresJson.text(firing.match())));
        changed.clear();
    }
}
