package serai.watch.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import serai.watch.rule.Event;
import serai.watch.rule.Recordings;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/** Plays the steps of a recorded rule type; what it remembers is written and read back between steps, as at a restart. */
public final class RuleTypeRecordings {

    private record Found(int step, JsonNode match, String text) {
    }

    private RuleTypeRecordings() {
    }

    public static void play(JsonNode recorded) throws Exception {
        if (recorded.has("expected_load_error")) {
            assertThatThrownBy(() -> Recordings.rule(recorded)).isInstanceOf(RuleException.class);
            return;
        }
        Rule rule = Recordings.rule(recorded);
        List<Found> found = new ArrayList<>();
        JsonNode state = MissingNode.getInstance();
        int document = 0;
        for (int step = 0; step < recorded.get("steps").size(); step++) {
            RuleType type = RuleType.open(rule, state);
            document = feed(rule, type, recorded.get("steps").get(step), document);
            for (Map<String, Object> match : type.takeMatches()) {
                found.add(new Found(step, Recordings.json(match), type.matchText(match)));
            }
            state = Recordings.json(type.state());
        }
        assertThat(found).isEqualTo(StreamSupport.stream(recorded.get("expected_matches").spliterator(), false)
                .map(m -> new Found(m.get("step").asInt(), m.get("match"), m.get("text").asText())).toList());
    }

    private static int feed(Rule rule, RuleType type, JsonNode step, int before) throws Exception {
        int document = before;
        if (step.has("add_data")) {
            List<Event> events = new ArrayList<>();
            for (Map<String, Object> fields : Recordings.matches(step.get("add_data"))) {
                Map<String, Object> source = new LinkedHashMap<>(fields);
                Object id = source.remove("_id");
                Object index = source.remove("_index");
                document++;
                events.add(Event.of(rule, source, index == null ? "idx" : index.toString(), id == null ? "e" + document : id.toString()));
            }
            type.addDocuments(events);
        } else if (step.has("add_count_data")) {
            JsonNode count = step.get("add_count_data");
            type.addCount(Instant.parse(count.get("endtime").asText()), count.get("count").asLong());
        } else if (step.has("add_terms_data")) {
            Map<Object, Long> buckets = new LinkedHashMap<>();
            step.get("add_terms_data").get("buckets")
                    .forEach(b -> buckets.put(Recordings.JSON.convertValue(b.get("key"), Object.class), b.get("doc_count").asLong()));
            type.addTerms(Instant.parse(step.get("add_terms_data").get("endtime").asText()), buckets);
        } else {
            type.collectGarbage(Instant.parse(step.get("garbage_collect").asText()));
        }
        return document;
    }
}
