package serai.watch.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.watch.message.Alert;
import serai.watch.query.Search;

/**
 * From match to alert: decides which matches become an alert, which wait in a group and which are silenced
 * ({@code docs/reference/elastalert.md}, "From match to alert"). It has no state of its own; that is in the
 * {@link AlertStore}, which is written in the commit of the runs. Thread-safe.
 */
public final class AlertDecider {

    private static final Logger LOG = LoggerFactory.getLogger(AlertDecider.class);
    /** Longer than any catch-up: a match that is found again later than this leads to an alert again. */
    private static final Duration RETENTION = Duration.ofDays(30);

    private static final Set<String> LINKS = Set.of("kibana_discover_url", "opensearch_discover_url");

    private final MatchPreparation preparation;

    /**
     * @param enrichers applied to each match in this order
     * @param enhancements by the names that rule files give them
     */
    public AlertDecider(List<MatchEnricher> enrichers, Map<String, Enhancement> enhancements) {
        this.preparation = new MatchPreparation(List.copyOf(enrichers), Map.copyOf(enhancements));
    }

    /**
     * With all that ElastAlert adds to matches, in its order: top counts, links, options of the rule, and its own
     * enhancements.
     *
     * @param links adds links to Kibana or OpenSearch
     */
    public static AlertDecider standard(MatchEnricher links) {
        return standard(links, Enhancement.BUILT_IN);
    }

    /** The same with other enhancements, by the names that rule files give them. */
    public static AlertDecider standard(MatchEnricher links, Map<String, Enhancement> enhancements) {
        return new AlertDecider(List.of(new TopCounts(), links, new RuleParams()), enhancements);
    }

    /** The prepared findings of one run. */
    public record RunFindings(AlertRule rule, List<Finding> findings) {}

    /**
     * Enriches and enhances, without blocking and before the commit, those matches that may become an alert.
     *
     * @param matches the matches of one run, in order
     * @param hits the documents that the run found, for {@code num_hits}
     * @param store its silences save the work for matches that are silenced; with an empty store more work is done and
     *     nothing else differs. It is only read, and only before this method returns
     * @return all matches in order; the future does not fail
     */
    public CompletableFuture<List<Finding>> prepare(
            AlertRule rule,
            List<Map<String, Object>> matches,
            long hits,
            Instant now,
            AlertStore store,
            Search search) {
        return preparation.prepare(rule, matches, hits, now, store, search);
    }

    /** The silence keys that apply to a run's matches: those of the matches, and that of the whole rule. */
    public static Set<String> silenceKeys(AlertRule rule, List<Map<String, Object>> matches) {
        Set<String> keys = new TreeSet<>(Set.of(Silence.keyOfRule(rule.rule().name())));
        matches.forEach(match -> keys.add(Finding.key(rule.rule(), match)));
        return keys;
    }

    /** Decides about the findings of one run; silences, groups and alerts are written to the store. */
    public List<AlertDecision> decide(AlertRule rule, List<Finding> findings, Instant now, AlertStore store) {
        return decide(List.of(new RunFindings(rule, findings)), now, store).get(0);
    }

    /** Decides about many runs, in their order; what they need of the store is read at once. */
    public List<List<AlertDecision>> decide(List<RunFindings> runs, Instant now, AlertStore store) {
        Set<String> keys = new TreeSet<>();
        Set<String> identities = new TreeSet<>();
        Set<String> aggregating = new TreeSet<>();
        for (RunFindings run : runs) {
            if (!run.findings().isEmpty()) {
                keys.add(Silence.keyOfRule(run.rule().rule().name()));
            }
            if (!run.findings().isEmpty() && run.rule().timing().aggregation() != null) {
                aggregating.add(run.rule().rule().name());
            }
            run.findings().forEach(finding -> {
                keys.add(finding.key());
                identities.add(finding.identity());
            });
        }
        if (!keys.isEmpty()) {
            store.preload(keys, identities, aggregating);
        }
        return runs.stream()
                .map(run -> new RunDecision(run.rule(), now, store).decide(run.findings()))
                .toList();
    }

    /**
     * Sends the groups that are due, and the resolutions of alerts that have ended.
     *
     * @param rules the rule of a name, or null when it does not run
     */
    public void release(Function<String, AlertRule> rules, Instant now, AlertStore store) {
        for (AlertGroup group : due(rules, now, store)) {
            send(rules.apply(group.rule()), group, now, store);
        }
        for (Firing firing : store.endedFirings()) {
            AlertRule rule = rules.apply(firing.rule());
            if (rule != null && !store.isSilenced(Silence.keyOfRule(firing.rule()), now)) {
                store.removeFiring(firing);
                Alert resolution = new Alert(
                        firing.alertId() + "/resolved",
                        firing.key(),
                        List.of(firing.match()),
                        store.takeSuppressed(firing.key()),
                        true,
                        firing.since());
                store.enqueue(rule, resolution, now);
            }
        }
    }

    /** Due groups of rules that run; groups of removed rules, however many, do not keep them from being found. */
    private static List<AlertGroup> due(Function<String, AlertRule> rules, Instant now, AlertStore store) {
        Set<String> removed = new TreeSet<>();
        List<AlertGroup> due = store.dueGroups(now, removed);
        while (due.stream().anyMatch(group -> rules.apply(group.rule()) == null)) {
            for (AlertGroup group : due) {
                if (rules.apply(group.rule()) == null) {
                    removed.add(group.rule());
                    dropIfOld(group, now, store);
                }
            }
            due = store.dueGroups(now, removed);
        }
        return due;
    }

    private static void dropIfOld(AlertGroup group, Instant now, AlertStore store) {
        if (group.alertAt().isBefore(now.minus(RETENTION))) {
            LOG.warn(
                    "rule=\"{}\" Dropped {} grouped matches of a removed rule: they were due more than {} days ago",
                    group.rule(),
                    store.takeMatches(group, Integer.MAX_VALUE).size(),
                    RETENTION.toDays());
        }
    }

    private static void send(AlertRule rule, AlertGroup group, Instant now, AlertStore store) {
        AlertTiming timing = rule.timing();
        boolean late = !timing.timeLimit().isZero() && group.alertAt().isBefore(now.minus(timing.timeLimit()));
        int limit = timing.aggregation() == null
                ? Integer.MAX_VALUE
                : Math.max(1, 1 + timing.aggregation().maxMatches());
        List<AlertStore.PendingMatch> pending = store.takeMatches(group, limit);
        if (late) {
            LOG.warn(
                    "rule=\"{}\" Dropped {} grouped matches: their alert was due longer ago than alert_time_limit",
                    group.rule(),
                    pending.size());
            return;
        }
        for (int message = 0; !pending.isEmpty(); message++) {
            List<Map<String, Object>> matches =
                    pending.stream().map(AlertStore.PendingMatch::match).toList();
            matches.stream().skip(1).forEach(match -> removeFieldsOfFirstMatch(rule, match));
            long suppressed = pending.stream()
                    .map(AlertStore.PendingMatch::silenceKey)
                    .distinct()
                    .mapToLong(store::takeSuppressed)
                    .sum();
            String key = pending.get(0).silenceKey();
            store.enqueue(rule, new Alert(group.id() + "/" + message, key, matches, suppressed, false, null), now);
            pending = pending.size() < limit ? List.of() : store.takeMatches(group, limit);
        }
    }

    private static void removeFieldsOfFirstMatch(AlertRule rule, Map<String, Object> match) {
        LINKS.forEach(match::remove);
        if (rule.rule().flag("include_rule_params_in_first_match_only", false)) {
            RuleParams.names(rule.rule()).forEach(name -> match.remove(RuleParams.field(name)));
        }
    }

    /** Deletes silences that ended long ago, and the record of matches that no catch-up can find again. */
    public void deleteExpired(Instant now, AlertStore store) {
        store.deleteBefore(now.minus(RETENTION));
    }
}
