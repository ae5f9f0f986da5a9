package serai.watch.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import serai.watch.alert.AlertDecider;
import serai.watch.alert.AlertRule;
import serai.watch.alert.Enhancement;
import serai.watch.query.MemoryIndex;
import serai.watch.query.Search;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleFile;
import serai.watch.run.RuleRun;

class PrefetchedSearchTest {

    private static final Instant NOON = Instant.parse("2024-03-01T12:00:00Z");
    private static final RuleRun.Bounds BOUNDS = new RuleRun.Bounds(20_000, 100, 500_000, Duration.ofDays(3_660));
    private static final List<String> TYPES = List.of(
            "type: any\nrealert: {seconds: 0}",
            "type: frequency\nnum_events: 3\ntimeframe: {minutes: 4}\nquery_key: host\nrealert: {minutes: 5}",
            "type: flatline\nthreshold: 2\ntimeframe: {minutes: 6}\nuse_count_query: true",
            "type: frequency\nnum_events: 3\ntimeframe: {minutes: 4}\nmax_query_size: 3",
            "type: change\ncompare_key: state\nquery_key: host\nignore_null: true\nbuffer_time: {minutes: 2}",
            "type: any\nquery_delay: {minutes: 3}\naggregation: {minutes: 7}");

    private static AlertRule rule(String yaml) throws Exception {
        return AlertRule.of(Rule.of(
                RuleFile.read("name: r\nindex: logs\nalert: debug\n" + yaml, name -> null),
                Path.of("r.yaml"),
                Map.of("run_every", Map.of("minutes", 1), "buffer_time", Map.of("minutes", 15)),
                ZoneOffset.UTC));
    }

    private static List<String> history(AlertRule rule, Search search, Duration length) throws Exception {
        RuleSandbox bench = new RuleSandbox(
                (file, source) -> List.of(),
                search,
                new AlertDecider(List.of(), Enhancement.BUILT_IN),
                BOUNDS,
                (one, message) -> null);
        List<String> alerts = new ArrayList<>();
        Map<String, Simulation.Counts> counts = new Simulation(
                        bench,
                        List.of(rule),
                        NOON,
                        one -> alerts.add(one.at() + " " + one.alert().matches()))
                .run(NOON, NOON.plus(length), Duration.ofMinutes(1));
        Simulation.Counts count = counts.get("r");
        alerts.add(count.runs + " runs " + count.hits + " hits " + count.matches + " matches " + count.suppressed
                + " silenced");
        return alerts;
    }

    @Property(tries = 150)
    void prefetchedDocumentsGiveTheSameHistory(
            @ForAll @Size(max = 40) List<@IntRange(min = 0, max = 3_600) Integer> seconds,
            @ForAll @IntRange(min = 0, max = 5) int type)
            throws Exception {
        MemoryIndex index = new MemoryIndex();
        for (int i = 0; i < seconds.size(); i++) {
            index.add("d" + i, NOON.plusSeconds(seconds.get(i)), "host", "h" + i % 3, "state", "s" + i % 4);
        }
        AlertRule rule = rule(TYPES.get(type));
        assertThat(history(rule, new PrefetchedSearch(index), Duration.ofHours(1)))
                .isEqualTo(history(rule, index, Duration.ofHours(1)));
    }

    @Test
    void aDayWithoutDocumentsIsQueriedOnce() throws Exception {
        MemoryIndex index = new MemoryIndex().add("one", NOON.plusSeconds(40_000));
        history(rule("type: any"), new PrefetchedSearch(index), Duration.ofHours(23));
        assertThat(index.requests).isLessThanOrEqualTo(2);
    }

    @Test
    void moreThanAPageInOneMillisecondIsNotPrefetched() throws Exception {
        MemoryIndex index = new MemoryIndex();
        for (int i = 0; i < 4_100; i++) {
            index.add("d" + i, NOON.plusSeconds(90 + i / 3_000));
        }
        List<String> ahead = history(
                rule("type: frequency\nnum_events: 4100\ntimeframe: {minutes: 4}"),
                new PrefetchedSearch(index),
                Duration.ofMinutes(5));
        assertThat(ahead).last().asString().contains("4100 hits 1 matches");
    }

    @Test
    void anOutageFailsTheRunsAsWithoutPrefetching() throws Exception {
        MemoryIndex index = new MemoryIndex().failNext(10);
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> history(rule("type: any"), new PrefetchedSearch(index), Duration.ofHours(1))))
                .isInstanceOf(Search.FailedException.class)
                .hasMessage("out of order");
    }
}
