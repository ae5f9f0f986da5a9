package serai.watch.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import serai.watch.alert.Silence;

/**
 * {@code meta.silences}: rows are locked when they are read, so that two instances or a command cannot undo each
 * other's words.
 */
final class SilenceTable {

    private static final String COLUMNS =
            "silence_key, rule, greatest(until, 'epoch') as until, exponent, suppressed, since, alert_id";

    private final AlertTables rows;
    private final Map<String, Optional<Silence>> known = new HashMap<>();
    // in the order of their keys, as all writers write them: no two wait for each other
    private final Map<String, Silence> changed = new TreeMap<>();

    SilenceTable(AlertTables rows) {
        this.rows = rows;
    }

    void read(Collection<String> keys) {
        List<String> unknown =
                keys.stream().filter(key -> !known.containsKey(key)).sorted().toList();
        if (unknown.isEmpty()) {
            return;
        }
        unknown.forEach(key -> known.put(key, Optional.empty()));
        rows.read(
                "select " + COLUMNS + " from meta.silences where silence_key = any(?) order by silence_key for update",
                row -> known.put(row.getString("silence_key"), Optional.of(silence(row))),
                unknown);
    }

    /** Those of the keys that are silenced now, without a lock. */
    static List<Silence> running(AlertTables rows, Collection<String> keys, Instant now) {
        List<Silence> running = new java.util.ArrayList<>();
        rows.read(
                "select " + COLUMNS + " from meta.silences where silence_key = any(?) and until > ?",
                row -> running.add(silence(row)),
                keys,
                now);
        return running;
    }

    private static Silence silence(ResultSet row) throws SQLException {
        return new Silence(
                row.getString("silence_key"),
                row.getString("rule"),
                AlertTables.time(row, "until"),
                row.getInt("exponent"),
                row.getLong("suppressed"),
                AlertTables.time(row, "since"),
                row.getString("alert_id"));
    }

    Optional<Silence> get(String key) {
        read(List.of(key));
        return known.get(key);
    }

    void put(Silence silence) {
        known.put(silence.key(), Optional.of(silence));
        changed.put(silence.key(), silence);
    }

    void write() {
        if (changed.isEmpty()) {
            return;
        }
        Collection<Silence> all = changed.values();
        rows.write(
                """
                insert into meta.silences as old (silence_key, rule, until, exponent, suppressed, since, alert_id)
                select * from unnest(?::text[], ?::text[], ?::timestamptz[], ?::int[], ?::bigint[], ?::timestamptz[], ?::text[])
                on conflict (silence_key) do update set rule = excluded.rule, until = greatest(old.until, excluded.until),
                  exponent = excluded.exponent, suppressed = excluded.suppressed, since = excluded.since, alert_id = excluded.alert_id""",
                AlertTables.column(all, Silence::key),
                AlertTables.column(all, Silence::rule),
                AlertTables.column(all, Silence::until),
                AlertTables.column(all, Silence::exponent),
                AlertTables.column(all, Silence::suppressed),
                AlertTables.column(all, Silence::since),
                AlertTables.column(all, Silence::alertId));
        changed.clear();
    }
}
