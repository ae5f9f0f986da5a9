package serai.status;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.spi.SupervisingRouteController;
import org.apache.camel.support.RoutePolicySupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.settings.Secrets;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;

/**
 * Keeps in {@code meta.route_runs} when each route of this process last ran, and since when it fails or cannot start.
 * Failures are written within seconds, other runs once a minute. Routes of kamelets are part of the route that uses
 * them.
 */
public final class RouteRuns implements RoutePolicyFactory, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RouteRuns.class);
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final Duration RUNS_EVERY = Duration.ofMinutes(1);
    private static final int LONGEST_ERROR = 2_000;

    private static final String WRITE = """
            insert into meta.route_runs as r (instance, route, last_run_at, last_ok_at, failing_since, failures, error)
            values (?, ?, ?::timestamptz, ?::timestamptz, ?::timestamptz, ?, ?)
            on conflict (instance, route) do update set last_run_at = excluded.last_run_at,
              last_ok_at = excluded.last_ok_at, failing_since = excluded.failing_since, failures = excluded.failures,
              error = excluded.error""";

    private final CamelContext camel;
    private final Warehouse warehouse;
    private final String instance;
    private final Map<String, State> states = new ConcurrentHashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "route-runs");
        made.setDaemon(true);
        return made;
    });

    private RouteRuns(CamelContext camel, Warehouse warehouse, String instance) {
        this.camel = camel;
        this.warehouse = warehouse;
        this.instance = instance;
    }

    /** Follows the routes that are added from now on. */
    public static RouteRuns open(CamelContext camel, Warehouse warehouse, String instance) {
        RouteRuns runs = new RouteRuns(camel, warehouse, instance);
        camel.addRoutePolicyFactory(runs);
        runs.thread.scheduleWithFixedDelay(runs::write, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return runs;
    }

    @Override
    public RoutePolicy createRoutePolicy(CamelContext context, String routeId, NamedNode definition) {
        return definition instanceof RouteDefinition route && Boolean.TRUE.equals(route.isKamelet())
                ? null
                : new Policy(routeId);
    }

    private State state(String route) {
        return states.computeIfAbsent(route, id -> new State());
    }

    private void write() {
        try {
            findRoutesThatDoNotStart();
            List<List<Object>> rows = new ArrayList<>();
            states.forEach((route, state) -> state.row(instance, route).ifPresent(rows::add));
            if (!rows.isEmpty()) {
                warehouse.awaitOpen();
                try (Connection c = warehouse.dataSource().getConnection()) {
                    Sql.on(c).batch(WRITE, rows);
                }
            }
        } catch (SQLException | RuntimeException e) {
            states.values().forEach(state -> state.urgent = true);
            LOG.debug("meta.route_runs was not written: {}", e.getMessage());
        }
    }

    private void findRoutesThatDoNotStart() {
        SupervisingRouteController controller = camel.getRouteController().supervising();
        if (controller != null) {
            for (Route route : controller.getRestartingRoutes()) {
                Throwable reason = controller.getRestartException(route.getRouteId());
                if (states.containsKey(route.getRouteId())) {
                    state(route.getRouteId()).failed("It does not start: " + message(reason), false);
                }
            }
        }
    }

    private static String message(Throwable e) {
        return e == null ? "no reason was given" : e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private void remove(String route) {
        if (states.remove(route) != null && !thread.isShutdown()) {
            thread.execute(
                    () -> delete("delete from meta.route_runs where instance = ? and route = ?", instance, route));
        }
    }

    private void delete(String sql, Object... parameters) {
        try (Connection c = warehouse.dataSource().getConnection()) {
            Sql.on(c).update(sql, parameters);
        } catch (SQLException e) {
            LOG.debug("meta.route_runs was not written: {}", e.getMessage());
        }
    }

    /** Removes the rows of this process. Close it before the warehouse. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            thread.awaitTermination(5, TimeUnit.SECONDS);
            if (!states.isEmpty()) {
                delete("delete from meta.route_runs where instance = ?", instance);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Policy extends RoutePolicySupport {

        private final String route;

        Policy(String route) {
            this.route = route;
        }

        @Override
        public void onInit(Route added) {
            state(route);
        }

        @Override
        public void onStart(Route started) {
            state(route).started();
        }

        @Override
        public void onRemove(Route removed) {
            remove(route);
        }

        @Override
        public void onExchangeDone(Route ran, Exchange exchange) {
            if (exchange.isFailed()) {
                state(route).failed(message(exchange.getException()), true);
            } else {
                state(route).succeeded();
            }
        }
    }

    /** The runs of one route. Many threads may write it. */
    private static final class State {

        private Instant lastRun;
        private Instant lastOk;
        private Instant failingSince;
        private long failures;
        private String error;
        private boolean notStarting;
        private boolean changed = true;
        private volatile boolean urgent = true;
        private long writtenAt;

        synchronized void succeeded() {
            lastRun = Instant.now();
            lastOk = lastRun;
            changed = true;
            recovered();
        }

        synchronized void started() {
            if (notStarting) {
                notStarting = false;
                recovered();
            }
        }

        private void recovered() {
            urgent |= failingSince != null;
            failingSince = null;
            failures = 0;
            error = null;
        }

        /** @param ran whether an exchange failed; otherwise the route does not start */
        synchronized void failed(String reason, boolean ran) {
            Instant now = Instant.now();
            notStarting = !ran;
            lastRun = ran ? now : lastRun;
            changed = true;
            urgent |= failingSince == null;
            failingSince = failingSince == null ? now : failingSince;
            failures++;
            String masked = Secrets.mask(reason);
            error = masked.substring(0, Math.min(LONGEST_ERROR, masked.length()));
        }

        /** The row, if it is to be written now. */
        synchronized Optional<List<Object>> row(String instance, String route) {
            boolean due = System.nanoTime() - writtenAt > RUNS_EVERY.toNanos();
            if (!urgent && !(changed && due)) {
                return Optional.empty();
            }
            urgent = false;
            changed = false;
            writtenAt = System.nanoTime();
            return Optional.of(Arrays.asList(instance, route, lastRun, lastOk, failingSince, failures, error));
        }
    }
}
