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

/** A book in memory, for runs that leave nothing behind, such as backtests. What is told is collected. */
public final class InMemoryAlertStore implements AlertStore {

    /** An alert that was told. */
    public record Told(AlertRule rule, Alert alert, Instant at) {}

    private record Waits(AlertGroup group, List<Waiting> matches) {}

    private final Map<String, Silence> silences = new HashMap<>();
    private final Map<String, Instant> identities = new HashMap<>();
    private final Map<String, Waits> groups = new LinkedHashMap<>();
    private final Map<String, Firing> firing = new LinkedHashMap<>();
    private final Map<String, Instant> covered = new HashMap<>();
    private final Map<String, Told> told = new LinkedHashMap<>();

    /** Says that a rule has covered the time up to here; without it no end is told. */
    public void covered(String rule, Instant end) {
        covered.put(rule, end);
    }

    /** The alerts told since the last call, in order. */
    public List<Told> takeTold() {
        List<Told> taken = new ArrayList<>(told.values());
        told.clear();
        return taken;
    }

    public List<Silence> silences() {
        return List.copyOf(silences.values());
    }

    @Override
    public Optional<Silence> silence(String key) {
        return Optional.ofNullable(silences.get(key));
    }

    @Override
    public void silence(Silence silence) {
        silences.merge(silence.key(), silence, (old, one) -> one.until().isBefore(old.until()) ? old : one);
    }

    @Override
    public void suppressed(String key, String rule, Instant at) {
        Silence old = silences.getOrDefault(key, Silence.asked(key, rule, at));
        silences.put(key, old.counting(old.suppressed() + 1));
    }

    @Override
    public long takeSuppressed(String key) {
        Silence silence = silences.get(key);
        if (silence == null) {
            return 0;
        }
        silences.put(key, silence.counting(0));
        return silence.suppressed();
    }

    @Override
    public boolean isTold(String identity) {
        return identities.containsKey(identity);
    }

    @Override
    public void told(String identity, Instant at) {
        identities.put(identity, at);
    }

    @Override
    public List<AlertGroup> groups(String rule) {
        return groups.values().stream()
                .map(Waits::group)
                .filter(group -> group.rule().equals(rule))
                .toList();
    }

    @Override
    public void group(AlertGroup group, Finding finding) {
        groups.computeIfAbsent(group.id(), id -> new Waits(group, new ArrayList<>()))
                .matches()
                .add(new Waiting(finding.key(), finding.match(), finding.identity()));
    }

    @Override
    public List<AlertGroup> due(Instant now, Collection<String> without) {
        return groups.values().stream()
                .map(Waits::group)
                .filter(group -> group.alertAt().isBefore(now) && !without.contains(group.rule()))
                .sorted(Comparator.comparing(AlertGroup::alertAt))
                .toList();
    }

    @Override
    public List<Waiting> take(AlertGroup group, int most) {
        List<Waiting> matches = groups.get(group.id()).matches();
        List<Waiting> oldest = matches.subList(0, Math.min(most, matches.size()));
        List<Waiting> taken = List.copyOf(oldest);
        oldest.clear();
        if (matches.isEmpty()) {
            groups.remove(group.id());
        }
        return taken;
    }

    @Override
    public void tell(AlertRule rule, Alert alert, Instant at) {
        told.putIfAbsent(alert.id(), new Told(rule, alert, at));
    }

    @Override
    public Optional<Firing> firing(String rule, String key) {
        return Optional.ofNullable(firing.get(rule + '\0' + key));
    }

    @Override
    public void firing(Firing one) {
        firing.put(one.rule() + '\0' + one.key(), one);
    }

    @Override
    public List<Firing> over(Instant now) {
        return firing.values().stream()
                .filter(one -> !one.resolveAt().isAfter(covered.getOrDefault(one.rule(), Instant.MIN)))
                .toList();
    }

    @Override
    public void resolved(Firing one) {
        firing.remove(one.rule() + '\0' + one.key());
    }

    @Override
    public void forget(Instant before) {
        silences.values().removeIf(silence -> silence.until().isBefore(before));
        identities.values().removeIf(at -> at.isBefore(before));
    }
}
