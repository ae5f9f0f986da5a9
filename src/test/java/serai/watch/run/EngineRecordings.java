package serai.watch.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import serai.watch.alert.Silence;

/**
 * Compares a played timeline with the recorded one, step by step: alerts, silences, the documents of matches, how far each run came and
 * what it found, and which rules do not run. Hits are compared where both asked for the same time: after a restart more is asked here,
 * since late documents count.
 */
public final class EngineRecordings {

    private final EnginePlay play;
    private final Set<JsonNode> otherHits = new HashSet<>();
    private final Map<String, List<Object>> silences = new LinkedHashMap<>();

    private EngineRecordings(EnginePlay play) {
        this.play = play;
    }

    public static void play(JsonNode recorded, EngineWorld world) throws Exception {
        EngineRecordings comparison = new EngineRecordings(new EnginePlay(recorded, world));
        for (JsonNode step : recorded.get("expected_timeline")) {
            comparison.compare(step, comparison.play.step(step));
        }
    }

    private void compare(JsonNode step, EnginePlay.Step played) {
        String name = step.get("do").asText() + " at " + step.get("at").asText();
        statuses(name, step, played);
        assertThat(played.alerts().stream().map(this::plain).toList()).as("alerts of " + name)
                .isEqualTo(list(step.path("alerts")).stream().map(this::plain).toList());
        documents(name, step, played);
        silences(name, step, played);
        Set<String> disabled = new HashSet<>();
        step.path("disabled_rules").forEach(rule -> disabled.add(rule.asText()));
        assertThat(played.disabled()).as("disabled rules of " + name).isEqualTo(disabled);
    }

    private void statuses(String name, JsonNode step, EnginePlay.Step played) {
        List<JsonNode> expected = written(step, "status");
        assertThat(played.statuses()).as("runs of " + name).extracting(EnginePlay.Status::rule)
                .isEqualTo(expected.stream().map(status -> status.get("rule_name").asText()).toList());
        for (int i = 0; i < expected.size(); i++) {
            EnginePlay.Status status = played.statuses().get(i);
            assertThat(status.end()).as("end of " + name).isEqualTo(time(expected.get(i).get("endtime")));
            assertThat(status.matches()).as("matches of " + name).isEqualTo(expected.get(i).get("matches").asLong());
            if (time(expected.get(i).get("starttime")).equals(status.start())) {
                assertThat(status.hits()).as("hits of " + name).isEqualTo(expected.get(i).get("hits").asLong());
            } else {
                List<JsonNode> told = new ArrayList<>(written(step, "alert").stream().map(alert -> alert.get("match_body")).toList());
                list(step.path("alerts")).forEach(alert -> told.addAll(list(alert.get("matches"))));
                told.forEach(match -> otherHits.add(withoutHits(match)));
            }
        }
    }

    /** An alert without the counts of hits that were counted over another time. */
    private JsonNode plain(JsonNode alert) {
        ObjectNode plain = alert.deepCopy();
        plain.putArray("matches").addAll(list(alert.get("matches")).stream().map(this::plainMatch).toList());
        return plain;
    }

    private JsonNode plainMatch(JsonNode match) {
        JsonNode without = withoutHits(match);
        return otherHits.contains(without) ? without : match;
    }

    private static JsonNode withoutHits(JsonNode match) {
        return ((ObjectNode) match.deepCopy()).without("num_hits");
    }

    private void documents(String name, JsonNode step, EnginePlay.Step played) {
        List<Object> expected = written(step, "alert").stream().map(body -> (Object) List.of(body.get("rule_name").asText(),
                body.get("alert_sent").asBoolean(), time(body.get("alert_time")), time(body.get("match_time")),
                plainMatch(body.get("match_body")))).toList();
        assertThat(played.documents().stream().map(document -> (Object) List.of(document.rule(), document.sent(), document.alertTime(),
                document.matchTime(), plainMatch(document.match()))).toList()).as("documents of " + name).isEqualTo(expected);
    }

    /** The last word on each key: until when, and the exponent; no other key is silenced. */
    private void silences(String name, JsonNode step, EnginePlay.Step played) {
        written(step, "silence").forEach(body -> silences.put(body.get("rule_name").asText(),
                List.of(time(body.get("until")), body.get("exponent").asInt())));
        Map<String, List<Object>> found = new LinkedHashMap<>();
        Instant now = time(step.get("at"));
        for (Silence silence : played.silences()) {
            if (silences.containsKey(silence.key()) || silence.silences(now)) {
                found.put(silence.key(), List.of(silence.until(), silence.exponent()));
            }
        }
        assertThat(found).as("silences after " + name).containsExactlyInAnyOrderEntriesOf(silences);
    }

    private static List<JsonNode> written(JsonNode step, String kind) {
        return list(step.path("writeback")).stream().filter(one -> one.path("doc").asText().equals(kind)).map(one -> one.get("body")).toList();
    }

    private static Instant time(JsonNode text) {
        return EnginePlay.instant(text);
    }

    private static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }
}
