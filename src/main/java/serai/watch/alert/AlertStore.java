package serai.watch.alert;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import serai.watch.message.Alert;

/**
 * The state of alerting: silences, groups that wait, matches that led to an alert, alerts that fire, and the queue of
 * alerts to send. A store is used by one thread at a time.
 */
public interface AlertStore {

    /**
     * Reads at once what is about to be asked for. Anything else may be asked for too, and is read then.
     *
     * @param keys silence keys
     * @param identities identities of findings
     * @param rules names of rules that group their matches
     */
    default void preload(Collection<String> keys, Collection<String> identities, Collection<String> rules) {}

    /** The silence of a key, running or over. */
    Optional<Silence> silence(String key);

    /** Whether a key is silenced at a time. */
    default boolean isSilenced(String key, Instant now) {
        return silence(key).filter(silence -> silence.isActive(now)).isPresent();
    }

    /** Sets a silence; one that is longer stays, since an operator may have set it. */
    void setSilence(Silence silence);

    /** Counts a match that was silenced at a time; a key without a row gets one. */
    void countSuppressed(String key, String rule, Instant at);

    /** The matches of a key that were silenced since its last alert; the count is 0 afterwards. */
    long takeSuppressed(String key);

    /** Whether a match led to an alert before, or waits in a group. */
    boolean isNotified(String identity);

    /** Records that a match led to an alert, or to a group. */
    void setNotified(String identity, Instant at);

    /** The groups of a rule that were not sent yet. */
    List<AlertGroup> pendingGroups(String rule);

    /** Adds a match to a group; its first match creates the group. */
    void addToGroup(AlertRule rule, AlertGroup group, Finding finding);

    /**
     * The groups whose time is before now, oldest first; a bounded number of them.
     *
     * @param excludedRules names of rules whose groups are left out
     */
    List<AlertGroup> dueGroups(Instant now, Collection<String> excludedRules);

    /** A match of a group. */
    record PendingMatch(String silenceKey, Map<String, Object> match, String identity) {}

    /** Removes the oldest matches of a group, at most {@code limit}, and returns them in the order of their arrival. */
    List<PendingMatch> takeMatches(AlertGroup group, int limit);

    /** Queues an alert for all alerters of the rule. An alert that was queued before is not queued again. */
    void enqueue(AlertRule rule, Alert alert, Instant at);

    /** The alert of a silence key that fires, when the rule asks for resolutions. */
    Optional<Firing> firing(String rule, String key);

    /** Records an alert that fires, in place of the one of its key. */
    void setFiring(Firing firing);

    /** Firing alerts that have ended: their rule has covered the time up to {@link Firing#resolveAt}. */
    List<Firing> endedFirings();

    /** Removes an alert that fires no longer. */
    void removeFiring(Firing firing);

    /** Deletes what ended, or was notified, before a time. */
    void deleteBefore(Instant time);
}
