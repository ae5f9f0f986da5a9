package serai;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpEngine;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.main.MainSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.edits.EditSection;
import serai.edits.Edits;
import serai.load.LoadRoom;
import serai.load.ga4.Ga4Room;
import serai.load.metabase.MetabaseRoom;
import serai.load.replicate.ReplicateRoom;
import serai.refresh.RefreshRoom;
import serai.request.RequestLoop;
import serai.room.Room;
import serai.room.RoomContext;
import serai.settings.Settings;
import serai.show.ShowRoom;
import serai.status.InstanceSection;
import serai.status.RouteRuns;
import serai.status.RouteSection;
import serai.status.StatusReader;
import serai.status.StatusSection;
import serai.warehouse.Instance;
import serai.warehouse.Retention;
import serai.warehouse.Warehouse;
import serai.warehouse.WarehouseSettings;
import serai.watch.WatchRoom;

/**
 * Opens the warehouse and the rooms when Camel is configured, adds the routes of the files once it runs, and closes
 * everything after its routes have stopped.
 */
public final class Application extends MainListenerSupport implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Application.class);

    /** The rooms of the kinds of sources, which need that of imports. */
    static final List<Function<RoomContext, Room>> SOURCES =
            List.of(MetabaseRoom::open, Ga4Room::open, ReplicateRoom::open);

    /** In the order in which they are opened. */
    static final List<Function<RoomContext, Room>> ROOMS = Stream.of(
                    List.<Function<RoomContext, Room>>of(LoadRoom::open),
                    SOURCES,
                    List.<Function<RoomContext, Room>>of(RefreshRoom::open, WatchRoom::open, ShowRoom::open))
            .flatMap(List::stream)
            .toList();

    private final Path root;
    private final Settings settings;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final List<Room> rooms = new ArrayList<>();
    private Warehouse warehouse;
    private Edits edits;
    private RequestLoop requests;
    private volatile RuntimeException failure;

    /**
     * @param root the project's folder
     * @param settings those that everything reads, Camel included
     */
    public Application(Path root, Settings settings) {
        this.root = root;
        this.settings = settings;
    }

    /** Camel Main, which runs this application. */
    public Main main() {
        Main main = new Main();
        main.setPropertyPlaceholderLocations("file:" + SeraiSettings.FILE);
        settings.texts().forEach(main::addOverrideProperty);
        main.addMainListener(this);
        return main;
    }

    @Override
    public void beforeConfigure(BaseMainSupport main) {
        ServerPorts.requireFree(settings);
        CamelContext camel = main.getCamelContext();
        // PostgreSQL starts while Camel does
        warehouse = Warehouse.openInBackground(WarehouseSettings.of(settings, root));
        opened.push(warehouse);
        Instance instance = Instance.open(warehouse, root.resolve("data"));
        opened.push(instance);
        opened.push(Retention.open(warehouse, settings));
        opened.push(RouteRuns.open(camel, warehouse, instance.id()));
        camel.getRegistry().bind("warehouse", warehouse.dataSource());
        camel.getComponent("quartz", QuartzComponent.class)
                .setProperties(new HashMap<>(Map.of(
                        "org.quartz.scheduler.instanceName",
                        "serai",
                        "org.quartz.threadPool.class",
                        TimerThreads.class.getName())));
        camel.getRegistry().bind("platform-http-engine", new MainServerEngine(settings.get(SeraiSettings.SERVER_PORT)));
        RoomContext context = new RoomContext(
                camel, settings, warehouse, root, new StatusReader(warehouse.dataSource(), this::statusSections));
        for (Function<RoomContext, Room> open : ROOMS) {
            Room room = open.apply(context);
            opened.push(room);
            rooms.add(room);
        }
        // files are read while Camel starts
        edits = Edits.open(
                camel,
                settings,
                warehouse,
                root,
                List.of(),
                rooms.stream().flatMap(room -> room.routeClaims().stream()).toList(),
                rooms.stream().flatMap(room -> room.editableFiles().stream()).toList());
    }

    private List<StatusSection> statusSections() {
        return Stream.concat(
                        rooms.stream().flatMap(room -> room.statusSections().stream()),
                        Stream.of(new RouteSection(), new EditSection(), new InstanceSection()))
                .toList();
    }

    /** Adds the routes of the files. When that fails, Camel is stopped, and {@link #failure} has the reason. */
    @Override
    public void afterStart(BaseMainSupport main) {
        try {
            startRoutes(main.getCamelContext());
        } catch (RuntimeException e) {
            failure = e;
            ((MainSupport) main).completed();
        }
    }

    /** Why the application did not start, or null. */
    public RuntimeException failure() {
        return failure;
    }

    private void startRoutes(CamelContext camel) {
        edits.start();
        rooms.forEach(Room::filesRead);
        requests = RequestLoop.start(
                warehouse,
                rooms.stream().flatMap(room -> room.requestHandlers().stream()).toList());
        MeterRegistry registry = camel.getRegistry().findSingleByType(MeterRegistry.class);
        if (registry != null) {
            rooms.forEach(room -> room.bindMetrics(registry));
        }
        LOG.info(
                "Serai runs with {} routes; the page is at http://{}:{}/",
                camel.getRoutesSize(),
                settings.get(SeraiSettings.SERVER_HOST),
                settings.get(SeraiSettings.SERVER_PORT));
    }

    @Override
    public void beforeStop(BaseMainSupport main) {
        if (requests != null) {
            requests.close();
        }
        if (edits != null) {
            edits.close();
        }
    }

    /** Closes the rooms in the opposite order, and the warehouse last. Call it when Camel has stopped. */
    @Override
    public void close() {
        while (!opened.isEmpty()) {
            AutoCloseable next = opened.pop();
            try {
                next.close();
            } catch (Exception e) {
                LOG.warn("{} did not close cleanly: {}", next.getClass().getSimpleName(), e.getMessage());
            }
        }
    }

    /**
     * With the management server on, two servers are registered and Camel's own engine finds no single one: it then
     * falls back to port 8080, and a server on any other port fails at its start.
     */
    private static final class MainServerEngine extends VertxPlatformHttpEngine {

        private final int port;

        MainServerEngine(int port) {
            this.port = port;
        }

        @Override
        public int getServerPort() {
            return port;
        }
    }
}
