package serai.watch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import serai.watch.rule.Recordings;

/** A recording with a fault of upstream equals a replay with that fault, and no other replay. */
class EngineFaultTest {

    /** Half of the events before a restart and half after it; upstream sent no alert. */
    private static final String RESTART = """
            {"config": {"run_every": {"minutes": 1}, "buffer_time": {"minutes": 15}},
             "rules": [{"name": "case", "index": "idx", "alert": "record", "type": "frequency", "num_events": 2,
                        "timeframe": {"minutes": 5}}],
             "docs": [{"_id": "1", "_source": {"@timestamp": "2024-03-01T11:59:50Z"}},
                      {"_id": "2", "_source": {"@timestamp": "2024-03-01T12:00:50Z"}}],
             "expected_timeline": [
                 {"at": "2024-03-01T12:00:00Z", "do": "run", "alerts": [], "writeback": [
                     {"doc": "status", "body": {"rule_name": "case", "starttime": "2024-03-01T11:45:00Z", "endtime": "2024-03-01T12:00:00Z",
                                                "matches": 0, "hits": 1}}]},
                 {"at": "2024-03-01T12:00:30Z", "do": "%s", "set": {"description": "new"}, "alerts": [], "writeback": []},
                 {"at": "2024-03-01T12:01:00Z", "do": "run", "alerts": [], "writeback": [
                     {"doc": "status", "body": {"rule_name": "case", "starttime": "%s", "endtime": "2024-03-01T12:01:00Z",
                                                "matches": 0, "hits": %d}}]}]}""";

    private static JsonNode recorded(String step, String start, int hits) throws Exception {
        return Recordings.JSON.readTree(RESTART.formatted(step, start, hits));
    }

    @Test
    void stateLostByARestartIsRecognised() throws Exception {
        JsonNode recorded = recorded("restart", "2024-03-01T12:00:00Z", 1);
        assertThat(EngineRecordings.faults(recorded)).containsExactly(EngineFault.LOSES_STATE_AT_RESTART);
        EngineRecordings.replay(recorded, new InMemoryEnvironment());
        assertThat(EngineRecordings.alertedIds(EngineRecordings.steps(recorded, new InMemoryEnvironment())))
                .containsExactly("2");
    }

    @Test
    void stateLostByAnEditIsRecognised() throws Exception {
        JsonNode recorded = recorded("edit_rule", "2024-03-01T11:46:00Z", 2);
        assertThat(EngineRecordings.faults(recorded)).containsExactly(EngineFault.LOSES_STATE_AT_EDIT);
        EngineRecordings.replay(recorded, new InMemoryEnvironment());
    }

    @Test
    void anotherDifferenceIsNotTakenForAFault() throws Exception {
        assertThatThrownBy(() -> EngineRecordings.replay(
                        recorded("restart", "2024-03-01T12:00:00Z", 2), new InMemoryEnvironment()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("hits");
        assertThatThrownBy(() -> EngineRecordings.replay(
                        recorded("pending", "2024-03-01T11:46:00Z", 2), new InMemoryEnvironment()))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("matches");
    }
}
