package serai.watch.alert;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import serai.watch.alert.AlertDecision.Fate;
import serai.watch.message.Alert;

/** The decisions over the findings of one run of a rule, in their order (spec/elastalert.md 1.7). */
final class RunDecision {

    private final AlertRule alertRule;
    private final String rule;
    private final AlertTiming timing;
    private final Instant now;
    private final AlertStore book;

    RunDecision(AlertRule alertRule, Instant now, AlertStore book) {
        this.alertRule = alertRule;
        this.rule = alertRule.rule().name();
        this.timing = alertRule.timing();
        this.now = now;
        this.book = book;
    }

    List<AlertDecision> of(List<Finding> findings) {
        List<AlertDecision> verdicts = new ArrayList<>();
        for (Finding finding : findings) {
            verdicts.add(verdict(finding));
        }
        return verdicts;
    }

    private AlertDecision verdict(Finding finding) {
        if (finding.dropped()) {
            return new AlertDecision(finding, Fate.DROPPED, null, null);
        }
        if (book.isTold(finding.identity())) {
            return new AlertDecision(finding, Fate.REPEATED, null, null);
        }
        if (isSilenced(Silence.ofRule(rule)) || isSilenced(finding.key())) {
            book.suppressed(finding.key(), rule, now);
            stillFiring(finding);
            return new AlertDecision(finding, Fate.SILENCED, null, null);
        }
        return tell(finding);
    }

    private AlertDecision tell(Finding finding) {
        book.told(finding.identity(), now);
        AlertGroup group = timing.grouping() == null ? null : group(finding);
        String alertId = group == null ? finding.identity() : group.id() + "/0";
        if (group == null) {
            book.tell(
                    alertRule,
                    new Alert(
                            alertId,
                            finding.key(),
                            List.of(finding.match()),
                            book.takeSuppressed(finding.key()),
                            false,
                            null),
                    now);
        } else {
            book.group(group, finding);
        }
        if (!timing.realert().isZero()) {
            book.silence(timing.next(book.silence(finding.key()).orElse(null), finding.key(), rule, now, alertId));
        }
        Instant alertAt = group == null ? now : group.alertAt();
        fires(finding, alertId, alertAt);
        return new AlertDecision(finding, group == null ? Fate.TOLD : Fate.GROUPED, alertId, alertAt);
    }

    private boolean isSilenced(String key) {
        return book.silence(key).filter(silence -> silence.silences(now)).isPresent();
    }

    /**
     * The group that a match joins. One without a key joins whichever is told last, as upstream; else it begins its
     * own.
     */
    private AlertGroup group(Finding finding) {
        List<AlertGroup> open = book.groups(rule).stream()
                .filter(group -> timing.grouping().isOpen(group, now, finding.time()))
                .toList();
        Optional<AlertGroup> same = open.stream()
                .filter(group -> String.valueOf(group.key()).equals(String.valueOf(finding.groupKey())))
                .max(Comparator.comparing(AlertGroup::alertAt));
        if (same.isEmpty() && finding.groupKey() == null) {
            same = open.stream()
                    .filter(group -> group.alertAt().isAfter(now))
                    .reduce((a, b) -> b.alertAt().isAfter(a.alertAt()) ? b : a);
        }
        return same.orElseGet(() -> new AlertGroup(
                finding.identity(), rule, finding.groupKey(), timing.grouping().alertAt(now, finding.time())));
    }

    private void fires(Finding finding, String alertId, Instant toldAt) {
        if (timing.resolveAfter() != null) {
            Instant since = book.firing(rule, finding.key()).map(Firing::since).orElse(now);
            // the end is not told before the beginning
            Instant quiet = now.plus(timing.resolveAfter());
            book.firing(new Firing(
                    rule, finding.key(), alertId, since, now, quiet.isAfter(toldAt) ? quiet : toldAt, finding.match()));
        }
    }

    private void stillFiring(Finding finding) {
        if (timing.resolveAfter() != null) {
            book.firing(rule, finding.key()).ifPresent(firing -> {
                Instant quiet = now.plus(timing.resolveAfter());
                book.firing(new Firing(
                        rule,
                        firing.key(),
                        firing.alertId(),
                        firing.since(),
                        now,
                        quiet.isAfter(firing.resolveAt()) ? quiet : firing.resolveAt(),
                        firing.match()));
            });
        }
    }
}
