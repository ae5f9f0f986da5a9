package serai.watch.search;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.function.UnaryOperator;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.http.HttpMethods;
import org.apache.camel.support.LifecycleStrategySupport;
import serai.elasticsearch.ElasticsearchServer;
import serai.elasticsearch.ServerClient;
import serai.http.HttpClients;
import serai.watch.query.ElasticsearchQuery;
import serai.watch.query.ElasticsearchResponse;
import serai.watch.query.QueryLanguage;
import serai.watch.query.SearchServers;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/**
 * Puts the questions of all rules to their servers through one route, {@code direct:watch-search}, many in one request.
 * It goes by camel-http: camel-elasticsearch has no API key, no EQL, no ES|QL and no OpenSearch, closes a client that
 * routes share, and parses every answer into objects of its own.
 */
public final class BatchingSearch implements SearchServers, AutoCloseable {

    /**
     * What it may use.
     *
     * @param requests requests under way at one server
     * @param maxBytes of one answer, unpacked
     * @param questions that wait for one server
     */
    record Bounds(int requests, long maxBytes, int questions) {}

    private final CamelContext context;
    private final Servers servers;
    private final Bounds bounds;
    private final ProducerTemplate template;
    private final ExecutorService threads;
    private final SearchMetrics meters;
    private final SearchRequest call;
    private final Map<ElasticsearchServer, RequestQueue> lines = new ConcurrentHashMap<>();
    private final HttpClients clients;
    private final Map<Rule, ElasticsearchServer> known = Collections.synchronizedMap(new WeakHashMap<>());
    private volatile boolean stopping;

    private BatchingSearch(CamelContext context, Servers servers, Bounds bounds) {
        this.context = context;
        this.servers = servers;
        this.bounds = bounds;
        this.clients = new HttpClients(context, "watch-search-client");
        this.template = context.createProducerTemplate();
        this.threads = context.getExecutorServiceManager().newCachedThreadPool(this, "watch-search");
        this.meters = new SearchMetrics(context);
        this.call = new SearchRequest(context, template, meters);
    }

    /**
     * With the settings {@code watch.elasticsearch*} and {@code watch.search*} of application.properties.
     *
     * @throws IllegalArgumentException when a setting is wrong; the message names it
     */
    public static BatchingSearch open(CamelContext context) {
        return open(context, System::getenv);
    }

    static BatchingSearch open(CamelContext context, UnaryOperator<String> environment) {
        SearchSettings settings = new SearchSettings(context);
        URI proxy = settings.proxy();
        BatchingSearch search = new BatchingSearch(
                context,
                new Servers(settings.connection(), proxy, settings.bounds().maxBytes(), environment),
                settings.bounds());
        context.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextStopping(CamelContext stopping) {
                // before its threads are gone, which would leave questions without an answer
                search.stopping = true;
                search.lines.values().forEach(RequestQueue::close);
            }
        });
        return search;
    }

    /** Whether nothing is asked any more, since Camel is about to stop: before it says so itself. */
    public boolean isStopping() {
        return stopping;
    }

    @Override
    public void check(Rule rule) throws RuleException {
        ElasticsearchServer server = servers.of(rule.fileOptions());
        try {
            server.http().tls().context();
        } catch (IOException e) {
            throw rule.fileOptions()
                    .refused(rule.fileOptions().has("client_cert") ? "client_cert" : "ca_certs", e.getMessage());
        }
        if (QueryLanguage.of(rule) == QueryLanguage.QUERY_DSL) {
            return;
        }
        if (rule.type().equals("new_term")) {
            throw rule.fileOptions()
                    .refused(
                            "filter",
                            "EQL and ES|QL find documents; the values of the time before, which new_term must know,"
                                    + " are aggregated: write the filter in the query DSL");
        }
        if (rule.mode() != Rule.Mode.DOCUMENTS) {
            throw rule.fileOptions()
                    .refused(
                            "filter",
                            "EQL and ES|QL find documents; they cannot be counted or aggregated: remove "
                                    + (rule.mode() == Rule.Mode.AGGREGATION
                                            ? "them"
                                            : "use_count_query or use_terms_query"));
        }
    }

    @Override
    public CompletableFuture<ElasticsearchResponse> search(ElasticsearchQuery query) {
        meters.publish();
        if (stopping) {
            return CompletableFuture.failedFuture(new FailedException("Nothing is asked any more: Serai stops", null));
        }
        try {
            return line(server(query.rule())).ask(query);
        } catch (RuleException e) {
            return CompletableFuture.failedFuture(new FailedException(e.getMessage(), null));
        }
    }

    /**
     * Sends another request than a question to the server that a rule would ask, and waits for its answer.
     *
     * @param method GET, PUT or POST
     * @param body JSON, lines of JSON when the path ends in {@code _bulk}, or null
     * @throws FailedException when there is no answer, or the server refuses
     */
    public JsonNode send(Rule rule, String method, String path, String query, String body) throws FailedException {
        try {
            return line(server(rule))
                    .requests()
                    .send(HttpMethods.valueOf(method), path, query, body, path.endsWith("_bulk"));
        } catch (RuleException | SearchFailedException e) {
            throw new FailedException(e.getMessage(), e);
        }
    }

    private ElasticsearchServer server(Rule rule) throws RuleException {
        ElasticsearchServer server = known.get(rule);
        if (server == null) {
            server = servers.of(rule.fileOptions());
            known.put(rule, server);
        }
        return server;
    }

    private RequestQueue line(ElasticsearchServer server) {
        return lines.computeIfAbsent(server, s -> {
            String client = clients.name(new ServerClient(s, meters.receivedBytes));
            return new RequestQueue(s, new MultiSearch(s, client, call, meters), threads, meters, bounds);
        });
    }

    public SearchMetrics meters() {
        return meters;
    }

    @Override
    public void close() {
        context.getExecutorServiceManager().shutdownNow(threads);
        template.stop();
    }
}
