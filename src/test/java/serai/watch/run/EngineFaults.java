package serai.watch.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.watch.alert.AlertDecider;
import serai.watch.alert.AlertDecision;
import serai.watch.alert.AlertRule;
import serai.watch.alert.AlertStore;
import serai.watch.alert.Finding;
import serai.watch.query.Search;
import serai.watch.rule.Rule;
import serai.watch.type.RuleType;

/** Adds faults of upstream to a replay, each at the one place where Serai differs. */
final class EngineFaults {

    private final Set<EngineFault> faults;
    private final Map<String, Instant> lastRuns = new HashMap<>();
    private final Map<String, Instant> restartedAt = new HashMap<>();
    private final Set<String> restarted = new HashSet<>();
    private final Set<String> blind = new HashSet<>();
    private final Set<String> dropped = new HashSet<>();
    private int runs;

    EngineFaults(Set<EngineFault> faults) {
        this.faults = faults;
    }

    /** The state of a rule after a restart. */
    RuleState restarted(Rule rule, RuleState state, Search search, Instant now) {
        if (!faults.contains(EngineFault.LOSES_STATE_AT_RESTART) || state.endsAt() == null) {
            return state;
        }
        Instant end = rule.flag("scan_entire_timeframe", false) ? null : state.endsAt();
        restartedAt.put(rule.name(), state.endsAt());
        blind.remove(rule.name());
        restarted.add(rule.name());
        return new RuleState(end, end, RuleState.NEW.seen(), atLoad(rule, search, now));
    }

    /** The state of a rule after an edit. */
    RuleState edited(Rule rule, RuleState state, Search search, Instant now) {
        if (!faults.contains(EngineFault.LOSES_STATE_AT_EDIT) || state.endsAt() == null) {
            return state;
        }
        return new RuleState(null, null, state.documents(), atLoad(rule, search, now));
    }

    /** Upstream reads known terms when a rule is loaded, and not at its next run. */
    private static JsonNode atLoad(Rule rule, Search search, Instant now) {
        RuleType type = RuleType.open(rule, RuleState.NEW.type());
        new BaselineReader(search, type, now).run().join();
        return type.state();
    }

    /** The state that a run begins with; null when it queries nothing. */
    RuleState before(Rule rule, RuleState known, Instant now, Set<String> failing) {
        runs++;
        boolean lost = restarted.remove(rule.name()) && failing.contains("search");
        RuleState state = lost ? new RuleState(null, null, known.seen(), known.type()) : known;
        if (lost) {
            restartedAt.remove(rule.name());
        }
        if (rule.mode() == Rule.Mode.AGGREGATION) {
            return aggregating(rule, state, now.minus(rule.queryDelay()));
        }
        boolean counts = rule.mode() == Rule.Mode.COUNT || rule.mode() == Rule.Mode.TERMS;
        Instant last = lastRuns.put(rule.name(), now);
        if (!counts
                && faults.contains(EngineFault.COUNTS_AGAIN)
                && rule.flag("scan_entire_timeframe", false)
                && last != null) {
            SeenDocuments seen = SeenDocuments.of(state.documents());
            seen.forget(last.minus(rule.bufferTime()).minus(rule.queryDelay()), Integer.MAX_VALUE);
            return new RuleState(null, null, seen.state(), state.type());
        }
        if (counts && faults.contains(EngineFault.COUNTS_AGAIN) && rule.flag("scan_entire_timeframe", false)) {
            return new RuleState(null, null, RuleState.NEW.seen(), state.type());
        }
        boolean leaves = faults.contains(EngineFault.LOSES_LATE_DOCUMENTS) && state.endsAt() != null;
        if (counts) {
            return leaves
                    ? new RuleState(state.endsAt(), state.rememberedFrom(), RuleState.NEW.seen(), state.type())
                    : state;
        }
        boolean gap =
                leaves && state.endsAt().isBefore(now.minus(rule.queryDelay()).minus(RunRange.lookback(rule)));
        return gap ? new RuleState(state.endsAt(), state.endsAt(), state.seen(), state.type()) : state;
    }

    private RuleState aggregating(Rule rule, RuleState state, Instant end) {
        Instant reached = restartedAt.get(rule.name());
        Duration piece = rule.flag("use_run_every_query_size", false) ? rule.globalRunEvery() : rule.bufferTime();
        if (reached != null && reached.plus(piece).isAfter(end)) {
            blind.add(rule.name());
            return null;
        }
        restartedAt.remove(rule.name());
        boolean wasBlind = blind.remove(rule.name());
        Instant from = wasBlind ? RunRange.later(state.endsAt(), end.minus(rule.bufferTime())) : state.endsAt();
        if (!faults.contains(EngineFault.ALERTS_AGAIN)) {
            return wasBlind ? new RuleState(from, state.rememberedFrom(), state.seen(), state.type()) : state;
        }
        boolean gap = from != null && from.isBefore(end.minus(rule.bufferTime()));
        return new RuleState(
                gap || wasBlind ? from : null,
                gap || wasBlind ? state.rememberedFrom() : null,
                RuleState.NEW.seen(),
                state.type());
    }

    /** Decides about findings. */
    List<AlertDecision> decide(
            AlertDecider decider, AlertRule rule, List<Finding> findings, Instant now, AlertStore store) {
        List<Finding> all = findings.stream().map(this::again).toList();
        if (!faults.contains(EngineFault.SILENCES_DROPPED_MATCHES)
                || rule.rule().fileOptions().value("aggregation") != null) {
            return decider.decide(rule, all, now, store);
        }
        List<AlertDecision> decisions = new ArrayList<>();
        for (Finding finding : all) {
            AlertDecision decision = decider.decide(
                            rule,
                            List.of(new Finding(
                                    finding.match(),
                                    finding.key(),
                                    finding.groupKey(),
                                    finding.time(),
                                    finding.identity(),
                                    false)),
                            now,
                            store)
                    .get(0);
            if (finding.dropped() && decision.alertId() != null) {
                dropped.add(decision.alertId());
            }
            decisions.add(
                    finding.dropped()
                            ? new AlertDecision(finding, AlertDecision.Outcome.DROPPED, null, null)
                            : decision);
        }
        return decisions;
    }

    /** Whether pending alerts can be found while such requests fail. */
    boolean finds(Set<String> failing) {
        return !faults.contains(EngineFault.FINDS_NO_PENDING_ALERTS) || !failing.contains("search");
    }

    /** Whether a message is that of a dropped match, which only silenced its key. */
    boolean isUnsaid(EngineEnvironment.Queued queued) {
        return dropped.contains(queued.alertId());
    }

    private Finding again(Finding finding) {
        boolean again = faults.contains(EngineFault.ALERTS_AGAIN) || faults.contains(EngineFault.COUNTS_AGAIN);
        return again
                ? new Finding(
                        finding.match(),
                        finding.key(),
                        finding.groupKey(),
                        finding.time(),
                        finding.identity() + "/" + runs,
                        finding.dropped())
                : finding;
    }
}
