package serai.watch.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import serai.watch.query.MemoryIndex;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.rule.RuleFile;

class AlertDeciderPropertyTest {

    private static final Instant T0 = Instant.parse("2024-03-01T12:00:00Z");
    private static final String[] KEYS = {"a", "b", "c"};

    private static AlertRule rule(String lines) throws RuleException {
        String text = "name: r\ntype: any\nindex: logs\nalert: debug\nquery_key: user\n" + lines;
        return AlertRule.of(
                Rule.of(RuleFile.read(text, name -> null), Path.of("routes/alerts/r.yaml"), Map.of(), ZoneOffset.UTC));
    }

    private static List<Map<String, Object>> matches(List<Integer> keys) {
        List<Map<String, Object>> matches = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            Map<String, Object> match =
                    new LinkedHashMap<>(Map.of("@timestamp", T0.toString(), "_id", "d" + i, "_index", "logs"));
            match.put("user", KEYS[keys.get(i)]);
            matches.add(match);
        }
        return matches;
    }

    private static void run(AlertRule rule, List<Map<String, Object>> matches, int second, InMemoryAlertStore store) {
        AlertDecider decider = new AlertDecider(List.of(), Map.of());
        Instant now = T0.plusSeconds(second);
        decider.decide(
                rule,
                decider.prepare(rule, matches, 0, now, store, new MemoryIndex()).join(),
                now,
                store);
    }

    private static List<Object> alertedIds(InMemoryAlertStore store) {
        return store.takeQueued().stream()
                .flatMap(queued -> queued.alert().matches().stream())
                .map(match -> match.get("_id"))
                .toList();
    }

    /** A run that is split into two leads to the same alerts. */
    @Property(tries = 200)
    void alertsAreTheSameHoweverMatchesAreSplitIntoRuns(
            @ForAll @Size(max = 12) List<@IntRange(max = 2) Integer> keys,
            @ForAll @IntRange(max = 12) int cut,
            @ForAll boolean realert)
            throws RuleException {
        AlertRule rule = rule("realert: {minutes: " + (realert ? 1 : 0) + "}");
        List<Map<String, Object>> matches = matches(keys);
        InMemoryAlertStore whole = new InMemoryAlertStore();
        run(rule, matches, 0, whole);
        InMemoryAlertStore parts = new InMemoryAlertStore();
        int at = Math.min(cut, matches.size());
        run(rule, matches.subList(0, at), 0, parts);
        run(rule, matches.subList(at, matches.size()), 0, parts);
        assertThat(alertedIds(parts)).isEqualTo(alertedIds(whole));
        assertThat(parts.silences())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("alertId")
                .containsExactlyInAnyOrderElementsOf(whole.silences());
    }

    /** A run that is repeated after its commit leads to no other alert. */
    @Property(tries = 200)
    void aMatchThatIsFoundAgainIsAlertedOnce(
            @ForAll @Size(max = 12) List<@IntRange(max = 2) Integer> keys,
            @ForAll @IntRange(max = 200) int later,
            @ForAll boolean grouped)
            throws RuleException {
        AlertRule rule = rule(grouped ? "aggregation: {minutes: 1}" : "realert: {minutes: 0}");
        List<Map<String, Object>> matches = matches(keys);
        InMemoryAlertStore store = new InMemoryAlertStore();
        run(rule, matches, 0, store);
        run(rule, matches, later, store);
        new AlertDecider(List.of(), Map.of()).release(name -> rule, T0.plusSeconds(10_000), store);
        assertThat(alertedIds(store)).doesNotHaveDuplicates().hasSize(matches.size());
    }

    /** Every match is alerted, or counted in an alert, or counted by its silence. */
    @Property(tries = 200)
    void everyMatchIsAlertedOrCountedAsSuppressed(
            @ForAll @Size(max = 30) List<@IntRange(max = 2) Integer> keys,
            @ForAll @IntRange(min = 1, max = 90) int step)
            throws RuleException {
        AlertRule rule = rule("realert: {minutes: 1}\nexponential_realert: {minutes: 4}");
        InMemoryAlertStore store = new InMemoryAlertStore();
        List<Map<String, Object>> matches = matches(keys);
        for (int i = 0; i < matches.size(); i++) {
            run(rule, List.of(matches.get(i)), i * step, store);
        }
        List<InMemoryAlertStore.QueuedAlert> queued = store.takeQueued();
        long counted = queued.stream()
                        .mapToLong(one -> one.alert().suppressed())
                        .sum()
                + store.silences().stream().mapToLong(Silence::suppressed).sum();
        assertThat(queued.size() + counted).isEqualTo(matches.size());
    }

    /** Matches of one key do not change the alerts of another. */
    @Property(tries = 200)
    void matchesOfOneKeyDoNotChangeTheAlertsOfAnother(
            @ForAll @Size(max = 20) List<@IntRange(max = 2) Integer> keys,
            @ForAll @IntRange(min = 1, max = 90) int step)
            throws RuleException {
        AlertRule rule = rule("realert: {minutes: 1}\nexponential_realert: {hours: 1}");
        List<Map<String, Object>> matches = matches(keys);
        InMemoryAlertStore together = new InMemoryAlertStore();
        InMemoryAlertStore alone = new InMemoryAlertStore();
        for (int i = 0; i < matches.size(); i++) {
            run(rule, List.of(matches.get(i)), i * step, together);
            run(rule, keys.get(i) == 0 ? List.of(matches.get(i)) : List.of(), i * step, alone);
        }
        Set<Object> ofA = new TreeSet<>();
        together.takeQueued().stream()
                .map(one -> one.alert().matches().get(0))
                .filter(match -> match.get("user").equals("a"))
                .forEach(match -> ofA.add(match.get("_id")));
        assertThat(ofA).isEqualTo(new TreeSet<>(alertedIds(alone)));
    }
}
