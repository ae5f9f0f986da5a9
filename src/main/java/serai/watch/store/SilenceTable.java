package serai.watch.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import serai.warehouse.Row;
import serai.warehouse.Sql;
import serai.watch.alert.Silence;

/**
 * {@code meta.silences}. Rows are locked when they are read, so that two instances, or a command, cannot overwrite each
 * other's changes.
 */
final class SilenceTable {

    private static final String COLUMNS =
            "silence_key, rule, greatest(until, 'epoch') as until, exponent, suppressed, since, alert_id";

    private final AlertSql sql;
    private final Map<String, Optional<Silence>> known = new HashMap<>();
    // sorted by key, as all writers write: two of them cannot deadlock
    private final Map<String, Silence> changed = new TreeMap<>();

    SilenceTable(AlertSql sql) {
        this.sql = sql;
    }

    void preload(Collection<String> keys) {
        List<String> unread =
                keys.stream().filter(key -> !known.containsKey(key)).sorted().toList();
        if (unread.isEmpty()) {
            return;
        }
        unread.forEach(key -> known.put(key, Optional.empty()));
        sql.each(
                "select " + COLUMNS + " from meta.silences where silence_key = any(?) order by silence_key for update",
                row -> known.put(row.text("silence_key"), Optional.of(silence(row))),
                unread);
    }

    /** The silences of these keys that are active at a time, without locks. */
    static List<Silence> active(AlertSql sql, Collection<String> keys, Instant now) {
        List<Silence> active = new ArrayList<>();
        sql.each(
                "select " + COLUMNS + " from meta.silences where silence_key = any(?) and until > ?",
                row -> active.add(silence(row)),
                keys,
                now);
        return active;
    }

    private static Silence silence(Row row) throws SQLException {
        return new Silence(
                row.text("silence_key"),
                row.text("rule"),
                row.instant("until"),
                (int) row.number("exponent"),
                row.number("suppressed"),
                row.instant("since"),
                row.text("alert_id"));
    }

    Optional<Silence> get(String key) {
        preload(List.of(key));
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
        sql.update(
                """
                insert into meta.silences as old (silence_key, rule, until, exponent, suppressed, since, alert_id)
                select * from unnest(?::text[], ?::text[], ?::timestamptz[], ?::int[], ?::bigint[], ?::timestamptz[],
                  ?::text[])
                on conflict (silence_key) do update set rule = excluded.rule,
                  until = greatest(old.until, excluded.until), exponent = excluded.exponent,
                  suppressed = excluded.suppressed, since = excluded.since, alert_id = excluded.alert_id""",
                Sql.columns(
                        changed.values(),
                        Silence::key,
                        Silence::rule,
                        Silence::until,
                        Silence::exponent,
                        Silence::suppressed,
                        Silence::since,
                        Silence::alertId));
        changed.clear();
    }
}
