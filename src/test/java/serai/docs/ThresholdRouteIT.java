package serai.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.camel.component.quartz.QuartzComponent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quartz.JobKey;
import serai.demo.SearchFront;
import serai.demo.SlackDouble;
import serai.demo.SlackFailure;
import serai.testing.ProjectFolder;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;
import serai.testing.TestElasticsearch;
import serai.testing.Waiting;

/** The example of a threshold as a route, against a real node: answers of 429 and 500 on both sides lose nothing. */
class ThresholdRouteIT {

    private static final String FILE = "routes/watch/watch-errors.camel.yaml";
    private static final String INDEX = "product-logs-threshold";

    @TempDir
    Path folder;

    @Test
    void aThresholdThatIsPassedIsNotifiedOnceThoughElasticsearchAndSlackRefuseAtFirst() throws Exception {
        TestElasticsearch.node().createIndex(INDEX, """
                {"settings": {"number_of_replicas": 0},
                 "mappings": {"properties": {"level": {"type": "keyword"}, "@timestamp": {"type": "date"}}}}""");
        ProjectFolder.copyTo(
                        folder,
                        "routes/_errors.camel.yaml",
                        "routes/watch/{outbox,deliver*}.camel.yaml",
                        "routes/kamelets/notify-slack.kamelet.yaml")
                .write(
                        FILE,
                        Page.example(FILE)
                                .replace("0 0/5 * * * ?", "0 0 0 1 1 ? 2099")
                                .replace("redeliveryDelay: 2000", "redeliveryDelay: 100")
                                .replace("product-logs-*", INDEX));
        try (TestDatabase database = new TestDatabase();
                SlackDouble slack = SlackDouble.start();
                SearchFront front = SearchFront.start(TestElasticsearch.node().url());
                RunningSerai serai = RunningSerai.start(
                        folder,
                        database,
                        Map.of(
                                "watch.elasticsearch",
                                front.hostAddress(),
                                "watch.slack-webhook",
                                slack.webhook("a")))) {
            Waiting.soon().until(() -> serai.context().getRoute("watch-errors") != null);
            errors(100);
            fire(serai);
            Waiting.soon().until(() -> front.questions().size() == 1);

            errors(7);
            front.next((request, line) -> line.json(
                            429, "{\"error\": {\"type\": \"es_rejected\", \"reason\": \"full\"}, \"status\": 429}"))
                    .next((request, line) ->
                            line.json(500, "{\"error\": {\"type\": \"x\", \"reason\": \"y\"}, \"status\": 500}"));
            slack.retryAfter(1).next(SlackFailure.RATE_LIMITED, SlackFailure.ROLLUP_ERROR);
            fire(serai);
            Waiting.soon().until(() -> !slack.messages().isEmpty());
            fire(serai);
            Waiting.soon().until(() -> front.questions().size() == 5);
            Waiting.soon().until(() -> database.value("""
                            select 'x' from meta.outbox having count(*) = 1 and bool_and(status = 'sent')""") != null);
            assertThat(slack.messages().stream().map(SlackDouble.Post::text))
                    .containsExactly("107 errors within ten minutes.");
        } finally {
            TestElasticsearch.node().deleteIndex(INDEX);
        }
    }

    private static void errors(int count) throws Exception {
        TestElasticsearch.node()
                .index(
                        INDEX,
                        Collections.nCopies(
                                count,
                                Map.of(
                                        "level",
                                        "ERROR",
                                        "@timestamp",
                                        Instant.now().toString())));
        TestElasticsearch.node()
                .index(
                        INDEX,
                        List.of(Map.of(
                                "level", "INFO", "@timestamp", Instant.now().toString())));
        TestElasticsearch.node().refresh();
    }

    private static void fire(RunningSerai serai) throws Exception {
        serai.context()
                .getComponent("quartz", QuartzComponent.class)
                .getScheduler()
                .triggerJob(new JobKey("errors", "watch"));
    }
}
