package serai.watch.alert;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import serai.watch.message.Alert;

/** A store in memory, for runs that leave nothing behind, such as backtests. Queued alerts are collected. */
public final class InMemoryAlertStore implements AlertStore {

    /** An alert that was queued, with the rule whose alerters would send it. */
    public record QueuedAlert(AlertRule rule, Alert alert, Instant at) {}

    private record PendingGroup(AlertGroup group, List<PendingMatch> matches) {}

    private record FiringKey(String rule, String key) {}

    private final Map<String, Silence> silences = new HashMap<>();
    private final Map<String, Instant> notified = new HashMap<>();
    private final Map<String, PendingGroup> groups = new LinkedHashMap<>();
    private final Map<FiringKey, Firing> firings = new LinkedHashMap<>();
    private final Map<String, Instant> coveredUntil = new HashMap<>();
    private final Map<String, QueuedAlert> queued = new LinkedHashMap<>();

    /** Records that a rule has covered the time up to here; without it no alert ends. */
    public void setCoveredUntil(String rule, Instant end) {
        coveredUntil.put(rule, end);
    }

    /** The alerts queued since the last call, in order. */
    public List<QueuedAlert> takeQueued() {
        List<QueuedAlert> taken = new ArrayList<>(queued.values());
        queued.clear();
        return taken;
    }

    /** All silences, running or over. */
    public List<Silence> silences() {
        return List.copyOf(silences.values());
    }

    @Override
    public Optional<Silence> silence(String key) {
        return Optional.ofNullable(silences.get(key));
    }

    @Override
    public void setSilence(Silence silence) {
        silences.merge(silence.key(), silence, (old, one) -> one.until().isBefore(old.until()) ? old : one);
    }

    @Override
    public void countSuppressed(String key, String rule, Instant at) {
        Silence old = silences.getOrDefault(key, Silence.of(key, rule, at));
        silences.put(key, old.withSuppressed(old.suppressed() + 1));
    }

    @Override
    public long takeSuppressed(String key) {
        Silence silence = silences.get(key);
        if (silence == null) {
            return 0;
        }
        silences.put(key, silence.withSuppressed(0));
        return silence.suppressed();
    }

    @Override
    public boolean isNotified(String identity) {
        return notified.containsKey(identity);
    }

    @Override
    public void setNotified(String identity, Instant at) {
        notified.put(identity, at);
    }

    @Override
    public List<AlertGroup> pendingGroups(String rule) {
        return groups.values().stream()
                .map(PendingGroup::group)
                .filter(group -> group.rule().equals(rule))
                .toList();
    }

    @Override
    public void addToGroup(AlertRule rule, AlertGroup group, Finding finding) {
        groups.computeIfAbsent(group.id(), id -> new PendingGroup(group, new ArrayList<>()))
                .matches()
                .add(new PendingMatch(finding.key(), finding.match(), finding.identity()));
    }

    @Override
    public List<AlertGroup> dueGroups(Instant now, Collection<String> excludedRules) {
        return groups.values().stream()
                .map(PendingGroup::group)
                .filter(group -> group.alertAt().isBefore(now) && !excludedRules.contains(group.rule()))
                .sorted(Comparator.comparing(AlertGroup::alertAt))
                .toList();
    }

    @Override
    public List<PendingMatch> takeMatches(AlertGroup group, int limit) {
        List<PendingMatch> matches = groups.get(group.id()).matches();
        List<PendingMatch> oldest = matches.subList(0, Math.min(limit, matches.size()));
        List<PendingMatch> taken = List.copyOf(oldest);
        oldest.clear();
        if (matches.isEmpty()) {
            groups.remove(group.id());
        }
        return taken;
    }

    @Override
    public void enqueue(AlertRule rule, Alert alert, Instant at) {
        queued.putIfAbsent(alert.id(), new QueuedAlert(rule, alert, at));
    }

    @Override
    public Optional<Firing> firing(String rule, String key) {
        return Optional.ofNullable(firings.get(new FiringKey(rule, key)));
    }

    @Override
    public void setFiring(Firing firing) {
        firings.put(new FiringKey(firing.rule(), firing.key()), firing);
    }

    @Override
    public List<Firing> endedFirings() {
        return firings.values().stream()
                .filter(firing -> !firing.resolveAt().isAfter(coveredUntil.getOrDefault(firing.rule(), Instant.MIN)))
                .toList();
    }

    @Override
    public void removeFiring(Firing firing) {
        firings.remove(new FiringKey(firing.rule(), firing.key()));
    }

    @Override
    public void deleteBefore(Instant time) {
        silences.values().removeIf(silence -> silence.until().isBefore(time));
        notified.values().removeIf(at -> at.isBefore(time));
    }
}
