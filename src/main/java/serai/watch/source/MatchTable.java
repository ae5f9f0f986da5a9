package serai.watch.source;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.warehouse.Transaction;
import serai.watch.python.Python;
import serai.watch.rule.Rule;
import serai.watch.store.PostgresJson;

/**
 * What all rules found, {@code meta.matches}: kept for a while, notified or not, for rules with {@code source: matches}
 * that look for several of them together. What such a rule finds itself is written too but never read by another, so
 * that two cannot set each other off.
 */
public final class MatchTable {

    static final String ID = "match_id";
    /** Fields of a found match as a document. */
    static final String QUERY = """
            select match_id, found_at as at, event_at, rule, severity, key, notified, match from meta.matches
            where not correlated and rule <> :rule and (cardinality(:rules) = 0 or rule = any(:rules))""";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_MATCH = 8_192;
    private static final int LONGEST_VALUE = 256;
    private static final int MOST_FIELDS = 30;
    private static final int MOST_DELETED = 10_000;

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
        try (PreparedStatement s = tx.connection().prepareStatement("""
                insert into meta.matches (rule, severity, found_at, event_at, key, notified, correlated, match)
                select * from unnest(?::text[], ?::text[], ?::timestamptz[], ?::timestamptz[], ?::text[], ?::boolean[], ?::boolean[],
                  ?::jsonb[])""")) {
            Connection c = tx.connection();
            s.setArray(
                    1,
                    c.createArrayOf(
                            "text", found.stream().map(f -> f.rule.nameInFile()).toArray()));
            s.setArray(
                    2,
                    c.createArrayOf(
                            "text",
                            found.stream().map(f -> f.rule.option("severity")).toArray()));
            s.setArray(
                    3,
                    c.createArrayOf(
                            "timestamptz",
                            found.stream()
                                    .map(f -> f.foundAt.atOffset(ZoneOffset.UTC))
                                    .toArray()));
            s.setArray(
                    4,
                    c.createArrayOf(
                            "timestamptz",
                            found.stream()
                                    .map(f -> f.rule.timeOf(f.match).atOffset(ZoneOffset.UTC))
                                    .toArray()));
            s.setArray(
                    5,
                    c.createArrayOf(
                            "text", found.stream().map(f -> plain(f.key)).toArray()));
            s.setArray(
                    6,
                    c.createArrayOf(
                            "boolean", found.stream().map(f -> f.notified).toArray()));
            s.setArray(
                    7,
                    c.createArrayOf(
                            "boolean",
                            found.stream()
                                    .map(f -> "matches".equals(f.rule.option("source")))
                                    .toArray()));
            s.setArray(
                    8,
                    c.createArrayOf(
                            "text", found.stream().map(f -> bounded(f.match)).toArray()));
            s.executeUpdate();
        }
    }

    /** Removes what is older than it is kept, a bounded number at a time; to be called now and then. */
    public static int forget(Transaction tx, Instant now, Duration keep) throws SQLException {
        try (PreparedStatement s = tx.connection().prepareStatement("""
                delete from meta.matches where match_id in (
                  select match_id from meta.matches where found_at < ? order by found_at limit ?)""")) {
            s.setObject(1, now.minus(keep).atOffset(ZoneOffset.UTC));
            s.setInt(2, MOST_DELETED);
            return s.executeUpdate();
        }
    }

    private static String plain(String text) {
        return text == null ? null : text.replace('\0', '\uFFFD');
    }

    /** A long match keeps its first fields, cut short: rules correlate by names and keys, not by stack traces. */
    static String bounded(Map<String, Object> match) {
        String json = PostgresJson.text(JSON.valueToTree(match));
        if (json.length() <= LONGEST_MATCH) {
            return json;
        }
        Map<String, Object> cut = new LinkedHashMap<>();
        List<Map.Entry<String, Object>> fields = new ArrayList<>(match.entrySet());
        for (Map.Entry<String, Object> field : fields.subList(0, Math.min(MOST_FIELDS, fields.size()))) {
            Object value = field.getValue();
            boolean plain = value == null || value instanceof Number || value instanceof Boolean;
            String text = plain ? "" : Python.str(value);
            cut.put(field.getKey(), plain ? value : text.substring(0, Math.min(LONGEST_VALUE, text.length())));
        }
        return PostgresJson.text(JSON.valueToTree(cut));
    }
}
