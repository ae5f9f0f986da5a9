package serai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import serai.demo.ElasticsearchNode;
import serai.demo.SeraiProcess;
import serai.demo.SlackDouble;
import serai.demo.WebhookDouble;
import serai.testing.ProjectFolder;
import serai.testing.TestDatabase;
import serai.testing.TestElasticsearch;
import serai.watch.RunningWatch;

/** A process whose servers have names with underscores, as services of docker-compose have. */
class UnderscoreHostsIT {

    private static final String INDEX = "underscore-hosts";

    @Test
    void aRuleReachesServersWhoseNamesHaveUnderscores() throws Exception {
        ElasticsearchNode elasticsearch = TestElasticsearch.node();
        Path folder = Files.createTempDirectory(
                Files.createDirectories(Path.of("target", "underscore-it")).toAbsolutePath(), "project");
        ProjectFolder.copyTo(
                folder, "application.properties", "routes/watch/**", "routes/kamelets/**", "sql/schema/**");
        Path hosts = Files.writeString(
                folder.resolve("hosts"), "127.0.0.1 localhost es_node_1 slack_double alert_manager_1\n");
        try (TestDatabase database = new TestDatabase();
                SlackDouble slack = SlackDouble.start();
                WebhookDouble services = WebhookDouble.start()) {
            String alertmanager = services.service("/api/v2/alerts").replace("/api/v2/alerts", "");
            RunningWatch.writeRule(folder, "underscores.yaml", """
                    name: Underscores
                    type: any
                    index: %s
                    es_host: es_node_1
                    es_port: %d
                    run_every: {seconds: 1}
                    alert: [slack, alertmanager]
                    slack_webhook_url: %s
                    alertmanager_hosts: ["%s"]
                    alertmanager_api_version: v2
                    """.formatted(
                            INDEX,
                            URI.create(elasticsearch.url()).getPort(),
                            slack.webhook("ops").replace("127.0.0.1", "slack_double"),
                            alertmanager.replace("127.0.0.1", "alert_manager_1")));
            elasticsearch.index(
                    INDEX, List.of(Map.of("@timestamp", Instant.now().toString(), "message", "one")));
            Map<String, String> settings = new HashMap<>();
            settings.put("jdk.net.hosts.file", hosts.toString());
            URI jdbc = URI.create(database.url().substring("jdbc:".length()));
            settings.put("warehouse.url", "jdbc:" + jdbc);
            try (SeraiProcess serai = SeraiProcess.start(folder, settings)) {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> slack.messages().size() == 1
                                && services.posts("/api/v2/alerts").size() == 1);
            }
            assertThat(database.value("select status from meta.rules")).isEqualTo("ok");
        } finally {
            elasticsearch.deleteIndex(INDEX);
        }
    }
}
