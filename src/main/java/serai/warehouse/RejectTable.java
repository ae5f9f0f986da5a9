package serai.warehouse;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.settings.Secrets;

/** The rejects of one transaction, and their rows in {@code meta.rejects}. */
final class RejectTable {

    /** The longest payload that is kept. */
    static final int MAX_PAYLOAD = 64 << 10;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** By target and fingerprint: a record that one report has twice was seen once. */
    private final Map<String, Reject> rejects = new LinkedHashMap<>();

    /** Rows that a load replaced. */
    private record Covered(Relation target, LocalDate from, LocalDate to, TimeWindow window) {}

    private Covered covered;

    void add(Reject reject) {
        rejects.put(reject.target() + " " + reject.fingerprint(), reject);
    }

    void cover(Relation target, LocalDate from, LocalDate to, TimeWindow window) {
        covered = new Covered(target, from, to, window);
    }

    /** @param applied whether the rows that the run covered are now in the warehouse */
    void write(Sql sql, String source, long runId, boolean applied) throws SQLException {
        insert(sql, source, runId, rejects.values());
        if (applied && covered != null) {
            resolve(sql, source, runId);
        }
    }

    private static void insert(Sql sql, String source, long runId, Collection<Reject> rejects) throws SQLException {
        List<List<Object>> rows = rejects.stream()
                .map(reject -> Arrays.<Object>asList(
                        runId,
                        source,
                        reject.target().toString(),
                        locator(reject),
                        bounded(reject.payload()),
                        reject.payload().length,
                        Sql.storable(Secrets.mask(reject.reason())),
                        reject.fingerprint()))
                .toList();
        sql.batch("""
                insert into meta.rejects as r
                  (run_id, source, target, locator, payload, payload_bytes, reason, fingerprint)
                values (?, ?, ?, ?::jsonb, ?, ?, ?, ?)
                on conflict (source, target, fingerprint)
                do update set run_id = excluded.run_id, locator = excluded.locator, payload = excluded.payload,
                  payload_bytes = excluded.payload_bytes, reason = excluded.reason, last_seen = clock_timestamp(),
                  attempts = r.attempts + 1, resolved_at = null""", rows);
    }

    private static String locator(Reject reject) {
        ObjectNode json = JSON.createObjectNode();
        reject.locator().forEach((name, value) -> {
            if (value instanceof Number number) {
                json.put(name, number.longValue());
            } else if (value instanceof Collection<?> list) {
                list.forEach(one -> json.withArray(name).add(Sql.storable(one.toString())));
            } else if (value != null) {
                json.put(name, Sql.storable(value.toString()));
            }
        });
        return json.toString();
    }

    private static byte[] bounded(byte[] payload) {
        return payload.length <= MAX_PAYLOAD ? payload : Arrays.copyOf(payload, MAX_PAYLOAD);
    }

    /**
     * Earlier rejects that the load covers and did not see again: their record was corrected or deleted in the source.
     * One without a day is covered only by a window that has all of the window in which it was seen.
     */
    private void resolve(Sql sql, String source, long runId) throws SQLException {
        sql.update(
                """
                update meta.rejects r set resolved_at = clock_timestamp()
                where source = ? and target = ? and resolved_at is null and run_id <> ?
                  and case when locator ->> 'day' is not null then (locator ->> 'day')::date >= ?
                    and (locator ->> 'day')::date < ?
                  else exists (select from meta.runs n
                    where n.run_id = r.run_id and n.window_from >= ? and n.window_to <= ?) end""",
                source,
                covered.target().toString(),
                runId,
                covered.from(),
                covered.to(),
                covered.window().from(),
                covered.window().to());
    }
}
