package serai.edits;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;

/**
 * The routes that run on one instance at a time: each has a lease, as a source has. The instance that has it runs the
 * route; the others have it stopped, and look every two seconds whether the lease is free.
 */
final class RouteLeases implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RouteLeases.class);

    private static final long POLL_MILLIS = 500;
    private static final int POLLS_TO_TAKE = 4;
    private static final Duration LET_FINISH = Duration.ofSeconds(2);

    private static final String FREE = """
            select id from unnest(?::text[]) as id where not exists (
              select from meta.leases where source = 'route:' || id and expires_at > clock_timestamp())""";

    private final CamelContext context;
    private final Warehouse warehouse;
    /** By the id of the route, the writer that has its lease; empty while another instance has it. */
    private final Map<String, Optional<Writer>> routes = new ConcurrentHashMap<>();
    /** The leases of routes that are being removed. */
    private final Map<String, Writer> leaving = new HashMap<>();

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread one = new Thread(task, "route-leases");
        one.setDaemon(true);
        return one;
    });
    private int polls;
    private boolean started;

    RouteLeases(CamelContext context, Warehouse warehouse) {
        this.context = context;
        this.warehouse = warehouse;
    }

    /**
     * Takes the lease of a route that was added and is to run on one instance.
     *
     * @return whether it is to be started now; otherwise that happens when the lease is free
     */
    synchronized boolean add(Route route) {
        String id = route.getRouteId();
        if (!started) {
            started = true;
            thread.scheduleWithFixedDelay(this::poll, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
        }
        Optional<Writer> writer = tryTake(id);
        routes.put(id, writer);
        if (writer.isEmpty()) {
            LOG.info("route={} It runs on another instance; this one takes over when that ends.", id);
            standBy(id);
        }
        return writer.isPresent();
    }

    /** Whether a route is stopped here because another instance runs it. */
    boolean isOnStandby(String id) {
        return routes.containsKey(id) && routes.get(id).isEmpty();
    }

    /** Leaves a route alone that is about to be removed; its lease is kept until {@link #release}. */
    synchronized void detach(String id) {
        Optional<Writer> writer = routes.remove(id);
        if (writer != null) {
            writer.ifPresent(lease -> leaving.put(id, lease));
        }
    }

    /** Gives the lease of a route back that was detached and is removed. */
    synchronized void release(String id) {
        Writer lease = leaving.remove(id);
        if (lease != null) {
            lease.close();
        }
    }

    private void poll() {
        try {
            Set<String> standby = new TreeSet<>();
            for (Map.Entry<String, Optional<Writer>> route : routes.entrySet()) {
                if (route.getValue().isEmpty()) {
                    standby.add(route.getKey());
                } else if (!route.getValue().get().isRenewed()) {
                    lose(route.getKey());
                }
            }
            if (++polls % POLLS_TO_TAKE == 0 && !standby.isEmpty()) {
                free(standby).forEach(this::takeOver);
            }
        } catch (SQLException | RuntimeException e) {
            LOG.debug("Leases of routes were not looked at: {}", e.getMessage());
        }
    }

    private List<String> free(Set<String> ids) throws SQLException {
        try (Connection c = warehouse.dataSource().getConnection()) {
            return Sql.on(c).list(FREE, row -> row.text("id"), ids);
        }
    }

    private void lose(String id) {
        LOG.warn("route={} Its lease was not renewed in time; it is stopped until this instance has it again.", id);
        standBy(id);
        synchronized (this) {
            Optional<Writer> writer = routes.replace(id, Optional.empty());
            if (writer != null) {
                writer.ifPresent(Writer::close);
            }
        }
    }

    /** Not while a route is being removed: it would be started after that. */
    private synchronized void takeOver(String id) {
        if (isOnStandby(id)) {
            Optional<Writer> writer = tryTake(id);
            if (writer.isPresent()) {
                routes.put(id, writer);
                LOG.info("route={} This instance runs it from now on.", id);
                start(id);
            }
        }
    }

    private Optional<Writer> tryTake(String id) {
        try {
            return warehouse.tryWriter("route:" + id);
        } catch (SQLException e) {
            LOG.warn("route={} Its lease cannot be taken; it is tried again: {}", id, e.getMessage());
            return Optional.empty();
        }
    }

    /** Stopped, and no route that fails: health checks leave out what nothing starts by itself. */
    private void standBy(String id) {
        stop(id);
        Route route = context.getRoute(id);
        if (route != null) {
            KameletSources.stop(route);
            route.setAutoStartup(false);
            route.setRouteController(null);
        }
    }

    private void start(String id) {
        Route route = context.getRoute(id);
        if (route != null) {
            route.setAutoStartup(true);
            try {
                context.getRouteController().startRoute(id);
            } catch (Exception e) {
                LOG.warn("route={} The route does not start yet and will be tried again: {}", id, e.getMessage());
            }
        }
    }

    private void stop(String id) {
        try {
            ServiceStatus status = context.getRouteController().getRouteStatus(id);
            if (status != null && status.isStoppable() || RouteSupervision.isRestarting(context, id)) {
                context.getRouteController().stopRoute(id, LET_FINISH.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (Exception e) {
            LOG.warn("route={} It did not stop cleanly: {}", id, e.getMessage());
        }
    }

    /** Stops the routes and gives their leases back. */
    @Override
    public void close() {
        thread.shutdown();
        for (String id : List.copyOf(routes.keySet())) {
            stop(id);
            detach(id);
            release(id);
        }
    }
}
