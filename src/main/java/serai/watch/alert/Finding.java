package serai.watch.alert;

import java.time.Instant;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;
import serai.watch.python.Python;
import serai.watch.rule.Document;
import serai.watch.rule.Rule;

/**
 * A match on its way to an alert. Its key, time and identity are those that it was found with, whatever an enhancement
 * does to its fields.
 *
 * @param match the match; enriched and enhanced when it may become an alert
 * @param key its silence key
 * @param groupKey the value of {@code aggregation_key}, or null
 * @param time its event time
 * @param identity the same when the match is found again: the document, or the key and the time
 * @param dropped whether an enhancement dropped it
 */
public record Finding(
        Map<String, Object> match, String key, String groupKey, Instant time, String identity, boolean dropped) {

    /** @param nth the number of the match among equal matches of one run, from 0 */
    public static Finding of(Rule rule, Map<String, Object> match, int nth) {
        String key = key(rule, match);
        return new Finding(
                match,
                key,
                groupKey(rule, match),
                rule.timeOf(match),
                DigestUtils.sha256Hex(content(rule, match, key) + '\0' + nth),
                false);
    }

    /**
     * The silence key of a match. A match without a value of the query key has the rule's own key, except those of
     * flatline, which always have a value, if only None.
     */
    static String key(Rule rule, Map<String, Object> match) {
        if ("flatline".equals(rule.type()) && match.containsKey("key")) {
            return Silence.keyOf(rule.realertKey(), Python.str(match.get("key")));
        }
        return Silence.keyOf(
                rule.realertKey(), rule.queryKey() == null ? null : Document.lookup(match, rule.queryKey()));
    }

    private static String groupKey(Rule rule, Map<String, Object> match) {
        Object value = rule.option("aggregation_key") instanceof String key ? Document.lookup(match, key) : null;
        return value == null || "".equals(value) ? null : Python.str(value).replace('\0', '\uFFFD');
    }

    /** What equal matches share; the field names are there because new_term finds several terms in one document. */
    static String content(Rule rule, Map<String, Object> match, String key) {
        return String.join(
                "\0",
                rule.name(),
                key,
                String.valueOf(match.get("_index")),
                String.valueOf(match.get("_id")),
                rule.timeOf(match).toString(),
                String.valueOf(match.get("new_field")),
                String.valueOf(match.get("missing_field")));
    }

    Finding drop() {
        return new Finding(match, key, groupKey, time, identity, true);
    }
}
