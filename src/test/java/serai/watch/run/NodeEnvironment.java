package serai.watch.run;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import serai.demo.ElasticsearchNode;
import serai.settings.Settings;
import serai.testing.TestElasticsearch;
import serai.watch.alert.AlertStore;
import serai.watch.alert.Silence;
import serai.watch.query.ElasticsearchQuery;
import serai.watch.query.ElasticsearchResponse;
import serai.watch.query.Search;
import serai.watch.query.SearchServers;
import serai.watch.search.BatchingSearch;

/**
 * Documents in a real Elasticsearch, indexed when they become searchable and searched through Serai's own route; the
 * alert store is that of another environment. Index names of the recordings get a prefix of their own for each case.
 */
final class NodeEnvironment implements EngineEnvironment {

    /** The node and the search route, for many cases. */
    record Connection(ElasticsearchNode node, CamelContext context, BatchingSearch search) implements AutoCloseable {

        static Connection open() throws Exception {
            ElasticsearchNode node = TestElasticsearch.node();
            node.send("PUT", "/_index_template/engine-cases", """
                    {"index_patterns": ["engine-case-*"], "template": {"settings": {"number_of_shards": 1, "number_of_replicas": 0},
                     "mappings": {"properties": {"@timestamp": {"type": "date"}}, "dynamic_templates": [{"texts":
                      {"match_mapping_type": "string", "mapping": {"type": "keyword", "fields": {"keyword": {"type": "keyword"}}}}}]}}}""");
            DefaultCamelContext context = new DefaultCamelContext();
            BatchingSearch search =
                    BatchingSearch.open(context, Settings.of(Map.of("watch.elasticsearch", node.hostAddress())));
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(PluginHelper.getResourceLoader(context)
                            .resolveResource("file:" + Path.of("routes/watch/search.camel.yaml")));
            context.start();
            return new Connection(node, context, search);
        }

        @Override
        public void close() {
            search.close();
            context.stop();
        }
    }

    private record Waiting(Search.Hit document, Instant visibleAt) {}

    private static final AtomicInteger CASES = new AtomicInteger();

    private final EngineEnvironment others = new InMemoryEnvironment();
    private final Connection connection;
    private final String prefix = "engine-case-" + CASES.incrementAndGet() + "-";
    private final List<Waiting> waiting = new ArrayList<>();
    private final List<ElasticsearchQuery> asked = new ArrayList<>();
    private Predicate<ElasticsearchQuery> failing = request -> false;
    private int succeeding;

    NodeEnvironment(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Search search() {
        SearchServers servers = request -> {
            asked.add(request);
            if (failing.test(request) && succeeding-- <= 0) {
                return CompletableFuture.failedFuture(new Search.FailedException("out of order", null));
            }
            List<String> indices = request.indices().stream()
                    .map(index -> index.startsWith(prefix) ? index : prefix + index)
                    .toList();
            return connection
                    .search()
                    .search(new ElasticsearchQuery(request.rule(), request.language(), indices, request.body()))
                    .thenApply(this::unnamed);
        };
        return servers;
    }

    private ElasticsearchResponse unnamed(ElasticsearchResponse answer) {
        return new ElasticsearchResponse(
                answer.hits().stream()
                        .map(hit -> new Search.Hit(hit.index().substring(prefix.length()), hit.id(), hit.source()))
                        .toList(),
                answer.last(),
                answer.total(),
                answer.aggregations());
    }

    @Override
    public void add(Search.Hit document, Instant visibleAt) {
        waiting.add(new Waiting(document, visibleAt));
    }

    @Override
    public void at(Instant now) throws Exception {
        Map<String, List<Map<String, Object>>> visible = new LinkedHashMap<>();
        for (Waiting one : List.copyOf(waiting)) {
            if (!one.visibleAt().isAfter(now)) {
                Map<String, Object> document =
                        new LinkedHashMap<>(one.document().source());
                document.put("_id", one.document().id());
                visible.computeIfAbsent(prefix + one.document().index(), index -> new ArrayList<>())
                        .add(document);
                waiting.remove(one);
            }
        }
        for (Map.Entry<String, List<Map<String, Object>>> index : visible.entrySet()) {
            connection.node().index(index.getKey(), index.getValue());
        }
        others.at(now);
    }

    @Override
    public void fail(Predicate<ElasticsearchQuery> which, int after) {
        failing = which;
        succeeding = after;
    }

    @Override
    public List<ElasticsearchQuery> takeRequests() {
        List<ElasticsearchQuery> taken = List.copyOf(asked);
        asked.clear();
        return taken;
    }

    @Override
    public void commit(Consumer<AlertStore> work) throws Exception {
        others.commit(work);
    }

    @Override
    public void covered(String rule, Instant end) throws Exception {
        others.covered(rule, end);
    }

    @Override
    public List<Silence> silences() throws Exception {
        return others.silences();
    }

    @Override
    public List<Queued> takeQueued() throws Exception {
        return others.takeQueued();
    }
}
