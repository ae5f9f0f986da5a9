package serai.watch;

import java.io.IOException;
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

import serai.warehouse.Warehouse;
import serai.watch.alert.AlertRule;
import serai.watch.alert.Alerting;
import serai.watch.alert.Enhancement;
import serai.watch.command.Workbench;
import serai.watch.rule.Options;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.rule.RuleFolders;
import serai.watch.rule.RuleLoader;
import serai.watch.rule.RuleTexts;
import serai.watch.run.RuleRun;
import serai.watch.search.Search;
import serai.watch.search.SharedSearch;
import serai.watch.source.RuleSources;
import serai.watch.source.SourceSearch;
import serai.watch.source.WarehouseSearch;

/** What reads rules, asks for them and decides, as the settings say: the same for rules that run and for commands that try one. */
public final class RuleBench implements AutoCloseable {

    private static final Path SEARCH = Path.of("routes", "watch", "search.camel.yaml");
    /** History is as long as an operator asks for. */
    private static final Duration ANY_TIME = Duration.ofDays(10 * 366);

    private final WatchSettings settings;
    private final Path root;
    private final SharedSearch elasticsearch;
    private final Supplier<Warehouse> warehouses;
    private final RuleFolders folders = new RuleFolders(List.of(RuleFolders.OWN), true);
    private WarehouseSearch warehouse;

    private RuleBench(WatchSettings settings, Path root, SharedSearch elasticsearch, Supplier<Warehouse> warehouses) {
        this.settings = settings;
        this.root = root;
        this.elasticsearch = elasticsearch;
        this.warehouses = warehouses;
    }

    /**
     * @param root       the project's folder
     * @param warehouses asked when a rule reads the warehouse
     */
    static RuleBench open(WatchSettings settings, Path root, Supplier<Warehouse> warehouses) {
        return new RuleBench(settings, root, SharedSearch.open(settings.context()), warehouses);
    }

    /**
     * The same for commands, with the search route and no other.
     *
     * @param context started, with the project's settings
     */
    public static RuleBench open(CamelContext context, Path root, Supplier<Warehouse> warehouses) throws Exception {
        RuleBench bench = open(new WatchSettings(context), root, warehouses);
        byte[] route = Files.readAllBytes(root.resolve(SEARCH));
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromBytes(SEARCH.toString(), route));
        return bench;
    }

    RuleFolders folders() {
        return folders;
    }

    RuleReader reader() {
        return reader(RuleSources::prepare, this::checkWarehouse);
    }

    Search search() {
        return new SourceSearch(elasticsearch, request -> warehouse().ask(request));
    }

    Alerting alerting() {
        return new Alerting(List.of(), Enhancement.BUILT_IN);
    }

    /** What rules are tried with. */
    public Workbench workbench() {
        RuleRun.Bounds bounds = settings.bounds();
        return new Workbench(this::tried, search(), alerting(),
                new RuleRun.Bounds(bounds.documents(), bounds.segments(), bounds.remembered(), ANY_TIME));
    }

    private List<AlertRule> tried(Path file, String source) throws RuleException {
        RuleReader reader = source == null ? reader()
                : reader((given, texts) -> from(RuleSources.prepare(given, texts), source), rule -> { });
        return reader.read(file, new RuleTexts(root)).rules();
    }

    private static Options from(Options prepared, String source) {
        Map<String, Object> options = new LinkedHashMap<>(prepared.values());
        options.put("source", source);
        return prepared.with(options);
    }

    private RuleReader reader(RuleLoader.Sources sources, RuleReader.Check warehouseCheck) {
        RuleLoader loader = new RuleLoader(new Options(settings.defaults(), Map.of()), settings.zone(), folders.folders(),
                Enhancement.BUILT_IN.keySet(), System::getenv, sources);
        return new RuleReader(loader, elasticsearch::check, warehouseCheck);
    }

    private void checkWarehouse(Rule rule) throws RuleException {
        warehouse().check(rule);
    }

    private synchronized WarehouseSearch warehouse() {
        if (warehouse == null) {
            warehouse = new WarehouseSearch(warehouses.get().dataSource(), settings.time("warehouse-timeout", "30s"),
                    settings.whole("warehouse-queries", "4"));
        }
        return warehouse;
    }

    @Override
    public void close() {
        elasticsearch.close();
        if (warehouse != null) {
            warehouse.close();
        }
    }
}
