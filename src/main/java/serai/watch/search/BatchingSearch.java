package serai.watch.search;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.support.LifecycleStrategySupport;
import serai.elasticsearch.ElasticsearchClient;
import serai.elasticsearch.ElasticsearchRoute;
import serai.elasticsearch.ElasticsearchServer;
import serai.elasticsearch.ElasticsearchSettings;
import serai.settings.Setting;
import serai.settings.Settings;
import serai.watch.query.ElasticsearchQuery;
import serai.watch.query.ElasticsearchResponse;
import serai.watch.query.QueryLanguage;
import serai.watch.query.SearchServers;
import serai.watch.rule.Options;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/**
 * Sends the queries of all rules to their servers through one route, {@code direct:watch-search}, many in one request.
 * The route uses camel-http: camel-elasticsearch has no API key, no EQL, no ES|QL and no OpenSearch, closes a client
 * that routes share, and parses each reply into objects of its own (docs/reference/elasticsearch.md, "Clients and
 * versions").
 */
public final class BatchingSearch implements SearchServers, AutoCloseable {

    /** The settings of searches. */
    public static final List<Setting<?>> SETTINGS = Stream.of(ElasticsearchSettings.ALL, SearchLimits.ALL)
            .flatMap(List::stream)
            .toList();

    private final CamelContext context;
    private final RuleServers servers;
    private final SearchLimits limits;
    private final SearchMetrics metrics = new SearchMetrics();
    private final ElasticsearchRoute route;
    private final ExecutorService threads;
    private final Map<ElasticsearchServer, RequestQueue> queues = new ConcurrentHashMap<>();
    private final Map<Rule, ElasticsearchServer> serversOfRules = Collections.synchronizedMap(new WeakHashMap<>());
    private volatile boolean stopping;

    private BatchingSearch(CamelContext context, RuleServers servers, SearchLimits limits) {
        this.context = context;
        this.servers = servers;
        this.limits = limits;
        this.route = new ElasticsearchRoute(context, "watch-search", metrics.traffic);
        this.threads = context.getExecutorServiceManager().newCachedThreadPool(this, "watch-search");
    }

    /**
     * With the settings {@code watch.elasticsearch*} and {@code watch.search*}.
     *
     * @param context not started yet
     */
    public static BatchingSearch open(CamelContext context, Settings settings) {
        return open(context, settings, System::getenv);
    }

    static BatchingSearch open(CamelContext context, Settings settings, UnaryOperator<String> environment) {
        RuleServers servers = new RuleServers(new ElasticsearchSettings(settings), environment);
        BatchingSearch search = new BatchingSearch(context, servers, SearchLimits.of(settings));
        context.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextStopping(CamelContext stopping) {
                // before the threads are stopped, which would leave queries without an answer
                search.stopping = true;
                search.queues.values().forEach(RequestQueue::close);
            }
        });
        return search;
    }

    /** Whether Camel is about to stop and no more queries are sent. */
    public boolean isStopping() {
        return stopping;
    }

    @Override
    public void check(Rule rule) throws RuleException {
        Options options = rule.fileOptions();
        try {
            servers.of(options).http().tls().check();
        } catch (IOException e) {
            throw options.refused(options.has("client_cert") ? "client_cert" : "ca_certs", e.getMessage());
        }
        if (QueryLanguage.of(rule) == QueryLanguage.QUERY_DSL) {
            return;
        }
        if (rule.type().equals("new_term")) {
            throw options.refused(
                    "filter",
                    "EQL and ES|QL find documents; the values of the time before, which new_term must know,"
                            + " are aggregated: write the filter in the query DSL");
        }
        if (rule.mode() != Rule.Mode.DOCUMENTS) {
            String aggregated = rule.mode() == Rule.Mode.AGGREGATION ? "them" : "use_count_query or use_terms_query";
            throw options.refused(
                    "filter",
                    "EQL and ES|QL find documents; they cannot be counted or aggregated: remove " + aggregated);
        }
    }

    @Override
    public CompletableFuture<ElasticsearchResponse> search(ElasticsearchQuery query) {
        if (stopping) {
            return CompletableFuture.failedFuture(new FailedException("No query is sent any more: Serai stops", null));
        }
        try {
            return queue(server(query.rule())).ask(query);
        } catch (RuleException e) {
            return CompletableFuture.failedFuture(new FailedException(e.getMessage(), null));
        }
    }

    /**
     * The client of the server that a rule with these options uses, for requests that are not queries of rules.
     *
     * @throws RuleException when an option of the connection cannot be used
     */
    public ElasticsearchClient client(Options options) throws RuleException {
        return queue(servers.of(options)).client();
    }

    private ElasticsearchServer server(Rule rule) throws RuleException {
        ElasticsearchServer server = serversOfRules.get(rule);
        if (server == null) {
            server = servers.of(rule.fileOptions());
            serversOfRules.put(rule, server);
        }
        return server;
    }

    private RequestQueue queue(ElasticsearchServer server) {
        return queues.computeIfAbsent(server, s -> new RequestQueue(route.client(s), threads, metrics, limits));
    }

    /** Registers the metrics {@code serai_watch_search_*}. */
    public void bindMetrics(MeterRegistry registry) {
        metrics.bind(registry);
    }

    @Override
    public void close() {
        context.getExecutorServiceManager().shutdownNow(threads);
        route.close();
    }
}
