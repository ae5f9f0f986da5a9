package serai.watch.search;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import serai.settings.Settings;
import serai.watch.query.ElasticsearchQuery;
import serai.watch.query.ElasticsearchResponse;
import serai.watch.query.QueryLanguage;
import serai.watch.rule.Options;
import serai.watch.rule.Recordings;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/** The search with the route of the project, in a Camel context of its own. */
public final class RunningSearch implements AutoCloseable {

    private final DefaultCamelContext context;
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final BatchingSearch search;

    private RunningSearch(DefaultCamelContext context, BatchingSearch search) {
        this.context = context;
        this.search = search;
        search.bindMetrics(metrics);
    }

    /** @param settings name and value in turn */
    static RunningSearch at(String elasticsearch, String... settings) throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        Map<String, String> texts = new HashMap<>(Map.of("watch.elasticsearch", elasticsearch));
        for (int i = 0; i < settings.length; i += 2) {
            texts.put(settings[i], settings[i + 1]);
        }
        context.getShutdownStrategy().setTimeout(5);
        BatchingSearch search = BatchingSearch.open(context, Settings.of(texts), name -> null);
        context.start();
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(ResourceHelper.resolveResource(
                        context,
                        "file:" + Path.of("routes/watch/search.camel.yaml").toAbsolutePath()));
        return new RunningSearch(context, search);
    }

    /** The value of the metric {@code serai_watch_search_<what>}. */
    double metric(String what) {
        return metrics.get("serai_watch_search_" + what).functionCounter().count();
    }

    DefaultCamelContext context() {
        return context;
    }

    CompletableFuture<ElasticsearchResponse> ask(Rule rule, String index, String body) throws Exception {
        return search.search(new ElasticsearchQuery(
                rule, QueryLanguage.QUERY_DSL, List.of(index), (ObjectNode) Recordings.JSON.readTree(body)));
    }

    ElasticsearchResponse answer(Rule rule, String index, String body) throws Exception {
        return answer(ask(rule, index, body));
    }

    static <T> T answer(CompletableFuture<T> asked) throws InterruptedException, TimeoutException, ExecutionException {
        return asked.get(30, TimeUnit.SECONDS);
    }

    /** @param options name and value in turn, over those of a rule of type any */
    public static Rule rule(Object... options) throws RuleException {
        Map<String, Object> values =
                new LinkedHashMap<>(Map.of("name", "r", "type", "any", "index", "logs", "alert", "debug"));
        for (int i = 0; i < options.length; i += 2) {
            values.put((String) options[i], options[i + 1]);
        }
        return Rule.of(new Options(values, Map.of()), Path.of("routes/alerts/r.yaml"), Map.of(), ZoneOffset.UTC);
    }

    @Override
    public void close() {
        context.stop();
        search.close();
    }
}
