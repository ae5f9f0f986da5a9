package serai.watch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import serai.settings.Settings;
import serai.warehouse.Warehouse;
import serai.watch.alert.AlertDecider;
import serai.watch.alert.AlertRule;
import serai.watch.alert.Enhancement;
import serai.watch.command.RuleSandbox;
import serai.watch.kibana.DiscoverLinks;
import serai.watch.outbox.DirectDelivery;
import serai.watch.rule.ElastAlertConfig;
import serai.watch.rule.Options;
import serai.watch.rule.RuleException;
import serai.watch.rule.RuleFolders;
import serai.watch.rule.RuleLoader;
import serai.watch.rule.RuleTexts;
import serai.watch.run.RuleRun;
import serai.watch.search.BatchingSearch;
import serai.watch.source.RuleSources;
import serai.watch.source.SourceSearch;
import serai.watch.source.WarehouseSearch;

/**
 * Makes the sandbox of commands that try a rule: the room's settings and its search route, and none of its other
 * routes.
 */
public final class RuleSandboxFactory implements AutoCloseable {

    private static final Path SEARCH = Path.of("routes", "watch", "search.camel.yaml");
    /** An operator chooses how far back a simulation goes. */
    private static final Duration ANY_TIME = Duration.ofDays(10 * 366);

    private final CamelContext context;
    private final WatchSettings settings;
    private final Path root;
    private final BatchingSearch elasticsearch;
    private final Supplier<Warehouse> warehouses;
    private WarehouseSearch warehouse;
    private DirectDelivery delivery;

    private RuleSandboxFactory(
            CamelContext context,
            WatchSettings settings,
            Path root,
            BatchingSearch elasticsearch,
            Supplier<Warehouse> warehouses) {
        this.context = context;
        this.settings = settings;
        this.root = root;
        this.elasticsearch = elasticsearch;
        this.warehouses = warehouses;
    }

    /**
     * @param context started
     * @param root the project's folder
     * @param warehouses gives the warehouse when a rule reads it
     */
    public static RuleSandboxFactory open(
            CamelContext context, Settings settings, Path root, Supplier<Warehouse> warehouses) throws Exception {
        RuleSandboxFactory factory = new RuleSandboxFactory(
                context, new WatchSettings(settings), root, BatchingSearch.open(context, settings), warehouses);
        Path route = root.resolve(SEARCH);
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(ResourceHelper.fromBytes(SEARCH.toString(), Files.readAllBytes(route)));
        return factory;
    }

    /** The sandbox; one for each command. */
    public RuleSandbox sandbox() {
        RuleRun.Bounds bounds = settings.bounds();
        return new RuleSandbox(
                this::read,
                new SourceSearch(elasticsearch, request -> warehouse().ask(request)),
                AlertDecider.standard(new DiscoverLinks(null)),
                new RuleRun.Bounds(bounds.documents(), bounds.segments(), bounds.remembered(), ANY_TIME),
                (rule, message) -> delivery().deliver(rule, message));
    }

    private synchronized DirectDelivery delivery() throws Exception {
        if (delivery == null) {
            delivery = DirectDelivery.open(context, root.resolve("routes"));
        }
        return delivery;
    }

    private synchronized WarehouseSearch warehouse() {
        if (warehouse == null) {
            warehouse = settings.tables(warehouses.get());
        }
        return warehouse;
    }

    private List<AlertRule> read(Path file, String source) throws RuleException {
        ElastAlertConfig config = settings.elastAlert(root);
        RuleLoader loader = new RuleLoader(
                settings.defaults(config),
                settings.zone(),
                RuleFolders.of(config, root).folders(),
                Enhancement.BUILT_IN.keySet(),
                System::getenv,
                (given, texts) -> sourced(RuleSources.prepare(given, texts), source));
        AlertRuleReader reader = new AlertRuleReader(loader, rule -> {
            if (RuleSources.isElasticsearch(rule)) {
                elasticsearch.check(rule);
            } else if (source == null) {
                warehouse().check(rule);
            }
        });
        return reader.read(file, new RuleTexts(root)).rules();
    }

    private static Options sourced(Options prepared, String source) {
        if (source == null) {
            return prepared;
        }
        Map<String, Object> options = new LinkedHashMap<>(prepared.values());
        options.put("source", source);
        return prepared.withValues(options);
    }

    @Override
    public void close() {
        elasticsearch.close();
        if (delivery != null) {
            delivery.close();
        }
        if (warehouse != null) {
            warehouse.close();
        }
    }
}
