package serai.watch.alert;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.watch.python.Python;
import serai.watch.query.Search;
import serai.watch.rule.Rule;

/**
 * Enriches and enhances those matches of a run that may become an alert. With a realert that is one match of each
 * silence key: the first that no enhancement drops. It works in waves: first the first match of every key, all at once;
 * then, for keys whose match was dropped, the next one.
 */
final class MatchPreparation {

    private static final Logger LOG = LoggerFactory.getLogger(MatchPreparation.class);

    private final List<MatchEnricher> enrichers;
    private final Map<String, Enhancement> enhancements;

    MatchPreparation(List<MatchEnricher> enrichers, Map<String, Enhancement> enhancements) {
        this.enrichers = enrichers;
        this.enhancements = enhancements;
    }

    CompletableFuture<List<Finding>> prepare(
            AlertRule alertRule,
            List<Map<String, Object>> matches,
            long hits,
            Instant now,
            AlertStore store,
            Search search) {
        Rule rule = alertRule.rule();
        List<Finding> findings = new ArrayList<>();
        Map<String, Integer> equalMatches = new HashMap<>();
        Set<Integer> open = new HashSet<>();
        boolean silenced = !matches.isEmpty() && store.isSilenced(Silence.keyOfRule(rule.name()), now);
        for (Map<String, Object> found : matches) {
            Map<String, Object> match = new LinkedHashMap<>(found);
            match.put("num_hits", hits);
            match.put("num_matches", matches.size());
            String key = Finding.key(rule, match);
            int nth = equalMatches.merge(Finding.content(rule, match, key), 1, Integer::sum) - 1;
            Finding finding = Finding.of(rule, match, nth);
            findings.add(finding);
            if (!silenced && !store.isSilenced(key, now) && !store.isNotified(finding.identity())) {
                open.add(findings.size() - 1);
            }
        }
        return waves(new Work(alertRule, findings, open, new HashSet<>(), now, search));
    }

    /**
     * The work of one run.
     *
     * @param findings by their place in the run
     * @param open the places of those that may become an alert and are not prepared
     * @param preparedKeys silence keys of which a match is prepared
     */
    private record Work(
            AlertRule rule,
            List<Finding> findings,
            Set<Integer> open,
            Set<String> preparedKeys,
            Instant now,
            Search search) {

        /** Takes the places that are next: all, or the first of each key when it will silence the others. */
        List<Integer> nextWave() {
            List<Integer> wave = new ArrayList<>();
            Set<String> keys = new HashSet<>(preparedKeys);
            for (int place : open.stream().sorted().toList()) {
                if (rule.timing().realert().isZero()
                        || keys.add(findings.get(place).key())) {
                    wave.add(place);
                }
            }
            wave.forEach(open::remove);
            return wave;
        }

        void prepared(List<Integer> wave) {
            wave.stream()
                    .map(findings::get)
                    .filter(finding -> !finding.dropped())
                    .forEach(finding -> preparedKeys.add(finding.key()));
        }
    }

    private CompletableFuture<List<Finding>> waves(Work work) {
        List<Integer> wave = work.nextWave();
        while (!wave.isEmpty()) {
            List<Integer> places = wave;
            CompletableFuture<Void> done = CompletableFuture.allOf(
                            places.stream().map(place -> prepare(work, place)).toArray(CompletableFuture[]::new))
                    .thenRun(() -> work.prepared(places));
            if (!done.isDone()) {
                return done.thenCompose(v -> waves(work));
            }
            wave = work.nextWave();
        }
        return CompletableFuture.completedFuture(work.findings());
    }

    private CompletableFuture<Void> prepare(Work work, int place) {
        Finding finding = work.findings().get(place);
        boolean enhanceFirst = work.rule().rule().flag("run_enhancements_first", false);
        if (enhanceFirst && !enhance(work.rule(), finding)) {
            work.findings().set(place, finding.drop());
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> enriched = CompletableFuture.completedFuture(null);
        for (MatchEnricher enricher : enrichers) {
            enriched = enriched.thenCompose(v -> enrich(enricher, work, finding.match()));
        }
        return enriched.thenRun(() -> {
            if (!enhanceFirst && !enhance(work.rule(), finding)) {
                work.findings().set(place, finding.drop());
            }
        });
    }

    private static CompletableFuture<Void> enrich(MatchEnricher enricher, Work work, Map<String, Object> match) {
        try {
            return enricher.enrich(work.rule(), match, work.now(), work.search())
                    .exceptionally(e -> warn(work, enricher, e));
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(warn(work, enricher, e));
        }
    }

    private static Void warn(Work work, MatchEnricher enricher, Throwable e) {
        LOG.warn(
                "rule=\"{}\" {} failed, so the alert is sent without what it adds: {}",
                work.rule().rule().name(),
                enricher.getClass().getSimpleName(),
                e.getMessage());
        return null;
    }

    /** @return false when an enhancement dropped the match */
    private boolean enhance(AlertRule alertRule, Finding finding) {
        Rule rule = alertRule.rule();
        for (Object name : rule.option("match_enhancements") instanceof List<?> list ? list : List.of()) {
            Enhancement enhancement = enhancements.get(Python.str(name));
            try {
                if (enhancement != null) {
                    enhancement.process(rule, finding.match());
                }
            } catch (Enhancement.DropMatchException e) {
                return false;
            } catch (RuntimeException e) {
                LOG.warn(
                        "rule=\"{}\" The enhancement {} failed, so the alert is sent without it: {}",
                        rule.name(),
                        name,
                        e.getMessage());
            }
        }
        return true;
    }
}
