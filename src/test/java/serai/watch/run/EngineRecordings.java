package serai.watch.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import serai.watch.alert.Silence;

/**
 * Compares a replayed timeline with the recorded one, step by step: alerts, silences, the documents of matches, the end
 * and the matches of each run, and which rules do not run. Hits are compared where both queried the same time: after a
 * restart Serai queries more, since late documents count. A rule that crashed in the recording is compared up to the
 * crash; after that it must go on running, since no exception stops a rule of Serai. While nothing could be written in
 * the recording, only alerts are compared.
 */
public final class EngineRecordings {

    /** Kinds of requests that only read. */
    private static final Set<String> READING = Set.of("search", "count", "scroll", "clear_scroll");

    private static final String HITS = "num_hits";
    private static final String[] WHEN_TOLD = {
        "top_events_", "rule_param_", "enhanced", "kibana_discover_url", "opensearch_discover_url"
    };
    private static final Comparator<List<Object>> BY_RULE =
            Comparator.comparing(document -> document.get(0).toString());
    private static final Pattern CRASH = Pattern.compile("Uncaught exception running rule (.*?): .*", Pattern.DOTALL);

    private final EngineReplay replay;
    private final Set<JsonNode> otherHits = new HashSet<>();
    private final Map<String, List<Object>> silences = new LinkedHashMap<>();
    private final Set<String> crashed = new HashSet<>();
    private final Set<String> unwritten = new HashSet<>();
    private boolean writable = true;

    private EngineRecordings(EngineReplay replay) {
        this.replay = replay;
    }

    /**
     * Replays a recording and compares. When the two differ, a replay with the faults of upstream that the recording
     * may show must equal the recording; the replay without them must alert each match once and must not fail.
     */
    public static void replay(JsonNode recorded, EngineEnvironment environment) throws Exception {
        compare(recorded, environment, faults(recorded));
    }

    /** The faults of upstream that a recording shows; none when Serai does the same. */
    public static Set<EngineFault> faults(JsonNode recorded) throws Exception {
        Set<EngineFault> possible = EngineFault.possible(recorded);
        if (possible.isEmpty()) {
            return possible;
        }
        try {
            compare(recorded, new InMemoryEnvironment(), Set.of());
            return Set.of();
        } catch (AssertionError differs) {
            assertAlertedOnce(steps(recorded, new InMemoryEnvironment()));
            return possible;
        }
    }

    private static void compare(JsonNode recorded, EngineEnvironment environment, Set<EngineFault> faults)
            throws Exception {
        EngineRecordings comparison = new EngineRecordings(new EngineReplay(recorded, environment, faults));
        for (JsonNode step : recorded.get("expected_timeline")) {
            comparison.compare(step, comparison.replay.step(step));
        }
    }

    private static void assertAlertedOnce(List<EngineReplay.Step> steps) {
        assertThat(steps.stream()
                        .flatMap(step -> step.alerts().stream())
                        .flatMap(alert -> list(alert.get("matches")).stream()
                                .filter(match -> match.has("_id"))
                                .map(match -> List.of(
                                        alert.get("rule"),
                                        match.get("_index"),
                                        match.get("_id"),
                                        match.path("@timestamp"),
                                        match.path("key"),
                                        match.path("new_field"),
                                        match.path("missing_field")))))
                .as("alerts without upstream's faults")
                .doesNotHaveDuplicates();
    }

    /** Replays a timeline without comparing it. */
    public static List<EngineReplay.Step> steps(JsonNode recorded, EngineEnvironment environment) throws Exception {
        EngineReplay replay = new EngineReplay(recorded, environment, Set.of());
        List<EngineReplay.Step> steps = new ArrayList<>();
        for (JsonNode step : recorded.get("expected_timeline")) {
            steps.add(replay.step(step));
        }
        return steps;
    }

    /** The ids of the alerted documents, in order; the times of matches that are not documents. */
    public static List<String> alertedIds(List<EngineReplay.Step> steps) {
        return steps.stream()
                .flatMap(step -> step.alerts().stream())
                .flatMap(alert -> list(alert.get("matches")).stream())
                .map(match -> match.path("_id").asText(match.path("@timestamp").asText()))
                .toList();
    }

    private void compare(JsonNode step, EngineReplay.Step replayed) {
        String name = step.get("do").asText() + " at " + step.get("at").asText();
        written(step, "error").stream()
                .map(body -> CRASH.matcher(body.get("message").asText()))
                .filter(Matcher::matches)
                .forEach(crash -> crashed.add(crash.group(1)));
        if (step.get("do").asText().startsWith("outage")) {
            writable = READING.containsAll(
                    list(step.path("kinds")).stream().map(JsonNode::asText).toList());
        }
        if (writable) {
            statuses(name, step, replayed);
            documents(name, step, replayed);
        }
        if (step.get("do").asText().equals("run")) {
            indices(name, step, replayed);
        }
        assertThat(alerts(replayed.alerts(), step))
                .as("alerts of " + name)
                .isEqualTo(alerts(list(step.path("alerts")), step));
        silences(name, step, replayed);
        Set<String> disabled = new HashSet<>();
        step.path("disabled_rules").forEach(rule -> disabled.add(rule.asText()));
        disabled.removeAll(crashed);
        assertThat(replayed.disabled()).as("disabled rules of " + name).isEqualTo(disabled);
    }

    private void statuses(String name, JsonNode step, EngineReplay.Step replayed) {
        List<JsonNode> expected = written(step, "status").stream()
                .filter(body -> !isCrashed(body))
                .sorted(Comparator.comparing(body -> body.get("rule_name").asText()))
                .toList();
        List<EngineReplay.Status> statuses = replayed.statuses().stream()
                .filter(status -> !crashed.contains(status.rule()))
                .sorted(Comparator.comparing(EngineReplay.Status::rule))
                .toList();
        assertThat(statuses)
                .as("runs of " + name)
                .extracting(EngineReplay.Status::rule)
                .isEqualTo(expected.stream()
                        .map(status -> status.get("rule_name").asText())
                        .toList());
        if (step.get("do").asText().equals("run")) {
            assertThat(Stream.concat(
                            replayed.statuses().stream().map(EngineReplay.Status::rule), replayed.failed().stream()))
                    .as("runs of " + name)
                    .containsAll(crashed);
        }
        for (int i = 0; i < expected.size(); i++) {
            EngineReplay.Status status = statuses.get(i);
            assertThat(status.end())
                    .as("end of " + name)
                    .isEqualTo(time(expected.get(i).get("endtime")));
            assertThat(status.start())
                    .as("start of " + name)
                    .isBeforeOrEqualTo(time(expected.get(i).get("starttime")));
            assertThat(status.matches())
                    .as("matches of " + name)
                    .isEqualTo(expected.get(i).get("matches").asLong());
            if (time(expected.get(i).get("starttime")).equals(status.start())) {
                assertThat(status.hits())
                        .as("hits of " + name)
                        .isEqualTo(expected.get(i).get("hits").asLong());
            } else {
                List<JsonNode> alerted = new ArrayList<>(written(step, "alert").stream()
                        .map(alert -> alert.get("match_body"))
                        .toList());
                list(step.path("alerts")).forEach(alert -> alerted.addAll(list(alert.get("matches"))));
                alerted.forEach(match -> otherHits.add(withoutHits(match)));
            }
        }
    }

    private boolean isCrashed(JsonNode body) {
        return crashed.contains(body.get("rule_name").asText());
    }

    /**
     * Every index that a run of upstream searched must be searched. Outside of runs upstream also reads top counts, and
     * known terms.
     */
    private static void indices(String name, JsonNode step, EngineReplay.Step replayed) {
        Set<String> expected = new HashSet<>();
        list(step.path("data_queries")).stream()
                .filter(query -> query.has("index"))
                .forEach(query ->
                        expected.addAll(List.of(query.get("index").asText().split(","))));
        Set<String> requested = new HashSet<>();
        replayed.requests().forEach(request -> requested.addAll(request.indices()));
        assertThat(requested).as("indices of " + name).containsAll(expected);
    }

    /** The alerts of a step by their rules: upstream changes the order of the rules after an edit. */
    private List<JsonNode> alerts(List<JsonNode> alerts, JsonNode step) {
        return alerts.stream()
                .filter(alert -> !crashed.contains(alert.get("rule").asText()))
                .map(alert -> plain(alert, step))
                .sorted(Comparator.comparing(alert -> alert.get("rule").asText()))
                .toList();
    }

    /**
     * An alert without the counts of hits of another time. Top counts of an alert that is sent later are those of the
     * time when it was found; upstream reads them again.
     */
    private JsonNode plain(JsonNode alert, JsonNode step) {
        ObjectNode plain = alert.deepCopy();
        if (list(alert.get("matches")).stream().anyMatch(match -> otherHits.contains(withoutHits(match)))) {
            plain.put("title", alert.get("title").asText().replaceAll("\\d+", "#"));
        }
        plain.putArray("matches")
                .addAll(list(alert.get("matches")).stream()
                        .map(this::plainMatch)
                        .map(match -> step.get("do").asText().equals("pending") ? without(match, "top_events_") : match)
                        .toList());
        return plain;
    }

    private static JsonNode without(JsonNode match, String... beginnings) {
        ObjectNode plain = match.deepCopy();
        plain.properties().removeIf(field -> Stream.of(beginnings).anyMatch(field.getKey()::startsWith));
        return plain;
    }

    private JsonNode plainMatch(JsonNode match) {
        return otherHits.contains(withoutHits(match)) ? without(match, HITS) : match;
    }

    private static JsonNode withoutHits(JsonNode match) {
        return without(without(match, WHEN_TOLD), HITS);
    }

    private void documents(String name, JsonNode step, EngineReplay.Step replayed) {
        boolean later = step.get("do").asText().equals("pending");
        List<List<Object>> expected = written(step, "alert").stream()
                .filter(body -> !isCrashed(body))
                .map(body -> document(
                        body.get("rule_name").asText(),
                        body.get("alert_sent").asBoolean(),
                        time(body.get("alert_time")),
                        time(body.get("match_time")),
                        body.get("match_body"),
                        later))
                .sorted(BY_RULE)
                .toList();
        assertThat(replayed.documents().stream()
                        .filter(document -> !crashed.contains(document.rule()))
                        .map(document -> document(
                                document.rule(),
                                document.sent(),
                                document.alertTime(),
                                document.matchTime(),
                                document.match(),
                                later))
                        .sorted(BY_RULE))
                .as("documents of " + name)
                .isEqualTo(expected);
    }

    /** Upstream adds fields to a pending match when its alert is sent; Serai has added them before. */
    private List<Object> document(
            String rule, boolean sent, Instant alertTime, Instant matchTime, JsonNode match, boolean later) {
        JsonNode plain = plainMatch(match);
        return List.of(
                rule,
                sent,
                alertTime,
                matchTime,
                !sent && !later ? without(plain, WHEN_TOLD) : later ? without(plain, "top_events_") : plain);
    }

    /**
     * The silence of each key that ends last, which is the one that upstream uses: its end and exponent. No other key
     * is silenced.
     */
    private void silences(String name, JsonNode step, EngineReplay.Step replayed) {
        written(step, "silence")
                .forEach(body -> silences.merge(
                        body.get("rule_name").asText(),
                        List.of(time(body.get("until")), body.get("exponent").asInt()),
                        (old, one) -> ((Instant) one.get(0)).isBefore((Instant) old.get(0)) ? old : one));
        Map<String, List<Object>> found = new LinkedHashMap<>();
        Instant now = time(step.get("at"));
        for (Silence silence : replayed.silences()) {
            if (!writable && !silences.containsKey(silence.key()) || crashed.contains(silence.rule())) {
                unwritten.add(silence.key());
            }
            if (unwritten.contains(silence.key())) {
                silences.remove(silence.key());
            } else if (silences.containsKey(silence.key()) || silence.isActive(now)) {
                found.put(silence.key(), List.of(silence.until(), silence.exponent()));
            }
        }
        assertThat(found).as("silences after " + name).containsExactlyInAnyOrderEntriesOf(silences);
    }

    private static List<JsonNode> written(JsonNode step, String kind) {
        return list(step.path("writeback")).stream()
                .filter(one -> one.path("doc").asText().equals(kind))
                .map(one -> one.get("body"))
                .toList();
    }

    private static Instant time(JsonNode text) {
        return EngineReplay.instant(text);
    }

    private static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }
}
