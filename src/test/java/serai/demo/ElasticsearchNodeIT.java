package serai.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.json.jackson.JacksonJsonpMapper;
import co.elastic.clients.transport.rest_client.RestClientTransport;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.http.HttpHost;
import org.awaitility.Awaitility;
import org.elasticsearch.client.RestClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.testing.TestElasticsearch;

class ElasticsearchNodeIT {

    @Test
    void theNodeAnswersTheClientThatCamelUses() throws Exception {
        ElasticsearchNode node = TestElasticsearch.node();
        node.createIndex("node-it", """
                {"settings":{"number_of_replicas":0},
                 "mappings":{"properties":{"level":{"type":"keyword"},"@timestamp":{"type":"date"}}}}""");
        node.index(
                "node-it",
                IntStream.range(0, 30)
                        .mapToObj(i -> Map.of(
                                "_id",
                                "d" + i,
                                "level",
                                i % 3 == 0 ? "error" : "info",
                                "@timestamp",
                                "2026-03-01T00:00:" + String.format("%02d", i) + "Z"))
                        .toList());
        try (RestClient rest = RestClient.builder(HttpHost.create(node.url())).build();
                RestClientTransport transport = new RestClientTransport(rest, new JacksonJsonpMapper())) {
            ElasticsearchClient client = new ElasticsearchClient(transport);
            assertThat(client.info().version().number()).startsWith("8.19.");
            assertThat(client.ping().value()).isTrue();
            assertThat(client.count(c -> c.index("node-it")
                                    .query(q -> q.term(t -> t.field("level").value("error"))))
                            .count())
                    .isEqualTo(10);
            var search = client.search(
                    s -> s.index("node-it")
                            .query(q -> q.queryString(
                                    x -> x.query("level:error AND @timestamp:[2026-03-01T00:00:15Z TO *]"))),
                    Map.class);
            assertThat(search.hits().total().value()).isEqualTo(5);
            var many = client.msearch(
                    m -> m.searches(
                            s -> s.header(h -> h.index("node-it")).body(b -> b.withJson(new StringReader("""
                    {"size":0,"track_total_hits":true,"aggs":{"levels":{"terms":{"field":"level"}}}}""")))),
                    JsonNode.class);
            var levels = many.responses()
                    .get(0)
                    .result()
                    .aggregations()
                    .get("levels")
                    .sterms()
                    .buckets()
                    .array();
            assertThat(levels)
                    .extracting(b -> b.key().stringValue() + " " + b.docCount())
                    .containsExactly("info 20", "error 10");
            assertThat(client.deleteByQuery(d -> d.index("node-it")
                                    .query(q -> q.term(t -> t.field("level").value("error")))
                                    .refresh(true))
                            .deleted())
                    .isEqualTo(10);
            assertThat(client.count(c -> c.index("node-it")).count()).isEqualTo(20);
        }
        node.deleteIndex("node-it");
        assertThatThrownBy(() -> node.send("GET", "/node-it/_search", null))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("index_not_found");
    }

    @Test
    void aClosedNodeLeavesNoFilesAndNoProcess(@TempDir Path dir) throws Exception {
        Path home = dir.resolve("node");
        ProcessHandle process;
        try (ElasticsearchNode node = ElasticsearchNode.start(home)) {
            process = ProcessHandle.of(node.pid()).orElseThrow();
            node.index("a", List.of(Map.of("x", 1)));
            assertThat(URI.create(node.url()).getHost()).isEqualTo("127.0.0.1");
            assertThat(process.isAlive()).isTrue();
        }
        assertThat(process.isAlive()).isFalse();
        assertThat(Files.exists(home)).isFalse();
    }

    @Test
    void theNodeEndsWhenItsParentIsKilled(@TempDir Path dir) throws Exception {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        Parent.class.getName(),
                        dir.resolve("node").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        ProcessHandle node = ProcessHandle.of(
                        Long.parseLong(parent.inputReader().readLine()))
                .orElseThrow();
        assertThat(node.isAlive()).isTrue();
        parent.destroyForcibly().waitFor();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !node.isAlive());
    }

    /** Starts a node, prints its process id and waits to be killed. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] args) throws Exception {
            System.out.println(ElasticsearchNode.start(Path.of(args[0])).pid());
            System.in.read();
        }
    }
}
