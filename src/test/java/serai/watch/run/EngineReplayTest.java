package serai.watch.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import serai.watch.rule.Recordings;

/** Edits while a rule runs, as timelines in the form of the recordings. */
class EngineReplayTest {

    private static final String COUNTING = """
            {"config": {"run_every": {"minutes": 1}, "buffer_time": {"minutes": 15}},
             "rules": [{"name": "case", "index": "idx", "alert": "record", "type": "frequency", "num_events": 2,
                        "timeframe": {"minutes": 10}, "use_count_query": true}],
             "docs": [{"_id": "1", "_source": {"@timestamp": "2024-03-01T11:59:50Z"}},
                      {"_id": "2", "_source": {"@timestamp": "2024-03-01T12:01:50Z"}}],
             "expected_timeline": [{"at": "2024-03-01T12:00:00Z", "do": "run"},
                                   {"at": "2024-03-01T12:00:30Z", "do": "edit_rule", "set": %s},
                                   {"at": "2024-03-01T12:01:00Z", "do": "run"},
                                   {"at": "2024-03-01T12:02:00Z", "do": "run"}]}""";

    private static List<EngineReplay.Step> play(String set) throws Exception {
        JsonNode recorded = Recordings.JSON.readTree(COUNTING.formatted(set));
        return EngineRecordings.steps(recorded, new InMemoryEnvironment());
    }

    @Test
    void countsBeforeAnEditAreKept() throws Exception {
        List<EngineReplay.Step> steps = play("{\"realert\": {\"minutes\": 5}}");
        assertThat(EngineRecordings.alertedIds(steps)).containsExactly("2024-03-01T12:02:00Z");
        assertThat(steps.get(3).silences())
                .singleElement()
                .satisfies(silence -> assertThat(silence.until()).isEqualTo("2024-03-01T12:07:00Z"));
    }

    @Test
    void noDocumentIsCountedTwiceAfterAnEdit() throws Exception {
        List<EngineReplay.Step> steps = play("{\"num_events\": 3}");
        assertThat(EngineRecordings.alertedIds(steps)).isEmpty();
        assertThat(steps.stream()
                        .flatMap(step -> step.statuses().stream())
                        .mapToLong(EngineReplay.Status::hits)
                        .sum())
                .isEqualTo(2);
    }

    @Test
    void aDisabledRuleDoesNotRun() throws Exception {
        List<EngineReplay.Step> steps = play("{\"is_enabled\": false}");
        assertThat(steps.get(2).statuses()).isEmpty();
        assertThat(steps.get(2).disabled()).containsExactly("case");
    }

    @Test
    void aRenamedRuleKeepsItsState() throws Exception {
        List<EngineReplay.Step> steps = play("{\"name\": \"renamed\"}");
        assertThat(steps.get(3).statuses())
                .extracting(EngineReplay.Status::rule)
                .containsExactly("renamed");
        assertThat(EngineRecordings.alertedIds(steps)).containsExactly("2024-03-01T12:02:00Z");
    }
}
