package serai;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpEngine;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.edits.Edits;
import serai.load.LoadRoom;
import serai.refresh.RefreshRoom;
import serai.show.ShowRoom;
import serai.warehouse.Warehouse;
import serai.warehouse.WarehouseSettings;
import serai.watch.WatchRoom;

/**
 * Opens the rooms in their order when Camel is configured, takes the files into effect when it runs, and closes all
 * after its routes.
 */
final class Application extends MainListenerSupport implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Application.class);

    private final Path root;
    private final Deque<AutoCloseable> rooms = new ArrayDeque<>();
    private Warehouse warehouse;
    private RefreshRoom refresh;
    private WatchRoom watch;
    private Edits edits;

    Application(Path root) {
        this.root = root;
    }

    @Override
    public void beforeConfigure(BaseMainSupport main) {
        CamelContext context = main.getCamelContext();
        warehouse = opened(Warehouse.open(warehouseSettings(context, root)));
        context.getRegistry().bind("warehouse", warehouse.dataSource());
        context.getRegistry().bind("platform-http-engine", new MainServerEngine(context));
        opened(LoadRoom.open(context, warehouse));
        refresh = opened(RefreshRoom.open(context, warehouse));
        watch = opened(WatchRoom.open(context, warehouse, root));
        opened(ShowRoom.open(context, warehouse));
    }

    @Override
    public void afterStart(BaseMainSupport main) {
        CamelContext context = main.getCamelContext();
        Duration every = duration(context, "{{edits.every:500ms}}");
        edits = Edits.start(context, warehouse, root, List.of(), List.of(refresh.files(), watch.rules()), every);
        watch.filesRead();
        Optional.ofNullable(context.getRegistry().findSingleByType(MeterRegistry.class))
                .ifPresent(watch::publish);
        LOG.info(
                "Serai runs with {} routes; the page is at http://{}:{}/",
                context.getRoutesSize(),
                context.resolvePropertyPlaceholders("{{camel.server.host}}"),
                context.resolvePropertyPlaceholders("{{camel.server.port}}"));
    }

    @Override
    public void beforeStop(BaseMainSupport main) {
        if (edits != null) {
            edits.close();
        }
    }

    private <T extends AutoCloseable> T opened(T room) {
        rooms.push(room);
        return room;
    }

    static WarehouseSettings warehouseSettings(CamelContext context, Path root) {
        return new WarehouseSettings(
                context.resolvePropertyPlaceholders("{{warehouse.url:}}"),
                context.resolvePropertyPlaceholders("{{warehouse.user:}}"),
                context.resolvePropertyPlaceholders("{{warehouse.password:}}"),
                root.resolve(context.resolvePropertyPlaceholders("{{warehouse.embedded.data:data/warehouse}}")),
                Integer.parseInt(context.resolvePropertyPlaceholders("{{warehouse.embedded.port:25432}}")),
                Integer.parseInt(context.resolvePropertyPlaceholders("{{warehouse.pool-size:20}}")),
                root.resolve("sql/schema"));
    }

    private static Duration duration(CamelContext context, String setting) {
        return context.getTypeConverter().convertTo(Duration.class, context.resolvePropertyPlaceholders(setting));
    }

    /** Closes the rooms, the warehouse last. Called when Camel has stopped. */
    @Override
    public void close() {
        while (!rooms.isEmpty()) {
            AutoCloseable room = rooms.pop();
            try {
                room.close();
            } catch (Exception e) {
                LOG.warn("{} did not close cleanly: {}", room.getClass().getSimpleName(), e.getMessage());
            }
        }
    }

    /** The message at the bottom of a chain of causes: the one that says what is wrong. */
    static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null && !(root instanceof IllegalStateException)) {
            root = root.getCause();
        }
        return root.getMessage();
    }

    /**
     * With the management server on, two servers are registered and Camel's own engine finds no single one: it then
     * falls back to port 8080, and a server on any other port fails at its start.
     */
    private static final class MainServerEngine extends VertxPlatformHttpEngine {

        private final CamelContext context;

        MainServerEngine(CamelContext context) {
            this.context = context;
        }

        @Override
        public int getServerPort() {
            return Integer.parseInt(context.resolvePropertyPlaceholders("{{camel.server.port}}"));
        }
    }
}
