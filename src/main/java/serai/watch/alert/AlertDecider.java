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
 * From match to alert (spec/elastalert.md 1.7): what is told, what waits in a group, what a silence holds back. It
 * remembers nothing itself: that is the {@link AlertStore}, which is written in the commit of the runs. Thread-safe.
 */
public final class AlertDecider {

    private static final Logger LOG = LoggerFactory.getLogger(AlertDecider.class);
    /** Longer than any catch-up: what is found again after this is told again. */
    private static final Duration REMEMBERED = Duration.ofDays(30);

    private static final Set<String> LINKS = Set.of("kibana_discover_url", "opensearch_discover_url");

    private final MatchPreparation preparation;

    public AlertDecider(List<MatchEnricher> steps, Map<String, Enhancement> enhancements) {
        this.preparation = new MatchPreparation(List.copyOf(steps), Map.copyOf(enhancements));
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

    /** The same with other enhancements, by their names. */
    public static AlertDecider standard(MatchEnricher links, Map<String, Enhancement> enhancements) {
        return new AlertDecider(List.of(new TopCounts(), links, new RuleParams()), enhancements);
    }

    /** What a run found, ready to be decided. */
    public record Found(AlertRule rule, List<Finding> findings) {}

    /**
     * Finishes, without waiting and before the commit, those matches that will be told.
     *
     * @param matches the matches of one run, in order
     * @param hits the documents that the run found, for {@code num_hits}
     * @param book what it says of silences saves the work for matches that will not be told; an empty book costs work
     *     and nothing else. It is only read, and only before this returns
     * @return all of them in order; it does not fail
     */
    public CompletableFuture<List<Finding>> prepare(
            AlertRule rule, List<Map<String, Object>> matches, long hits, Instant now, AlertStore book, Search search) {
        return preparation.prepare(rule, matches, hits, now, book, search);
    }

    /** The silence keys of a run's matches and of the rule as a whole, for {@code WarehouseAlertStore.hint}. */
    public static Set<String> keys(AlertRule rule, List<Map<String, Object>> matches) {
        Set<String> keys = new TreeSet<>(Set.of(Silence.ofRule(rule.rule().name())));
        matches.forEach(match -> keys.add(Finding.key(rule.rule(), match)));
        return keys;
    }

    /** Decides what becomes of a run's findings. Silences, groups and messages are written to the book together. */
    public List<AlertDecision> decide(AlertRule rule, List<Finding> findings, Instant now, AlertStore book) {
        return decide(List.of(new Found(rule, findings)), now, book).get(0);
    }

    /** The same for many runs at once, in their order: the book is asked once for all. */
    public List<List<AlertDecision>> decide(List<Found> runs, Instant now, AlertStore book) {
        Set<String> keys = new TreeSet<>();
        Set<String> identities = new TreeSet<>();
        Set<String> grouping = new TreeSet<>();
        for (Found run : runs) {
            if (!run.findings().isEmpty()) {
                keys.add(Silence.ofRule(run.rule().rule().name()));
            }
            if (!run.findings().isEmpty() && run.rule().timing().grouping() != null) {
                grouping.add(run.rule().rule().name());
            }
            run.findings().forEach(finding -> {
                keys.add(finding.key());
                identities.add(finding.identity());
            });
        }
        if (!keys.isEmpty()) {
            book.expect(keys, identities, grouping);
        }
        return runs.stream()
                .map(run -> new RunDecision(run.rule(), now, book).of(run.findings()))
                .toList();
    }

    /** Tells the groups whose time has come, and the end of troubles that are over. */
    public void release(Function<String, AlertRule> rules, Instant now, AlertStore book) {
        for (AlertGroup group : due(rules, now, book)) {
            tell(rules.apply(group.rule()), group, now, book);
        }
        for (Firing firing : book.over(now)) {
            AlertRule rule = rules.apply(firing.rule());
            boolean quiet = book.silence(Silence.ofRule(firing.rule()))
                    .filter(silence -> silence.silences(now))
                    .isPresent();
            if (rule != null && !quiet) {
                book.resolved(firing);
                book.tell(
                        rule,
                        new Alert(
                                firing.alertId() + "/resolved",
                                firing.key(),
                                List.of(firing.match()),
                                book.takeSuppressed(firing.key()),
                                true,
                                firing.since()),
                        now);
            }
        }
    }

    /** Those of rules that run; however many wait for rules that are gone, they are not in the way. */
    private static List<AlertGroup> due(Function<String, AlertRule> rules, Instant now, AlertStore book) {
        Set<String> gone = new TreeSet<>();
        List<AlertGroup> due = book.due(now, gone);
        while (due.stream().anyMatch(group -> rules.apply(group.rule()) == null)) {
            for (AlertGroup group : due) {
                if (rules.apply(group.rule()) == null) {
                    gone.add(group.rule());
                    giveUp(group, now, book);
                }
            }
            due = book.due(now, gone);
        }
        return due;
    }

    private static void giveUp(AlertGroup group, Instant now, AlertStore book) {
        if (group.alertAt().isBefore(now.minus(REMEMBERED))) {
            LOG.warn(
                    "rule=\"{}\" {} matches that waited for it were given up: the rule was removed long ago",
                    group.rule(),
                    book.take(group, Integer.MAX_VALUE).size());
        }
    }

    private static void tell(AlertRule rule, AlertGroup group, Instant now, AlertStore book) {
        AlertTiming timing = rule.timing();
        boolean late = !timing.timeLimit().isZero() && group.alertAt().isBefore(now.minus(timing.timeLimit()));
        int most = timing.grouping() == null
                ? Integer.MAX_VALUE
                : Math.max(1, 1 + timing.grouping().most());
        List<AlertStore.Waiting> waiting = book.take(group, most);
        for (int message = 0; !waiting.isEmpty() && !late; message++) {
            List<Map<String, Object>> matches =
                    waiting.stream().map(AlertStore.Waiting::match).toList();
            matches.stream().skip(1).forEach(match -> onlyInFirst(rule, match));
            long suppressed = waiting.stream()
                    .map(AlertStore.Waiting::silenceKey)
                    .distinct()
                    .mapToLong(book::takeSuppressed)
                    .sum();
            String key = waiting.get(0).silenceKey();
            book.tell(rule, new Alert(group.id() + "/" + message, key, matches, suppressed, false, null), now);
            waiting = waiting.size() < most ? List.of() : book.take(group, most);
        }
        if (late) {
            LOG.warn(
                    "rule=\"{}\" {} grouped matches were given up: they should have been told before alert_time_limit",
                    group.rule(),
                    waiting.size());
        }
    }

    private static void onlyInFirst(AlertRule rule, Map<String, Object> match) {
        LINKS.forEach(match::remove);
        if (rule.rule().flag("include_rule_params_in_first_match_only", false)) {
            RuleParams.names(rule.rule()).forEach(name -> match.remove(RuleParams.field(name)));
        }
    }

    /**
     * Forgets what no longer matters: silences long over, and matches told so long ago that no catch-up finds them
     * again.
     */
    public void forget(Instant now, AlertStore book) {
        book.forget(now.minus(REMEMBERED));
    }
}
