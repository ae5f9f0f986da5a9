package serai.watch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import serai.watch.query.MemoryIndex;
import serai.watch.query.Search;
import serai.watch.rule.Recordings;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.rule.RuleFile;

class RuleRunTest {

    private static final Instant T0 = Instant.parse("2024-03-01T12:00:00Z");
    private static final RuleRun.Bounds WIDE = new RuleRun.Bounds(1_000_000, 1_000, 1_000_000, Duration.ofDays(7));

    private final MemoryIndex index = new MemoryIndex();
    private final List<Object> found = new ArrayList<>();
    private RuleState state = RuleState.NEW;
    private RuleRun.Bounds bounds = WIDE;

    private RuleRun.Result run(Rule rule, Instant at) throws Search.FailedException {
        RuleRun.Result result = result(new RuleRun(rule, state, index, bounds, at));
        state = readBack(result.after(), rule.fingerprint(), rule.fingerprint());
        result.matches().forEach(m -> found.add(m.get("_id")));
        return result;
    }

    /** The state as the warehouse returns it. */
    private static RuleState readBack(RuleState state, String storedFingerprint, String fingerprint) {
        return RuleState.of(
                state.endsAt(), state.rememberedFrom(), Recordings.json(state.stored(storedFingerprint)), fingerprint);
    }

    private static RuleRun.Result result(RuleRun run) throws Search.FailedException {
        try {
            return run.run().join();
        } catch (CompletionException e) {
            throw (Search.FailedException) e.getCause();
        }
    }

    private static Rule rule(String... lines) throws RuleException {
        String text = "name: r\nindex: logs\nalert: debug\nbuffer_time: {minutes: 5}\n" + String.join("\n", lines);
        return Rule.of(RuleFile.read(text, n -> null), Path.of("routes/alerts/r.yaml"), Map.of(), ZoneOffset.UTC);
    }

    @Test
    void aDocumentMatchesOnceThoughItsTimeIsQueriedAgain() throws Exception {
        index.add("a", T0.minusSeconds(30)).add("b", T0.minusSeconds(10));
        for (int minute = 0; minute < 8; minute++) {
            run(rule("type: any"), T0.plusSeconds(60 * minute));
        }
        assertThat(found).containsExactly("a", "b");
    }

    @Test
    void aLateDocumentIsFoundWithinBufferTime() throws Exception {
        run(rule("type: any"), T0);
        index.add("late", T0.minusSeconds(230));
        run(rule("type: any"), T0.plusSeconds(60));
        assertThat(found).containsExactly("late");
    }

    @Test
    void theTimeOfAnOutageIsCoveredAfterIt() throws Exception {
        run(rule("type: any"), T0);
        for (int i = 1; i <= 120; i++) {
            index.add("d" + i, T0.plusSeconds(30 * i));
        }
        index.failNext(1);
        assertThatThrownBy(() -> run(rule("type: any"), T0.plusSeconds(1800)))
                .isInstanceOf(Search.FailedException.class);
        run(rule("type: any"), T0.plusSeconds(3600));
        assertThat(found).hasSize(120).doesNotHaveDuplicates();
    }

    @Test
    void nothingIsDoubledWhenAnOutageBeginsDuringARun() throws Exception {
        run(rule("type: any"), T0);
        for (int i = 1; i <= 40; i++) {
            index.add("d" + i, T0.plusSeconds(60 * i));
        }
        Rule rule = rule("type: any");
        AtomicInteger calls = new AtomicInteger();
        Search breaksAtTheThird = request -> calls.incrementAndGet() == 3
                ? CompletableFuture.failedFuture(new Search.FailedException("gone", null))
                : index.ask(request);
        assertThatThrownBy(() -> result(new RuleRun(rule, state, breaksAtTheThird, WIDE, T0.plusSeconds(2400))))
                .isInstanceOf(Search.FailedException.class);
        run(rule, T0.plusSeconds(2460));
        assertThat(found).hasSize(40).doesNotHaveDuplicates();
    }

    @Test
    void aDocumentOnTwoPagesIsCountedOnce() throws Exception {
        for (int i = 0; i < 25; i++) {
            index.add("d" + i, T0.minusSeconds(60 + i));
        }
        assertThat(run(rule("type: any", "max_query_size: 10"), T0).hits()).isEqualTo(25);
    }

    @Test
    void documentsOfOneInstantOnTwoPagesAreRead() throws Exception {
        for (int i = 0; i < 25; i++) {
            index.add("d" + i, T0.minusSeconds(60));
        }
        run(rule("type: any", "max_query_size: 10"), T0);
        assertThat(found).hasSize(25).doesNotHaveDuplicates();
    }

    @Test
    void theNextRunReadsWhatIsBeyondTheLimit() throws Exception {
        bounds = new RuleRun.Bounds(20, 1_000, 1_000_000, Duration.ofDays(7));
        for (int i = 0; i < 95; i++) {
            index.add("d" + i, T0.minusSeconds(200).plusMillis(100 * i));
        }
        int runs = 0;
        while (!run(rule("type: any", "max_query_size: 10"), T0).complete()) {
            assertThat(++runs).isLessThan(20);
        }
        assertThat(runs).isGreaterThan(2);
        assertThat(found).hasSize(95).doesNotHaveDuplicates();
        run(rule("type: any", "max_query_size: 10"), T0.plusSeconds(10));
        assertThat(found).hasSize(95);
    }

    @Test
    void nothingIsDoubledWithMoreDocumentsThanAreRemembered() throws Exception {
        bounds = new RuleRun.Bounds(1_000, 1_000, 50, Duration.ofDays(7));
        for (int minute = 0; minute < 10; minute++) {
            for (int i = 0; i < 20; i++) {
                index.add("d" + minute + "-" + i, T0.plusSeconds(60 * minute + i));
            }
            run(rule("type: any"), T0.plusSeconds(60 * minute + 30));
        }
        assertThat(found).hasSize(200).doesNotHaveDuplicates();
    }

    @Test
    void aWindowIsKeptBetweenRuns() throws Exception {
        Rule rule = rule("type: frequency", "num_events: 3", "timeframe: {minutes: 5}");
        index.add("a", T0.minusSeconds(50)).add("b", T0.minusSeconds(40));
        run(rule, T0);
        index.add("c", T0.plusSeconds(50));
        run(rule, T0.plusSeconds(60));
        assertThat(found).containsExactly("c");
    }

    @Test
    void aWindowIsKeptWhenAnEditDoesNotChangeItsMeaning() throws Exception {
        index.add("a", T0.minusSeconds(50)).add("b", T0.minusSeconds(40));
        run(rule("type: frequency", "num_events: 5", "timeframe: {minutes: 5}"), T0);
        index.add("c", T0.plusSeconds(50));
        run(
                rule("type: frequency", "num_events: 3", "timeframe: {minutes: 5}", "realert: {minutes: 9}"),
                T0.plusSeconds(60));
        assertThat(found).containsExactly("c");
    }

    @Test
    void aWindowIsDroppedWhenAnEditChangesItsMeaning() throws Exception {
        index.add("a", T0.minusSeconds(50), "host", "x").add("b", T0.minusSeconds(40), "host", "x");
        run(rule("type: frequency", "num_events: 3", "timeframe: {minutes: 5}"), T0);
        index.add("c", T0.plusSeconds(50), "host", "x");
        Rule edited = rule("type: frequency", "num_events: 3", "timeframe: {minutes: 5}", "query_key: host");
        state = readBack(state, "before", edited.fingerprint());
        run(edited, T0.plusSeconds(60));
        assertThat(found).isEmpty();
    }

    @Test
    void aRuleGoesOnWhenNoDocumentThatItTookIsFoundAgain() throws Exception {
        index.add("a", T0.minusSeconds(50), "host", "x").add("b", T0.minusSeconds(40), "host", "x");
        run(rule("type: any", "filter: [{term: {host: x}}]"), T0);
        index.add("c", T0.plusSeconds(30), "host", "y");
        run(rule("type: any", "filter: [{term: {host: y}}]"), T0.plusSeconds(60));
        assertThat(found).containsExactly("a", "b", "c");
    }

    @Test
    void aDocumentWithoutATimeIsReportedAndSkipped() throws Exception {
        index.add("a", T0.minusSeconds(50), "@timestamp", "tomorrow").add("b", T0.minusSeconds(40));
        RuleRun.Result result = run(rule("type: any"), T0);
        assertThat(found).containsExactly("b");
        assertThat(result.unusable())
                .singleElement()
                .satisfies(unusual -> assertThat(unusual.reason()).contains("@timestamp"));
        assertThat(run(rule("type: any"), T0.plusSeconds(30)).unusable()).isEmpty();
    }

    @Test
    void countsHaveNoGapsAndNoOverlaps() throws Exception {
        Rule rule = rule(
                "type: frequency",
                "num_events: 1000000",
                "timeframe: {hours: 1}",
                "use_count_query: true",
                "run_every: {seconds: 60}");
        for (int i = 0; i < 600; i++) {
            index.add("d" + i, T0.plusSeconds(i));
        }
        long hits = 0;
        for (int at : new int[] {0, 61, 119, 300, 599}) {
            hits += run(rule, T0.plusSeconds(at)).hits();
        }
        assertThat(hits).isEqualTo(600);
    }

    @Test
    void theNoticeNamesTheSkippedTime() throws Exception {
        run(rule("type: any"), T0);
        RuleRun.Result result = run(rule("type: any"), T0.plus(Duration.ofDays(30)));
        assertThat(result.notice()).contains("2024-03-31T11:55:00Z").contains("watch.catch-up-limit");
    }

    @Test
    void aDocumentIsFetchedOnceThoughItsTimeIsQueriedAgain() throws Exception {
        Rule rule = rule("type: any", "realert: {minutes: 0}");
        for (int second = 0; second < 600; second++) {
            index.add("d" + second, T0.plusSeconds(second));
            if (second % 10 == 9) {
                run(rule, T0.plusSeconds(second));
            }
        }
        assertThat(found).hasSize(600);
        assertThat(index.fetched).isEqualTo(600);
    }

    @Test
    void documentsTakenBeforeCountAsHits() throws Exception {
        index.add("a", T0.minusSeconds(100)).add("b", T0.minusSeconds(10));
        run(rule("type: any"), T0);
        index.add("c", T0.plusSeconds(5));
        RuleRun.Result result = run(rule("type: any"), T0.plusSeconds(10));
        assertThat(result.hits()).isEqualTo(3);
        assertThat(result.fresh()).isEqualTo(1);
    }

    @Test
    void wholeDocumentsAreFetchedOnlyForMatchesThatMayBeAlerted() throws Exception {
        for (int i = 0; i < 50; i++) {
            index.add("d" + i, T0.minusSeconds(i + 1), "host", i % 2 == 0 ? "x" : "y", "text", "long text " + i);
        }
        RuleRun.Result result = run(rule("type: any", "query_key: host"), T0);
        assertThat(result.matches()).hasSize(50);
        assertThat(result.matches().stream().filter(m -> m.containsKey("text")).map(m -> m.get("_id")))
                .containsExactly("d49", "d48");
        assertThat(index.fetched).isEqualTo(52);
    }

    @Test
    void theMatchOfAWindowHasItsWholeDocument() throws Exception {
        Rule rule = rule("type: frequency", "num_events: 3", "timeframe: {minutes: 5}");
        index.add("a", T0.minusSeconds(50), "text", "A").add("b", T0.minusSeconds(40), "text", "B");
        run(rule, T0);
        index.add("c", T0.plusSeconds(50), "text", "C");
        assertThat(run(rule, T0.plusSeconds(60)).matches())
                .singleElement()
                .satisfies(m -> assertThat(m).containsEntry("text", "C"));
    }

    @Test
    void lateDocumentsAreAddedToACount() throws Exception {
        Rule rule = rule("type: frequency", "num_events: 3", "timeframe: {minutes: 5}", "use_count_query: true");
        index.add("a", T0.minusSeconds(30));
        run(rule, T0);
        run(rule, T0.plusSeconds(60));
        index.add("late", T0.minusSeconds(20)).add("later", T0.plusSeconds(20));
        RuleRun.Result result = run(rule, T0.plusSeconds(120));
        assertThat(result.matches()).hasSize(1);
        assertThat(result.hits()).isEqualTo(2);
        assertThat(run(rule, T0.plusSeconds(180)).hits()).isZero();
    }

    @Test
    void oneQueryCountsAllSegmentsOfALongGap() throws Exception {
        Rule rule = rule("type: frequency", "num_events: 1000000", "timeframe: {hours: 1}", "use_count_query: true");
        run(rule, T0);
        for (int i = 1; i <= 60; i++) {
            index.add("d" + i, T0.plusSeconds(60 * i));
        }
        int before = index.requests;
        assertThat(run(rule, T0.plusSeconds(3600)).hits()).isEqualTo(60);
        assertThat(index.requests - before).isEqualTo(1);
    }

    @Test
    void noThreadWaitsForAnswers() throws Exception {
        index.add("a", T0.minusSeconds(50));
        CompletableFuture<Search.Answer> answer = new CompletableFuture<>();
        Search slow = request -> answer.thenCompose(done -> index.ask(request));
        CompletableFuture<RuleRun.Result> result =
                new RuleRun(rule("type: any", "realert: {minutes: 0}"), state, slow, WIDE, T0).run();
        assertThat(result).isNotDone();
        answer.complete(null);
        assertThat(result.get().fresh()).isEqualTo(1);
    }

    @Test
    void nothingIsQueriedBeforeTheStartOfARule() throws Exception {
        index.add("a", T0.minusSeconds(50));
        state = RuleState.startingAt(T0.plusSeconds(60));
        RuleRun.Result early = run(rule("type: any"), T0);
        assertThat(early.complete()).isTrue();
        assertThat(index.requests).isZero();
        index.add("b", T0.plusSeconds(70));
        run(rule("type: any"), T0.plusSeconds(120));
        assertThat(found).containsExactly("b");
    }

    @Test
    void aDocumentThatCameLateDuringAnOutageIsFound() throws Exception {
        run(rule("type: any"), T0);
        index.add("late", T0.minusSeconds(120));
        run(rule("type: any"), T0.plusSeconds(3600));
        assertThat(found).containsExactly("late");
    }
}
