package serai.watch.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import serai.watch.alert.Firing;

/** {@code meta.firing}: troubles whose end is to be told. */
final class FiringTable {

    private static final int MOST = 1_000;

    private record Key(String rule, String key) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byRule = rule.compareTo(other.rule);
            return byRule != 0 ? byRule : key.compareTo(other.key);
        }
    }

    private final AlertTables rows;
    private final Map<Key, Firing> known = new HashMap<>();
    private final Map<Key, Firing> changed = new TreeMap<>();
    private final java.util.Set<String> read = new java.util.HashSet<>();
    private Collection<String> expected = List.of();

    FiringTable(AlertTables rows) {
        this.rows = rows;
    }

    /** Read at the first question only: few rules ask to be told of an end. */
    void expect(Collection<String> keys) {
        expected = keys;
    }

    Optional<Firing> get(String rule, String key) {
        if (!read.contains(key)) {
            List<String> keys = new ArrayList<>(expected);
            keys.add(key);
            keys.removeAll(read);
            rows.read(
                    "select * from meta.firing where silence_key = any(?)",
                    row -> {
                        Firing firing = firing(row);
                        known.putIfAbsent(new Key(firing.rule(), firing.key()), firing);
                    },
                    keys);
            read.addAll(keys);
        }
        return Optional.ofNullable(known.get(new Key(rule, key)));
    }

    void put(Firing firing) {
        known.put(new Key(firing.rule(), firing.key()), firing);
        changed.put(new Key(firing.rule(), firing.key()), firing);
    }

    List<Firing> over() {
        List<Firing> over = new ArrayList<>();
        rows.read(
                "select f.* from meta.firing f join meta.rules r on r.rule = f.rule and r.active where f.resolve_at <= r.ends_at"
                        + " order by f.resolve_at limit ?",
                row -> over.add(firing(row)),
                MOST);
        return over;
    }

    private static Firing firing(ResultSet row) throws SQLException {
        return new Firing(
                row.getString("rule"),
                row.getString("silence_key"),
                row.getString("alert_id"),
                AlertTables.time(row, "since"),
                AlertTables.time(row, "last_match_at"),
                AlertTables.time(row, "resolve_at"),
                AlertTables.match(row.getString("match")));
    }

    void remove(Firing firing) {
        known.remove(new Key(firing.rule(), firing.key()));
        rows.write("delete from meta.firing where rule = ? and silence_key = ?", firing.rule(), firing.key());
    }

    void write() {
        if (changed.isEmpty()) {
            return;
        }
        Collection<Firing> all = changed.values();
        rows.write(
                """
                insert into meta.firing (rule, silence_key, alert_id, since, last_match_at, resolve_at, match)
                select a, b, c, d, e, f, g::json from unnest(?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::timestamptz[],
                  ?::timestamptz[], ?::text[]) as fires(a, b, c, d, e, f, g)
                on conflict (rule, silence_key) do update set alert_id = excluded.alert_id, since = excluded.since,
                  last_match_at = excluded.last_match_at, resolve_at = excluded.resolve_at, match = excluded.match""",
                AlertTables.column(all, Firing::rule),
                AlertTables.column(all, Firing::key),
                AlertTables.column(all, Firing::alertId),
                AlertTables.column(all, Firing::since),
                AlertTables.column(all, Firing::lastMatchAt),
                AlertTables.column(all, Firing::resolveAt),
                AlertTables.column(all, firing -> AlertTables.json(firing.match())));
        changed.clear();
    }
}
