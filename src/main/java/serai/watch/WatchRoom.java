package serai.watch;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.edits.EditableFiles;
import serai.http.HttpOptions;
import serai.room.Room;
import serai.room.RoomContext;
import serai.settings.Setting;
import serai.status.StatusSection;
import serai.status.StatusSettings;
import serai.warehouse.Warehouse;
import serai.watch.alert.AlertDecider;
import serai.watch.alert.AlertRule;
import serai.watch.alert.Enhancement;
import serai.watch.alerter.HttpDestination;
import serai.watch.elastalert.ElastAlertState;
import serai.watch.engine.Engine;
import serai.watch.kibana.DiscoverLinks;
import serai.watch.kibana.KibanaShortLinks;
import serai.watch.outbox.Destinations;
import serai.watch.outbox.NoticeQueue;
import serai.watch.outbox.OperatorNotices;
import serai.watch.outbox.OutboxProcessors;
import serai.watch.rule.ElastAlertConfig;
import serai.watch.rule.Options;
import serai.watch.rule.RuleException;
import serai.watch.rule.RuleFolders;
import serai.watch.rule.RuleLoader;
import serai.watch.rule.RuleTexts;
import serai.watch.search.BatchingSearch;
import serai.watch.source.RuleSources;
import serai.watch.source.SourceSearch;
import serai.watch.source.WarehouseSearch;

/** The room of alert rules: it runs them, decides about their matches, and delivers the messages. */
public final class WatchRoom implements Room {

    private static final Logger LOG = LoggerFactory.getLogger(WatchRoom.class);

    /** The settings {@code watch.*}. */
    public static final List<Setting<?>> SETTINGS = Stream.of(BatchingSearch.SETTINGS, WatchSettings.ALL)
            .flatMap(List::stream)
            .toList();

    private final RuleFiles rules;
    private final Engine engine;
    private final ElastAlertState state;
    private final OutboxProcessors deliveries;
    private final WarehouseSearch tables;
    private final BatchingSearch search;
    private final KibanaShortLinks shortLinks;
    private final Duration grace;

    private WatchRoom(
            RuleFiles rules,
            Engine engine,
            ElastAlertState state,
            OutboxProcessors deliveries,
            WarehouseSearch tables,
            BatchingSearch search,
            KibanaShortLinks shortLinks,
            Duration grace) {
        this.rules = rules;
        this.engine = engine;
        this.state = state;
        this.deliveries = deliveries;
        this.tables = tables;
        this.search = search;
        this.shortLinks = shortLinks;
        this.grace = grace;
    }

    /**
     * Binds the beans of the room's routes.
     *
     * @throws IllegalArgumentException when ElastAlert's configuration is wrong; the message names the setting
     */
    public static WatchRoom open(RoomContext opened) {
        CamelContext context = opened.camel();
        Warehouse warehouse = opened.warehouse();
        Path root = opened.root();
        WatchSettings settings = new WatchSettings(opened.settings());
        ElastAlertConfig config = settings.elastAlert(root);
        Destinations destinations = new Destinations();
        OperatorNotices operators = new OperatorNotices(
                webhook(settings.slackWebhook(), destinations), webhook(settings.fallbackWebhook(), destinations));
        context.getRegistry().bind("watch-notices", new NoticeQueue(warehouse, operators));
        OutboxProcessors deliveries = OutboxProcessors.open(
                context, warehouse, destinations, operators, settings.alertTimeLimit(config), settings.keepSent());
        TroubleNotices troubles = new TroubleNotices(warehouse, opened.status(), settings.failureNotice(), operators);
        context.getRegistry().bind("watch-troubles", (Processor) exchange -> troubles.check());
        BatchingSearch search = BatchingSearch.open(context, opened.settings());
        Options defaults = settings.defaults(config);
        ElastAlertState state = state(settings, config, warehouse, search, defaults);
        WarehouseSearch tables = settings.tables(warehouse);
        KibanaShortLinks shortLinks = new KibanaShortLinks();
        AlertDecider alerting = AlertDecider.standard(new DiscoverLinks(shortLinks));
        SourceSearch sources = new SourceSearch(search, tables);
        Engine engine = new Engine(
                warehouse,
                sources,
                alerting,
                settings.limits(),
                search::isStopping,
                state.recorder(),
                Clock.systemUTC());
        context.getRegistry().bind("watch-rules-due", (Processor) exchange -> engine.startDueRuns());
        context.getRegistry().bind("watch-elastalert-documents", (Processor) exchange -> state.deliver());
        RuleFolders folders = folders(config, root);
        RuleLoader loader = new RuleLoader(
                defaults,
                settings.zone(),
                folders.folders(),
                Enhancement.BUILT_IN.keySet(),
                System::getenv,
                RuleSources::prepare);
        Consumer<Map<String, AlertRule>> run = state.importBefore(engine::setRules);
        RuleFiles rules = new RuleFiles(
                folders,
                new RuleTexts(root),
                new AlertRuleReader(loader, sources::check),
                new AlertRuleReader(loader, rule -> {
                    if (RuleSources.isElasticsearch(rule)) {
                        search.check(rule);
                    }
                }),
                running -> {
                    running.values().forEach(destinations::add);
                    run.accept(running);
                });
        return new WatchRoom(
                rules,
                engine,
                state,
                deliveries,
                tables,
                search,
                shortLinks,
                StatusSettings.of(opened.settings()).rulesGrace());
    }

    /** A webhook of the settings; null when they name none. */
    private static HttpDestination webhook(String address, Destinations destinations) {
        if (address.isBlank()) {
            return null;
        }
        HttpDestination webhook = HttpDestination.of("slack", address, HttpOptions.DEFAULT);
        destinations.add("", webhook);
        return webhook;
    }

    private static ElastAlertState state(
            WatchSettings settings,
            ElastAlertConfig config,
            Warehouse warehouse,
            BatchingSearch search,
            Options defaults) {
        try {
            Optional<ElastAlertState.Settings> wanted = settings.elastAlertState(config);
            return wanted.isEmpty()
                    ? ElastAlertState.NONE
                    : ElastAlertState.open(warehouse, search.client(defaults), wanted.get());
        } catch (RuleException e) {
            throw new IllegalArgumentException("watch.elastalert-config: " + e.getMessage(), e);
        }
    }

    private static RuleFolders folders(ElastAlertConfig config, Path root) {
        try {
            config.notices().forEach(notice -> LOG.info("watch.elastalert-config, line {}", notice));
            RuleFolders folders = RuleFolders.of(config, root);
            folders.folders().stream()
                    .filter(folder -> !Files.isDirectory(root.resolve(folder)))
                    .forEach(folder -> LOG.warn("There is no folder {}, which rules_folder names", folder));
            return folders;
        } catch (RuleException e) {
            throw new IllegalArgumentException("watch.elastalert-config: " + e.getMessage(), e);
        }
    }

    /** The files of the alert rules. */
    @Override
    public List<EditableFiles> editableFiles() {
        return List.of(rules);
    }

    /** From now on, rules of the warehouse that are in no file do not run any more. */
    @Override
    public void filesRead() {
        rules.complete();
    }

    /** Registers the metrics of the engine and of the search. */
    @Override
    public void bindMetrics(MeterRegistry registry) {
        engine.bindMetrics(registry);
        search.bindMetrics(registry);
    }

    @Override
    public List<StatusSection> statusSections() {
        return List.of(new RuleSection(grace), new MessageSection());
    }

    @Override
    public void close() throws SQLException {
        state.close();
        engine.close();
        tables.close();
        search.close();
        shortLinks.close();
        deliveries.close();
    }
}
