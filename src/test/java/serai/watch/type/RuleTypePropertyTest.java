package serai.watch.type;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import serai.watch.rule.Event;
import serai.watch.rule.Recordings;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/** Properties of every rule type, for any data. */
class RuleTypePropertyTest {

    private static final Map<String, List<String>> RULES = rules();

    private static Map<String, List<String>> rules() {
        String frame = "timeframe: {minutes: 2}";
        String key = "query_key: host";
        Map<String, List<String>> rules = new LinkedHashMap<>();
        rules.put("any", List.of("type: any"));
        rules.put("blacklist", List.of("type: blacklist", "compare_key: value", "blacklist: [x, y]"));
        rules.put(
                "whitelist",
                List.of("type: whitelist", "compare_key: value", "whitelist: [x, y]", "ignore_null: true"));
        rules.put("change", List.of("type: change", "compare_key: value", key, "ignore_null: false", frame));
        rules.put("frequency", List.of("type: frequency", "num_events: 3", frame, key));
        rules.put("frequency related", List.of("type: frequency", "num_events: 3", frame, "attach_related: true"));
        rules.put(
                "spike", List.of("type: spike", "spike_height: 2", "spike_type: both", frame, key, "threshold_cur: 1"));
        rules.put("spike of all", List.of("type: spike", "spike_height: 1.5", "spike_type: both", frame));
        rules.put(
                "spike of a field",
                List.of("type: spike", "spike_height: 1.2", "spike_type: both", frame, "field_value: value"));
        rules.put(
                "spike of the past",
                List.of(
                        "type: spike",
                        "spike_height: 1.5",
                        "spike_type: both",
                        frame,
                        key,
                        "reference_offset: {minutes: 4}"));
        rules.put(
                "cardinality",
                List.of("type: cardinality", "cardinality_field: value", frame, key, "max_cardinality: 2"));
        rules.put(
                "low cardinality",
                List.of("type: cardinality", "cardinality_field: value", frame, key, "min_cardinality: 2"));
        rules.put(
                "new_term",
                List.of("type: new_term", "fields: [value, [host, value]]", "alert_on_missing_field: true"));
        rules.put("flatline", List.of("type: flatline", "threshold: 3", frame, key, "expected_keys: [b, z]"));
        rules.put("forgetting flatline", List.of("type: flatline", "threshold: 2", frame, key, "forget_keys: true"));
        return rules;
    }

    private record Given(int second, Object host, Object value) {}

    @Provide
    Arbitrary<List<Given>> stream() {
        Arbitrary<Object> hosts =
                Arbitraries.of("a", "b", "5", 5, true).map(Object.class::cast).injectNull(0.1);
        Arbitrary<Object> values = Arbitraries.of("x", "y", "z", "", 1, 2, 30, List.of("x", "z"), Map.of("p", 1))
                .map(Object.class::cast)
                .injectNull(0.1);
        return Combinators.combine(Arbitraries.integers().between(0, 1_200), hosts, values)
                .as(Given::new)
                .list()
                .ofMaxSize(80)
                .map(list -> list.stream()
                        .sorted(Comparator.comparingInt(Given::second))
                        .toList());
    }

    @Provide
    Arbitrary<String> rule() {
        return Arbitraries.of(RULES.keySet());
    }

    private static Rule rule(String name) throws RuleException {
        return ReplayedType.rule(RULES.get(name).toArray(String[]::new));
    }

    private static Event event(ReplayedType played, Given given) {
        return played.event(given.second, "host", given.host, "value", given.value);
    }

    private static List<Object> found(ReplayedType played) {
        return List.of(Recordings.json(played.matches()), played.texts());
    }

    @Property(tries = 300)
    void aRestartAtAnyTimeChangesNoMatch(@ForAll("rule") String name, @ForAll("stream") List<Given> stream)
            throws RuleException {
        assertThat(found(minuteByMinute(rule(name), stream, true)))
                .isEqualTo(found(minuteByMinute(rule(name), stream, false)));
    }

    private static ReplayedType minuteByMinute(Rule rule, List<Given> stream, boolean restarting) {
        ReplayedType played = ReplayedType.of(rule, restarting);
        for (int minute = 0; minute < 25; minute++) {
            int now = minute * 60;
            List<Event> page = new ArrayList<>();
            stream.stream()
                    .filter(g -> g.second > now - 60 && g.second <= now)
                    .forEach(g -> page.add(event(played, g)));
            played.page(page).time(now);
        }
        return played;
    }

    /**
     * flatline looks at the end of each page, as ElastAlert does: what it says of a moment is true, but pages choose
     * the moments.
     */
    @Property(tries = 300)
    void theSizeOfPagesChangesNoMatch(@ForAll("rule") String name, @ForAll("stream") List<Given> stream)
            throws RuleException {
        if (name.contains("flatline")) {
            return;
        }
        ReplayedType whole = ReplayedType.of(rule(name), false);
        whole.page(stream.stream().map(g -> event(whole, g)).toList());
        ReplayedType split = ReplayedType.of(rule(name), true);
        stream.forEach(g -> split.page(List.of(event(split, g))));
        assertThat(found(split)).isEqualTo(found(whole));
    }

    /**
     * Too few values are looked for in all keys whenever one has too few, as ElastAlert does: that moves matches of
     * others in time.
     */
    @Property(tries = 300)
    void oneKeyDoesNotChangeTheMatchesOfAnother(@ForAll("rule") String name, @ForAll("stream") List<Given> stream)
            throws RuleException {
        if (!RULES.get(name).contains("query_key: host") || name.equals("low cardinality")) {
            return;
        }
        for (String host : List.of("a", "b")) {
            List<Object> among = seconds(rule(name), stream, host);
            List<Object> alone = seconds(
                    rule(name), stream.stream().filter(g -> host.equals(g.host)).toList(), host);
            assertThat(among).as(name + " of " + host).isEqualTo(alone);
        }
    }

    /** One document a page, for the last of a page is looked at alone by flatline. */
    private static List<Object> seconds(Rule rule, List<Given> stream, String host) {
        ReplayedType played = ReplayedType.of(rule, false);
        int next = 0;
        for (int now = 0; now <= 1_500; now += 60) {
            while (next < stream.size() && stream.get(next).second <= now) {
                played.page(List.of(event(played, stream.get(next++))));
            }
            played.time(now);
        }
        return played.matches().stream()
                .filter(m -> Objects.equals(m.getOrDefault("key", m.get("host")), host))
                .map(m -> m.get("@timestamp"))
                .toList();
    }
}
