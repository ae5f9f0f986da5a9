package serai.watch.alert;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import serai.watch.alert.AlertDecision.Outcome;
import serai.watch.message.Alert;

/** Decides about the findings of one run, in their order. */
final class RunDecision {

    private final AlertRule alertRule;
    private final String rule;
    private final AlertTiming timing;
    private final Instant now;
    private final AlertStore store;

    RunDecision(AlertRule alertRule, Instant now, AlertStore store) {
        this.alertRule = alertRule;
        this.rule = alertRule.rule().name();
        this.timing = alertRule.timing();
        this.now = now;
        this.store = store;
    }

    List<AlertDecision> decide(List<Finding> findings) {
        return findings.stream().map(this::decide).toList();
    }

    private AlertDecision decide(Finding finding) {
        if (finding.dropped()) {
            return new AlertDecision(finding, Outcome.DROPPED, null, null);
        }
        if (store.isNotified(finding.identity())) {
            return new AlertDecision(finding, Outcome.REPEATED, null, null);
        }
        if (store.isSilenced(Silence.keyOfRule(rule), now) || store.isSilenced(finding.key(), now)) {
            store.countSuppressed(finding.key(), rule, now);
            if (timing.resolveAfter() != null) {
                store.firing(rule, finding.key()).ifPresent(this::extend);
            }
            return new AlertDecision(finding, Outcome.SILENCED, null, null);
        }
        return alert(finding);
    }

    private AlertDecision alert(Finding finding) {
        store.setNotified(finding.identity(), now);
        AlertGroup group = timing.aggregation() == null ? null : group(finding);
        String alertId = group == null ? finding.identity() : group.id() + "/0";
        if (group == null) {
            long suppressed = store.takeSuppressed(finding.key());
            store.enqueue(
                    alertRule,
                    new Alert(alertId, finding.key(), List.of(finding.match()), suppressed, false, null),
                    now);
        } else {
            store.addToGroup(alertRule, group, finding);
        }
        if (!timing.realert().isZero()) {
            Silence last = store.silence(finding.key()).orElse(null);
            store.setSilence(timing.next(last, finding.key(), rule, now, alertId));
        }
        Instant alertAt = group == null ? now : group.alertAt();
        if (timing.resolveAfter() != null) {
            Instant since = store.firing(rule, finding.key()).map(Firing::since).orElse(now);
            // not resolved before it is sent
            store.setFiring(new Firing(rule, finding.key(), alertId, since, now, resolveAt(alertAt), finding.match()));
        }
        return new AlertDecision(finding, group == null ? Outcome.ALERTED : Outcome.GROUPED, alertId, alertAt);
    }

    /**
     * The group that a match joins, or begins. A match without a group key joins the open group that is sent last,
     * whatever its key, as upstream.
     */
    private AlertGroup group(Finding finding) {
        List<AlertGroup> open = store.pendingGroups(rule).stream()
                .filter(group -> timing.aggregation().isOpen(group, now, finding.time()))
                .toList();
        Optional<AlertGroup> joined = open.stream()
                .filter(group -> String.valueOf(group.key()).equals(String.valueOf(finding.groupKey())))
                .max(Comparator.comparing(AlertGroup::alertAt));
        if (joined.isEmpty() && finding.groupKey() == null) {
            joined = open.stream()
                    .filter(group -> group.alertAt().isAfter(now))
                    .reduce((a, b) -> b.alertAt().isAfter(a.alertAt()) ? b : a);
        }
        return joined.orElseGet(() -> new AlertGroup(
                finding.identity(),
                rule,
                finding.groupKey(),
                timing.aggregation().alertAt(now, finding.time())));
    }

    /** A silenced match keeps an alert firing. */
    private void extend(Firing firing) {
        store.setFiring(new Firing(
                rule,
                firing.key(),
                firing.alertId(),
                firing.since(),
                now,
                resolveAt(firing.resolveAt()),
                firing.match()));
    }

    private Instant resolveAt(Instant earliest) {
        Instant quiet = now.plus(timing.resolveAfter());
        return quiet.isAfter(earliest) ? quiet : earliest;
    }
}
