package serai.load;

import java.sql.Connection;
import java.sql.SQLException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Route;
import org.apache.camel.component.kamelet.Kamelet;
import org.apache.camel.component.kamelet.KameletEndpoint;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.RouteEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.quartz.CronExpression;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;

/**
 * Keeps {@code meta.sources} in step with the routes that import: the page shows a source that has never run, and knows
 * when each is due. A source that is overdue when its route starts is run at once. A route imports if it begins with a
 * kamelet whose timer is in the Quartz group {@code load}, or if it has the step {@code upsert-rows}; that one has no
 * schedule.
 */
final class SourceRegistry extends EventNotifierSupport {

    private static final Logger LOG = LoggerFactory.getLogger(SourceRegistry.class);
    private static final String GROUP = "load";
    /** The kamelet that follows the log of a database. */
    static final String REPLICATE = "replicate";

    private static final Set<String> SUCCESSES = Set.of("ok", "unchanged");
    private static final String ADD = """
            insert into meta.sources (source, kind, cron, zone) values (?, ?, ?, ?)
            on conflict (source) do update
            set kind = excluded.kind, cron = excluded.cron, zone = excluded.zone, active = true,
              attempt = 0, next_try = null""";
    private static final String REMOVE_OTHERS =
            "update meta.sources set active = false where active and source <> all (?)";
    private static final String REMOVE = "update meta.sources set active = false where source = ?";

    private final Warehouse warehouse;
    private final ImportScheduler scheduler;
    private final Clock clock;
    /** By source, the route of its timer. */
    private final Map<String, String> timers = new ConcurrentHashMap<>();
    /** Databases whose log is followed. */
    private final Set<String> followed = ConcurrentHashMap.newKeySet();

    /** Sources without a timer. */
    private final Set<String> pushed = ConcurrentHashMap.newKeySet();

    /** The sources that were overdue when their route started. */
    private final Set<String> overdue = ConcurrentHashMap.newKeySet();

    SourceRegistry(Warehouse warehouse, ImportScheduler scheduler, Clock clock) {
        this.warehouse = warehouse;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    @Override
    public boolean isEnabled(CamelEvent event) {
        return event.getType() == CamelEvent.Type.RouteStarted || event.getType() == CamelEvent.Type.RouteRemoved;
    }

    @Override
    public void notify(CamelEvent event) {
        Route route = ((RouteEvent) event).getRoute();
        if (event.getType() == CamelEvent.Type.RouteRemoved) {
            if (timers.remove(route.getRouteId()) != null
                    | pushed.remove(route.getRouteId())
                    | followed.remove(route.getRouteId())) {
                write(route.getRouteId(), REMOVE, route.getRouteId());
            }
        } else if (route.getEndpoint() instanceof KameletEndpoint kamelet) {
            started(route, kamelet);
        }
    }

    private void started(Route route, KameletEndpoint kamelet) {
        if (kamelet.getTemplateId().equals(UpsertRows.KIND)) {
            String source = String.valueOf(
                    ((RouteDefinition) route.getRoute()).getTemplateParameters().get(Kamelet.PARENT_ROUTE_ID));
            pushed.add(source);
            write(source, ADD, source, UpsertRows.KIND, null, "UTC");
        } else if (kamelet.getTemplateId().equals(REPLICATE)) {
            followed.add(route.getRouteId());
            write(route.getRouteId(), ADD, route.getRouteId(), REPLICATE, null, "UTC");
        } else if (route.getCamelContext().getRoute(kamelet.getRouteId()).getEndpoint() instanceof QuartzEndpoint timer
                && timer.getTriggerKey().getGroup().equals(GROUP)) {
            started(route.getRouteId(), kamelet, timer);
        }
    }

    private void started(String source, KameletEndpoint kamelet, QuartzEndpoint timer) {
        String zone = String.valueOf(timer.getTriggerParameters().getOrDefault("timeZone", "UTC"));
        timers.put(source, kamelet.getRouteId());
        write(source, ADD, source, kamelet.getTemplateId(), timer.getCron(), zone);
        if (isOverdue(source, timer.getCron(), zone)) {
            overdue.add(source);
            scheduler.fire(kamelet.getRouteId(), Duration.ZERO);
        }
    }

    /** Once all routes were started: a source whose route was removed while no process ran is no longer active. */
    void deactivateOthers() {
        Set<String> running = new HashSet<>(timers.keySet());
        running.addAll(pushed);
        running.addAll(followed);
        write("all", REMOVE_OTHERS, running);
    }

    /** Whether a source was imported at the start of its route. */
    boolean wasOverdue(String source) {
        return overdue.contains(source);
    }

    /** Whether rows of a source come in messages, to a route of this process. */
    boolean isPushed(String source) {
        return pushed.contains(source);
    }

    /** The sources that routes of this process import. */
    List<String> names() {
        return List.copyOf(timers.keySet());
    }

    /** The route of a source's timer; empty when no route of this process imports it. */
    Optional<String> timerOf(String source) {
        return Optional.ofNullable(timers.get(source));
    }

    private record LastRun(String status, Instant startedAt) {}

    private boolean isOverdue(String source, String cron, String zone) {
        try (Connection c = warehouse.dataSource().getConnection()) {
            Optional<LastRun> last = Sql.on(c)
                    .first(
                            "select status, started_at from meta.runs where source = ? order by run_id desc limit 1",
                            row -> new LastRun(row.text("status"), row.instant("started_at")),
                            source);
            // a run that did not succeed is due too: its retry was lost with the process or the route
            return last.isEmpty()
                    || !SUCCESSES.contains(last.get().status())
                    || isDue(last.get().startedAt(), cron, zone);
        } catch (SQLException | ParseException e) {
            LOG.warn("source={} It is not known whether it is overdue: {}", source, e.getMessage());
            return false;
        }
    }

    private boolean isDue(Instant lastStart, String cron, String zone) throws ParseException {
        CronExpression expression = new CronExpression(cron);
        expression.setTimeZone(TimeZone.getTimeZone(zone));
        Date due = expression.getNextValidTimeAfter(Date.from(lastStart));
        return due != null && due.toInstant().isBefore(clock.instant());
    }

    private void write(String source, String sql, Object... parameters) {
        try (Writer writer = warehouse.writer("sources")) {
            writer.commitWithState(tx -> {
                tx.sql().update(sql, parameters);
                return RunOutcome.ok();
            });
        } catch (Exception e) {
            LOG.warn("source={} The page does not show this change of the source yet: {}", source, e.getMessage());
        }
    }
}
