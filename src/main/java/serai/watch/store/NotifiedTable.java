package serai.watch.store;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code meta.notified}: matches that led to an alert or to a group, by their identities. */
final class NotifiedTable {

    /** Rows deleted every ten minutes at most; more than all rules together write in that time. */
    private static final int MAX_DELETED = 200_000;

    private final AlertSql sql;
    private final Map<String, Boolean> known = new HashMap<>();
    private final Map<String, Instant> added = new TreeMap<>();

    NotifiedTable(AlertSql sql) {
        this.sql = sql;
    }

    void preload(Collection<String> identities) {
        List<String> unread = identities.stream()
                .filter(identity -> !known.containsKey(identity))
                .toList();
        if (!unread.isEmpty()) {
            unread.forEach(identity -> known.put(identity, false));
            sql.each(
                    "select identity from meta.notified where identity = any(?)",
                    row -> known.put(row.text("identity"), true),
                    unread);
        }
    }

    boolean contains(String identity) {
        preload(List.of(identity));
        return known.get(identity);
    }

    void add(String identity, Instant at) {
        known.put(identity, true);
        added.put(identity, at);
    }

    void write() {
        if (!added.isEmpty()) {
            sql.update("""
                    insert into meta.notified (identity, notified_at) select * from unnest(?::text[], ?::timestamptz[])
                    on conflict do nothing""", added.keySet(), added.values());
            added.clear();
        }
    }

    void deleteBefore(Instant time) {
        sql.update("""
                delete from meta.notified where identity in
                  (select identity from meta.notified where notified_at < ? limit ?)""", time, MAX_DELETED);
    }
}
