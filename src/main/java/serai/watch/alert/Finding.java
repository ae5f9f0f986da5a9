package serai.watch.alert;

import java.time.Instant;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;
import serai.watch.python.Python;
import serai.watch.rule.Document;
import serai.watch.rule.Rule;

/**
 * A match on its way to an alert. Its key, time and identity are those it was found with, whatever an enhancement does
 * to its fields.
 *
 * @param match the match; whole and enhanced when it was prepared to be told
 * @param key its silence key
 * @param groupKey the value of {@code aggregation_key}, or null
 * @param time its event time
 * @param identity the same when the match is found again: the document, or the key and the time
 * @param dropped whether an enhancement dropped it
 */
public record Finding(
        Map<String, Object> match, String key, String groupKey, Instant time, String identity, boolean dropped) {

    /** @param nth counts the matches of one run that are otherwise the same, from 0 */
    public static Finding of(Rule rule, Map<String, Object> match, int nth) {
        String key = key(rule, match);
        return new Finding(
                match,
                key,
                groupKey(rule, match),
                rule.timeOf(match),
                DigestUtils.sha256Hex(same(rule, match, key) + '\0' + nth),
                false);
    }

    /**
     * The key that silences a match (spec/elastalert.md 1.7): a match without the query key's value shares the rule's
     * own, but for flatline, whose matches all have a key, be it None.
     */
    static String key(Rule rule, Map<String, Object> match) {
        if ("flatline".equals(rule.type()) && match.containsKey("key")) {
            return Silence.of(rule.realertKey(), Python.str(match.get("key")));
        }
        return Silence.of(rule.realertKey(), rule.queryKey() == null ? null : Document.lookup(match, rule.queryKey()));
    }

    private static String groupKey(Rule rule, Map<String, Object> match) {
        Object value = rule.option("aggregation_key") instanceof String key ? Document.lookup(match, key) : null;
        return value == null || "".equals(value) ? null : Python.str(value).replace('\0', '\uFFFD');
    }

    /** What makes two matches the same: new_term finds several terms in one document. */
    static String same(Rule rule, Map<String, Object> match, String key) {
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

    Finding with(Map<String, Object> finished) {
        return new Finding(finished, key, groupKey, time, identity, dropped);
    }
}
