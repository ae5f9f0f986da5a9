package serai.watch.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import serai.watch.query.ElasticsearchQuery;
import serai.watch.query.ElasticsearchResponse;
import serai.watch.query.Query;
import serai.watch.query.Search;
import serai.watch.query.Window;
import serai.watch.rule.Event;
import serai.watch.rule.Recordings;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/**
 * Replays the steps of a recorded rule type; its state is written and read again between steps, like at a restart. A
 * step that failed in ElastAlert, and disabled the rule there, must not fail here; {@link MalformedDataTest} tests the
 * result.
 */
public final class RuleTypeRecordings {

    /** The current time in the recordings. */
    private static final Instant T0 = Instant.parse("2024-03-01T12:00:00Z");

    private record Found(int step, JsonNode match, String text) {}

    private final Rule rule;
    private final JsonNode recorded;
    private final List<Found> found = new ArrayList<>();
    private JsonNode state = MissingNode.getInstance();
    private int documents;

    private RuleTypeRecordings(JsonNode recorded, Path folder) throws RuleException {
        this.recorded = recorded;
        this.rule = rule(recorded, folder);
    }

    public static void play(JsonNode recorded) throws Exception {
        Path folder = Files.createTempDirectory("case");
        try {
            for (Map.Entry<String, JsonNode> file : recorded.path("files").properties()) {
                Files.writeString(folder.resolve(file.getKey()), file.getValue().asText());
            }
            if (failedAtTheBaseline(recorded)) {
                assertThat(RuleType.open(rule(recorded, folder), MissingNode.getInstance())
                                .baseline(T0))
                        .isNotEmpty();
                return;
            }
            if (recorded.has("expected_load_error") || recorded.has("expected_load_crash")) {
                assertThatThrownBy(() -> rule(recorded, folder)).isInstanceOf(RuleException.class);
                return;
            }
            new RuleTypeRecordings(recorded, folder).play();
        } finally {
            delete(folder);
        }
    }

    /** ElastAlert refuses a rule whose baseline query fails; here the query is repeated at the next run. */
    private static boolean failedAtTheBaseline(JsonNode recorded) {
        return recorded.path("expected_load_error").asText().contains("Error searching for existing terms");
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private static Rule rule(JsonNode recorded, Path folder) throws RuleException {
        try {
            Rule rule =
                    Recordings.rule(Recordings.JSON.readTree(recorded.toString().replace("$TMP", folder.toString())));
            RuleTypes.check(rule);
            return rule;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void play() throws Exception {
        baseline();
        for (int step = 0; step < recorded.get("steps").size(); step++) {
            RuleType type = RuleType.open(rule, state);
            feed(type, step);
            for (Map<String, Object> match : type.takeMatches()) {
                if (step < failing()) {
                    found.add(new Found(step, Recordings.json(match), type.matchText(match)));
                }
            }
            state = Recordings.json(type.state());
        }
        assertThat(found)
                .isEqualTo(
                        StreamSupport.stream(recorded.path("expected_matches").spliterator(), false)
                                .map(m -> new Found(
                                        m.get("step").asInt(),
                                        m.get("match"),
                                        m.get("text").asText()))
                                .toList());
    }

    /** The responses are used one after the other, the last one repeatedly. */
    private void baseline() {
        RuleType type = RuleType.open(rule, state);
        List<Query.FieldValues> queries = type.baseline(T0);
        JsonNode expected = recorded.path("expected_baseline_queries");
        for (int i = 0; i < expected.size(); i++) {
            ElasticsearchQuery sent = ElasticsearchQuery.of(queries.get(i));
            assertThat(String.join(",", sent.indices()))
                    .isEqualTo(expected.get(i).get("index").asText());
            assertThat((JsonNode) sent.body()).isEqualTo(expected.get(i).get("body"));
        }
        assertThat(expected.isMissingNode() ? queries.size() : expected.size()).isEqualTo(queries.size());
        if (!queries.isEmpty()) {
            JsonNode responses = recorded.path("baseline_responses");
            for (int i = 0; i < queries.size(); i++) {
                JsonNode response = responses.path(Math.min(i, responses.size() - 1));
                type.takeBaseline(
                        queries.get(i),
                        answer(queries.get(i), response.path("aggregations")).buckets());
            }
            type.endBaseline();
            state = Recordings.json(type.state());
            assertThat(RuleType.open(rule, state).baseline(T0)).isEmpty();
        }
    }

    /** The step at which ElastAlert failed, if it did. */
    private int failing() {
        return recorded.at("/expected_error/step").asInt(Integer.MAX_VALUE);
    }

    private void feed(RuleType type, int number) throws Event.NoTimeException {
        JsonNode step = recorded.get("steps").get(number);
        if (step.has("add_data")) {
            List<Event> events = new ArrayList<>();
            for (Map<String, Object> fields : Recordings.matches(step.get("add_data"))) {
                Map<String, Object> source = new LinkedHashMap<>(fields);
                Object id = source.remove("_id");
                Object index = source.remove("_index");
                documents++;
                try {
                    events.add(Event.of(
                            rule,
                            source,
                            index == null ? "idx" : index.toString(),
                            id == null ? "e" + documents : id.toString()));
                } catch (Event.NoTimeException e) {
                    // rejected here; ElastAlert aborts the run or disables the rule
                    if (number < failing()) {
                        throw e;
                    }
                }
            }
            type.addDocuments(events);
        } else if (step.has("add_count_data")) {
            JsonNode count = step.get("add_count_data");
            type.addCount(time(count), count.get("count").asLong());
        } else if (step.has("add_terms_data")) {
            Map<Object, Long> buckets = new LinkedHashMap<>();
            step.get("add_terms_data")
                    .get("buckets")
                    .forEach(b -> buckets.put(
                            Recordings.JSON.convertValue(b.get("key"), Object.class),
                            b.get("doc_count").asLong()));
            type.addTerms(time(step.get("add_terms_data")), buckets);
        } else if (step.has("add_aggregation_data")) {
            JsonNode data = step.get("add_aggregation_data");
            type.addBuckets(time(data), buckets(rule, data.get("payload")));
        } else {
            type.collectGarbage(Instant.parse(step.get("garbage_collect").asText()));
        }
    }

    static List<Search.Bucket> buckets(Rule rule, JsonNode aggregations) {
        return answer(new Query.Metrics(rule, new Window(Instant.EPOCH, T0), Instant.EPOCH), aggregations)
                .buckets();
    }

    private static Search.Answer answer(Query query, JsonNode aggregations) {
        ObjectNode given = aggregations.isObject() ? (ObjectNode) aggregations : Recordings.JSON.createObjectNode();
        return new ElasticsearchResponse(List.of(), null, 0, given).answer(query);
    }

    private static Instant time(JsonNode answer) {
        return Instant.parse(answer.get("endtime").asText());
    }
}
