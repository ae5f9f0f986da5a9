package serai.watch.alert;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * {@code meta.silences}: rows are locked when they are read, so that two instances or a command cannot undo each
 * other's words.
 */
final class SilenceRows {

    private static final String COLUMNS =
            "silence_key, rule, greatest(until, 'epoch') as until, exponent, suppressed, since, alert_id";

    private final BookRows rows;
    private final Map<String, Optional<Silence>> known = new HashMap<>();
    // in the order of their keys, as all writers write them: no two wait for each other
    private final Map<String, Silence> changed = new TreeMap<>();

    SilenceRows(BookRows rows) {
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
    static List<Silence> running(BookRows rows, Collection<String> keys, Instant now) {
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
                BookRows.time(row, "until"),
                row.getInt("exponent"),
                row.getLong("suppressed"),
                BookRows.time(row, "since"),
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
                BookRows.column(all, Silence::key),
                BookRows.column(all, Silence::rule),
                BookRows.column(all, Silence::until),
                BookRows.column(all, Silence::exponent),
                BookRows.column(all, Silence::suppressed),
                BookRows.column(all, Silence::since),
                BookRows.column(all, Silence::alertId));
        changed.clear();
    }
}
