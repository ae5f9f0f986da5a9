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
 * Finishes the matches of a run that will be told. With a realert that is the first of each silence key that no
 * enhancement drops; it goes in waves: the firsts of all keys at once, and where one was dropped, the next of its key.
 */
final class MatchPreparation {

    private static final Logger LOG = LoggerFactory.getLogger(MatchPreparation.class);

    private final List<MatchEnricher> steps;
    private final Map<String, Enhancement> enhancements;

    MatchPreparation(List<MatchEnricher> steps, Map<String, Enhancement> enhancements) {
        this.steps = steps;
        this.enhancements = enhancements;
    }

    CompletableFuture<List<Finding>> prepare(
            AlertRule alertRule,
            List<Map<String, Object>> matches,
            long hits,
            Instant now,
            AlertStore book,
            Search search) {
        Rule rule = alertRule.rule();
        List<Finding> findings = new ArrayList<>();
        Map<String, Integer> same = new HashMap<>();
        Set<Integer> open = new HashSet<>();
        boolean silenced = !matches.isEmpty() && isSilenced(book, Silence.ofRule(rule.name()), now);
        for (Map<String, Object> found : matches) {
            Map<String, Object> match = new LinkedHashMap<>(found);
            match.put("num_hits", hits);
            match.put("num_matches", matches.size());
            String key = Finding.key(rule, match);
            Finding finding = Finding.of(rule, match, same.merge(Finding.same(rule, match, key), 1, Integer::sum) - 1);
            findings.add(finding);
            if (!silenced && !isSilenced(book, key, now) && !book.isTold(finding.identity())) {
                open.add(findings.size() - 1);
            }
        }
        return waves(new Work(alertRule, findings, open, now, search));
    }

    private static boolean isSilenced(AlertStore book, String key, Instant now) {
        return book.silence(key).filter(silence -> silence.silences(now)).isPresent();
    }

    /** What is under way: the findings by place, and the places of those that may still be told. */
    private record Work(AlertRule rule, List<Finding> findings, Set<Integer> open, Instant now, Search search) {

        /** Takes those that come next: all, or the first of each key when it will silence the others. */
        List<Integer> wave(Set<String> finished) {
            List<Integer> wave = new ArrayList<>();
            Set<String> keys = new HashSet<>(finished);
            for (int place : open.stream().sorted().toList()) {
                if (rule.timing().realert().isZero()
                        || keys.add(findings.get(place).key())) {
                    wave.add(place);
                }
            }
            wave.forEach(open::remove);
            return wave;
        }
    }

    private CompletableFuture<List<Finding>> waves(Work work) {
        Set<String> finished = new HashSet<>();
        List<Integer> wave = work.wave(finished);
        while (!wave.isEmpty()) {
            List<Integer> places = wave;
            CompletableFuture<Void> done = CompletableFuture.allOf(
                    places.stream().map(place -> finish(work, place)).toArray(CompletableFuture[]::new));
            if (!done.isDone()) {
                return done.thenCompose(v -> {
                    told(work, places, finished);
                    return rest(work, finished);
                });
            }
            told(work, places, finished);
            wave = work.wave(finished);
        }
        return CompletableFuture.completedFuture(work.findings());
    }

    private CompletableFuture<List<Finding>> rest(Work work, Set<String> finished) {
        work.open()
                .removeIf(place -> !work.rule().timing().realert().isZero()
                        && finished.contains(work.findings().get(place).key()));
        return waves(work);
    }

    private static void told(Work work, List<Integer> places, Set<String> finished) {
        places.stream()
                .map(work.findings()::get)
                .filter(finding -> !finding.dropped())
                .forEach(finding -> finished.add(finding.key()));
    }

    private CompletableFuture<Void> finish(Work work, int place) {
        Finding finding = work.findings().get(place);
        boolean first = work.rule().rule().flag("run_enhancements_first", false);
        if (first && !enhanced(work.rule(), finding)) {
            work.findings().set(place, finding.drop());
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> steps = CompletableFuture.completedFuture(null);
        for (MatchEnricher step : this.steps) {
            steps = steps.thenCompose(v -> finish(step, work, finding.match()));
        }
        return steps.thenRun(() -> {
            if (!first && !enhanced(work.rule(), finding)) {
                work.findings().set(place, finding.drop());
            }
        });
    }

    private static CompletableFuture<Void> finish(MatchEnricher step, Work work, Map<String, Object> match) {
        try {
            return step.finish(work.rule(), match, work.now(), work.search()).exceptionally(e -> warn(work, step, e));
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(warn(work, step, e));
        }
    }

    private static Void warn(Work work, MatchEnricher step, Throwable e) {
        LOG.warn(
                "rule=\"{}\" The alert goes without {}: {}",
                work.rule().rule().name(),
                step.getClass().getSimpleName(),
                e.getMessage());
        return null;
    }

    /** @return whether the match is still to be told */
    private boolean enhanced(AlertRule alertRule, Finding finding) {
        Rule rule = alertRule.rule();
        for (Object name : rule.option("match_enhancements") instanceof List<?> list ? list : List.of()) {
            Enhancement enhancement = enhancements.get(Python.str(name));
            try {
                if (enhancement != null) {
                    enhancement.process(rule, finding.match());
                }
            } catch (Enhancement.DropMatch e) {
                return false;
            } catch (RuntimeException e) {
                LOG.warn(
                        "rule=\"{}\" The alert goes without its enhancement {}: {}", rule.name(), name, e.getMessage());
            }
        }
        return true;
    }
}
