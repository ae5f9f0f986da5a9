package serai.watch.source;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import serai.warehouse.PostgresJson;
import serai.warehouse.Transaction;
import serai.watch.python.Python;
import serai.watch.rule.Rule;

/**
 * The matches of all rules, {@code meta.matches}: kept for a while, notified or not, for rules with {@code source:
 * matches} that look for several of them together. What such a rule finds is written too but never read by another, so
 * that two rules cannot trigger each other.
 */
public final class MatchTable {

    static final String ID = "match_id";
    /** The fields of a match as a document. */
    static final String QUERY = """
            select match_id, found_at as at, event_at, rule, severity, key, notified, match from meta.matches
            where not correlated and rule <> :rule and (cardinality(:rules) = 0 or rule = any(:rules))""";

    private static final int MAX_MATCH_LENGTH = 8_192;
    private static final int MAX_VALUE_LENGTH = 256;
    private static final int MAX_FIELDS = 30;
    private static final int MAX_DELETED = 10_000;

    private MatchTable() {}

    /**
     * A match of a rule.
     *
     * @param foundAt when it was decided
     * @param key the value of the query key, or null when the rule has none
     * @param notified whether it became a message, or waits for one with others; false when it was silenced or dropped
     */
    public record Found(Rule rule, Instant foundAt, String key, boolean notified, Map<String, Object> match) {}

    /** Writes matches of any number of rules at once. */
    public static void write(Transaction tx, List<Found> found) throws SQLException {
        if (found.isEmpty()) {
            return;
        }
        tx.sql()
                .update(
                        """
                        insert into meta.matches (rule, severity, found_at, event_at, key, notified, correlated, match)
                        select * from unnest(?::text[], ?::text[], ?::timestamptz[], ?::timestamptz[], ?::text[],
                          ?::boolean[], ?::boolean[], ?::jsonb[])""",
                        column(found, f -> f.rule.nameInFile()),
                        column(found, f -> f.rule.option("severity")),
                        column(found, f -> f.foundAt),
                        column(found, f -> f.rule.timeOf(f.match)),
                        column(found, f -> f.key == null ? null : f.key.replace('\0', '\uFFFD')),
                        column(found, f -> f.notified),
                        column(found, f -> "matches".equals(f.rule.option("source"))),
                        column(found, f -> bounded(f.match)));
    }

    private static List<Object> column(List<Found> found, Function<Found, Object> value) {
        return found.stream().map(value).toList();
    }

    /** Removes what is older than it is kept, a bounded number at a time; to be called now and then. */
    public static long forget(Transaction tx, Instant now, Duration keep) throws SQLException {
        String sql = """
                delete from meta.matches where match_id in (
                  select match_id from meta.matches where found_at < ? order by found_at limit ?)""";
        return tx.sql().update(sql, now.minus(keep), MAX_DELETED);
    }

    /** A long match keeps its first fields, shortened: rules correlate by names and keys, not by stack traces. */
    static String bounded(Map<String, Object> match) {
        String json = PostgresJson.text(match);
        if (json.length() <= MAX_MATCH_LENGTH) {
            return json;
        }
        Map<String, Object> cut = new LinkedHashMap<>();
        List<Map.Entry<String, Object>> fields = new ArrayList<>(match.entrySet());
        for (Map.Entry<String, Object> field : fields.subList(0, Math.min(MAX_FIELDS, fields.size()))) {
            Object value = field.getValue();
            boolean plain = value == null || value instanceof Number || value instanceof Boolean;
            String text = plain ? "" : Python.str(value);
            cut.put(field.getKey(), plain ? value : text.substring(0, Math.min(MAX_VALUE_LENGTH, text.length())));
        }
        return PostgresJson.text(cut);
    }
}
