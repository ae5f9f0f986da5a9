package serai.watch.alert;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import serai.watch.message.Alert;

/**
 * What {@link AlertDecider} remembers: silences, groups, what was told and what is firing; and the messages that it
 * writes. One book is used by one thread at a time.
 */
public interface AlertStore {

    /**
     * Says what will be asked for, so that a book that is kept elsewhere reads it at once. What was not announced may
     * be asked for all the same.
     *
     * @param keys silence keys
     * @param identities of findings
     * @param rules names of rules that group their matches
     */
    default void expect(Collection<String> keys, Collection<String> identities, Collection<String> rules) {}

    Optional<Silence> silence(String key);

    /** Sets a silence; a longer one that is there stays, as somebody may have asked for it meanwhile. */
    void silence(Silence silence);

    /** Counts a match that a silence held back at a time; the key's row is made when there is none. */
    void suppressed(String key, String rule, Instant at);

    /** Takes the count of matches that were held back, for the message that tells of them: it is 0 afterwards. */
    long takeSuppressed(String key);

    /** Whether a match was told before, or waits in a group. */
    boolean isTold(String identity);

    void told(String identity, Instant at);

    /** The groups of a rule that were not told yet. */
    List<AlertGroup> groups(String rule);

    /** Adds a match to a group, which is there from its first match on. */
    void group(AlertGroup group, Finding finding);

    /**
     * The groups whose time is before now, oldest first; as many as can be told at once.
     *
     * @param without rules whose groups are left out
     */
    List<AlertGroup> due(Instant now, Collection<String> without);

    /** A match that waited, in the order in which it came. */
    record Waiting(String silenceKey, Map<String, Object> match, String identity) {}

    /** Takes the oldest matches of a group away, to be told. */
    List<Waiting> take(AlertGroup group, int most);

    /** Hands an alert to all whom the rule tells. The same alert handed over twice is told once. */
    void tell(AlertRule rule, Alert alert, Instant at);

    Optional<Firing> firing(String rule, String key);

    void firing(Firing firing);

    /** Those that are over: their rule has covered the time up to {@link Firing#resolveAt}. */
    List<Firing> over(Instant now);

    void resolved(Firing firing);

    /** Forgets what no longer matters to anybody. */
    void forget(Instant before);
}
