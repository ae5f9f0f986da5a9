package serai.watch.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import serai.watch.alert.AlertDecision.Outcome;
import serai.watch.message.Alert;
import serai.watch.query.MemoryIndex;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.rule.RuleFile;

class AlertDeciderTest {

    private static final Instant T0 = Instant.parse("2024-03-01T12:00:00Z");

    private final InMemoryAlertStore store = new InMemoryAlertStore();
    private final Map<String, Enhancement> enhancements = new LinkedHashMap<>(Map.of(
            "test.Drop",
            (rule, match) -> {
                if (match.containsKey("drop")) {
                    throw new Enhancement.DropMatchException();
                }
                match.put("enhanced", true);
            },
            "test.Breaks",
            (rule, match) -> {
                throw new IllegalStateException("broken");
            }));
    private final List<MatchEnricher> enrichers = new ArrayList<>();
    private AlertRule rule;

    private void rule(String... lines) throws RuleException {
        String text = "name: r\ntype: any\nindex: logs\nalert: debug\n" + String.join("\n", lines);
        enhancements.putAll(Enhancement.BUILT_IN);
        rule = AlertRule.of(
                Rule.of(RuleFile.read(text, name -> null), Path.of("routes/alerts/r.yaml"), Map.of(), ZoneOffset.UTC));
    }

    private static Map<String, Object> match(String id, Object... fields) {
        Map<String, Object> match =
                new LinkedHashMap<>(Map.of("@timestamp", T0.toString(), "_id", id, "_index", "logs"));
        for (int i = 0; i < fields.length; i += 2) {
            match.put((String) fields[i], fields[i + 1]);
        }
        return match;
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private final List<Outcome> run(int second, Map<String, Object>... matches) {
        Instant now = T0.plusSeconds(second);
        AlertDecider decider = new AlertDecider(enrichers, enhancements);
        List<Finding> findings = decider.prepare(rule, List.of(matches), matches.length, now, store, new MemoryIndex())
                .join();
        return decider.decide(rule, findings, now, store).stream()
                .map(AlertDecision::outcome)
                .toList();
    }

    private List<Alert> release(int second) {
        new AlertDecider(enrichers, enhancements).release(name -> rule, T0.plusSeconds(second), store);
        return alerts();
    }

    private List<Alert> alerts() {
        return store.takeQueued().stream()
                .map(InMemoryAlertStore.QueuedAlert::alert)
                .toList();
    }

    private static List<Object> ids(Alert alert) {
        return alert.matches().stream().map(match -> match.get("_id")).toList();
    }

    private Duration silence(String key, int second) {
        return Duration.between(
                T0.plusSeconds(second), store.silence(key).orElseThrow().until());
    }

    @Test
    void aFlatlineMatchWithoutAValueHasAKeyOfItsOwn() throws Exception {
        rule("query_key: host", "realert: {minutes: 5}");
        AlertRule any = rule;
        String text =
                "name: r\ntype: flatline\nthreshold: 1\ntimeframe: {minutes: 5}\nindex: logs\nalert: debug\nquery_key: host\n"
                        + "realert: {minutes: 5}";
        rule = AlertRule.of(
                Rule.of(RuleFile.read(text, name -> null), Path.of("routes/alerts/r.yaml"), Map.of(), ZoneOffset.UTC));
        assertThat(run(0, match("1", "key", null))).containsExactly(Outcome.ALERTED);
        assertThat(silence("r.None", 0)).isEqualTo(Duration.ofMinutes(5));
        rule = any;
        assertThat(run(0, match("2", "key", null))).containsExactly(Outcome.ALERTED);
    }

    @Test
    void aKeyIsSilencedForAMinuteByDefault() throws RuleException {
        rule("query_key: user");
        assertThat(run(0, match("1", "user", "a"), match("2", "user", "a"), match("3", "user", "b")))
                .containsExactly(Outcome.ALERTED, Outcome.SILENCED, Outcome.ALERTED);
        assertThat(run(59, match("4", "user", "a"))).containsExactly(Outcome.SILENCED);
        assertThat(run(60, match("5", "user", "a"))).containsExactly(Outcome.ALERTED);
        assertThat(store.silences()).extracting(Silence::key).containsExactlyInAnyOrder("r.a", "r.b");
    }

    @Test
    void theNextAlertCountsTheSilencedMatches() throws RuleException {
        rule("realert: {minutes: 1}");
        run(0, match("1"), match("2"), match("3"));
        run(30, match("4"));
        run(60, match("5"), match("6"));
        run(120, match("7"));
        assertThat(alerts()).extracting(Alert::suppressed).containsExactly(0L, 3L, 1L);
    }

    @Test
    void matchesOfASilencedRuleAreCounted() throws RuleException {
        rule("realert: {minutes: 0}");
        store.setSilence(Silence.of(Silence.keyOfRule("r"), "r", T0.plusSeconds(100)));
        assertThat(run(0, match("1"), match("2"))).containsExactly(Outcome.SILENCED, Outcome.SILENCED);
        run(100, match("3"), match("4"));
        assertThat(alerts()).extracting(Alert::suppressed).containsExactly(2L, 0L);
    }

    @Test
    void anExponentialSilenceDoublesUpToItsMaximum() throws RuleException {
        rule("realert: {minutes: 1}", "exponential_realert: {minutes: 5}");
        List<Duration> silences = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < 5; i++) {
            run(at, match("m" + i));
            silences.add(silence("r", at));
            at += (int) silences.get(i).toSeconds();
        }
        assertThat(silences).extracting(Duration::toMinutes).containsExactly(1L, 2L, 4L, 5L, 5L);
    }

    @Test
    void anExponentialSilenceHalvesWithoutMatches() throws RuleException {
        rule("realert: {minutes: 1}", "exponential_realert: {hours: 1}");
        run(0, match("1"));
        run(60, match("2"));
        run(180, match("3"));
        assertThat(silence("r", 180)).isEqualTo(Duration.ofMinutes(4));
        // seven minutes past its end: four are taken for the step from 4 to 2, two for that from 2 to 1
        run(180 + 4 * 60 + 7 * 60, match("4"));
        assertThat(silence("r", 180 + 11 * 60)).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void aMatchThatAnEnhancementDropsSetsNoSilence() throws RuleException {
        rule("match_enhancements: [test.Drop]");
        assertThat(run(0, match("1", "drop", true), match("2"), match("3")))
                .containsExactly(Outcome.DROPPED, Outcome.ALERTED, Outcome.SILENCED);
        assertThat(alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.matches().get(0)).containsEntry("enhanced", true).containsEntry("num_matches", 3);
            assertThat(alert.suppressed()).isZero();
        });
    }

    @Test
    void aMatchIsAlertedWhenItsEnhancementFails() throws RuleException {
        rule("match_enhancements: [test.Breaks]");
        assertThat(run(0, match("1"))).containsExactly(Outcome.ALERTED);
    }

    @Test
    void timeEnhancementWritesTheTimeAsMessagesDo() throws RuleException {
        rule("match_enhancements: [elastalert.enhancements.TimeEnhancement]");
        run(0, match("1"));
        assertThat(alerts().get(0).matches().get(0)).containsEntry("@timestamp", "2024-03-01 12:00 UTC");
    }

    @Test
    void onlyMatchesThatMayBeAlertedAreEnriched() throws RuleException {
        rule("query_key: user");
        List<Object> enriched = new ArrayList<>();
        enrichers.add((alertRule, match, now, search) -> CompletableFuture.runAsync(() -> {
            synchronized (enriched) {
                enriched.add(match.get("_id"));
            }
        }));
        run(0, match("1", "user", "a"), match("2", "user", "a"), match("3", "user", "b"));
        run(30, match("4", "user", "a"));
        assertThat(enriched).containsExactlyInAnyOrder("1", "3");
    }

    @Test
    void anAlertIsSentWithoutWhatAFailedEnricherAdds() throws RuleException {
        rule("realert: {minutes: 0}");
        enrichers.add((alertRule, match, now, search) ->
                CompletableFuture.failedFuture(new IllegalStateException("out of order")));
        enrichers.add((alertRule, match, now, search) -> {
            throw new IllegalStateException("out of order");
        });
        assertThat(run(0, match("1"), match("2"))).containsExactly(Outcome.ALERTED, Outcome.ALERTED);
    }

    @Test
    void aMatchIsAlertedOnceHoweverOftenItIsFound() throws RuleException {
        rule("realert: {minutes: 0}");
        run(0, match("1"), match("2"));
        assertThat(run(60, match("2"), match("3"))).containsExactly(Outcome.REPEATED, Outcome.ALERTED);
        assertThat(alerts()).flatExtracting(AlertDeciderTest::ids).containsExactly("1", "2", "3");
    }

    @Test
    void ruleParamsAreAddedToMatches() throws RuleException {
        rule("owner: me", "include_rule_params_in_matches: [owner, nothing]");
        enrichers.add(new RuleParams());
        run(0, match("1"));
        assertThat(alerts().get(0).matches().get(0))
                .containsEntry("rule_param_owner", "me")
                .containsEntry("rule_param_nothing", null);
    }

    @Test
    void ruleParamsAreInTheFirstMatchOfAGroupOnlyWhenTheRuleAsksForThem() throws RuleException {
        rule(
                "owner: me",
                "include_rule_params_in_matches: [owner]",
                "include_rule_params_in_first_match_only: true",
                "aggregation: {minutes: 1}");
        enrichers.add(new RuleParams());
        run(0, match("1"), match("2"));
        assertThat(release(61).get(0).matches())
                .extracting(match -> match.get("rule_param_owner"))
                .containsExactly("me", null);
    }

    @Test
    void aGroupIsSentAtTheTimesOfACronExpressionInTheZoneOfTheRule() throws RuleException {
        rule("aggregation: {schedule: '0 14 * * *'}", "timezone: Europe/Berlin");
        assertThat(run(0, match("1"))).containsExactly(Outcome.GROUPED);
        run(1800, match("2"));
        assertThat(release(3600)).isEmpty();
        assertThat(release(3601))
                .singleElement()
                .satisfies(alert -> assertThat(ids(alert)).containsExactly("1", "2"));
        run(3700, match("3"));
        assertThat(store.pendingGroups("r"))
                .singleElement()
                .satisfies(group -> assertThat(group.alertAt()).isEqualTo("2024-03-02T13:00:00Z"));
    }

    @Test
    void matchesAreGroupedByTheAggregationKey() throws RuleException {
        rule("aggregation: {minutes: 2}", "aggregation_key: user");
        run(0, match("1", "user", "a"), match("2", "user", "b"), match("3", "user", "a"));
        run(60, match("4", "user", "c"), match("5", "user", "b"));
        assertThat(release(121))
                .extracting(AlertDeciderTest::ids)
                .containsExactly(List.of("1", "3"), List.of("2", "5"));
        assertThat(release(181)).extracting(AlertDeciderTest::ids).containsExactly(List.of("4"));
    }

    @Test
    void aGroupThatIsTooLargeForOneMessageIsSentInSeveral() throws RuleException {
        rule("aggregation: {minutes: 2}", "max_aggregation: 2");
        run(0, match("1"), match("2"), match("3"), match("4"));
        assertThat(release(121))
                .extracting(AlertDeciderTest::ids)
                .containsExactly(List.of("1", "2", "3"), List.of("4"));
    }

    @Test
    void anAlertTimeLimitOfZeroIsNoLimitForGroups() throws RuleException {
        rule("aggregation: {minutes: 2}", "alert_time_limit: {minutes: 0}");
        run(0, match("1"));
        assertThat(release(121)).hasSize(1);
    }

    @Test
    void aGroupThatIsLaterThanTheAlertTimeLimitIsDropped() throws RuleException {
        rule("aggregation: {minutes: 2}", "alert_time_limit: {minutes: 5}");
        run(0, match("1"));
        assertThat(release(121 + 301)).isEmpty();
        assertThat(store.pendingGroups("r")).isEmpty();
    }

    @Test
    void aGroupOfARuleThatDoesNotRunIsKept() throws RuleException {
        rule("aggregation: {minutes: 2}");
        run(0, match("1"));
        new AlertDecider(enrichers, enhancements).release(name -> null, T0.plusSeconds(200), store);
        assertThat(alerts()).isEmpty();
        assertThat(release(300)).hasSize(1);
    }

    @Test
    void aResolutionIsSentOnceWhenNoMatchCame() throws RuleException {
        rule("realert: {minutes: 1}", "resolve_after: {minutes: 5}", "query_key: user");
        run(0, match("1", "user", "a"));
        alerts();
        run(30, match("2", "user", "a"));
        store.setCoveredUntil("r", T0.plusSeconds(329));
        assertThat(release(400)).isEmpty();
        store.setCoveredUntil("r", T0.plusSeconds(330));
        assertThat(release(400)).singleElement().satisfies(alert -> {
            assertThat(alert.resolved()).isTrue();
            assertThat(alert.key()).isEqualTo("r.a");
            assertThat(alert.since()).isEqualTo(T0);
            assertThat(alert.suppressed()).isEqualTo(1);
            assertThat(ids(alert)).containsExactly("1");
        });
        assertThat(release(500)).isEmpty();
    }

    @Test
    void noResolutionIsSentWhileTheRuleDoesNotCoverTheTime() throws RuleException {
        rule("resolved: true", "realert: {minutes: 5}");
        run(0, match("1"));
        alerts();
        store.setCoveredUntil("r", T0.plusSeconds(60));
        assertThat(release(86_400)).isEmpty();
    }

    @Test
    void theResolutionOfAGroupIsSentAfterTheGroup() throws RuleException {
        rule("aggregation: {hours: 1}", "resolve_after: {minutes: 5}");
        run(0, match("1"));
        store.setCoveredUntil("r", T0.plusSeconds(3599));
        assertThat(release(3599)).isEmpty();
        store.setCoveredUntil("r", T0.plusSeconds(3601));
        assertThat(release(3601)).extracting(Alert::resolved).containsExactly(false, true);
    }

    @Test
    void aDurationIsAddedToMatchesAsText() throws RuleException {
        rule("include_rule_params_in_matches: [realert]", "realert: {minutes: 5}");
        enrichers.add(new RuleParams());
        run(0, match("1"));
        assertThat(alerts().get(0).matches().get(0)).containsEntry("rule_param_realert", "0:05:00");
    }

    @Test
    void theKeysOfLongValuesAreBoundedAndDistinct() throws RuleException {
        rule("query_key: text");
        String longText = "x".repeat(100_000);
        assertThat(run(
                        0,
                        match("1", "text", longText),
                        match("2", "text", longText + "y"),
                        match("3", "text", longText)))
                .containsExactly(Outcome.ALERTED, Outcome.ALERTED, Outcome.SILENCED);
        assertThat(store.silences())
                .allSatisfy(silence ->
                        assertThat(silence.key()).hasSizeLessThan(300).startsWith("r.xxx"));
    }

    @Test
    void anAlertAfterAResolutionFiresFromItsOwnTime() throws RuleException {
        rule("realert: {minutes: 1}", "resolve_after: {minutes: 5}");
        run(0, match("1"));
        store.setCoveredUntil("r", T0.plusSeconds(300));
        release(301);
        run(400, match("2"));
        store.setCoveredUntil("r", T0.plusSeconds(700));
        assertThat(release(701))
                .filteredOn(Alert::resolved)
                .singleElement()
                .satisfies(alert -> assertThat(alert.since()).isEqualTo(T0.plusSeconds(400)));
    }
}
