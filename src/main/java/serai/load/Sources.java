package serai.load;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.TimeZone;

import org.apache.camel.Route;
import org.apache.camel.component.kamelet.KameletEndpoint;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.RouteEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.quartz.CronExpression;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import serai.warehouse.Outcome;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;

/**
 * Keeps {@code meta.sources} in step with the routes that poll a report: the page shows one that never ran, and knows when each is due.
 * A source that is overdue when its route starts is polled at once.
 */
final class Sources extends EventNotifierSupport {

    private static final Logger LOG = LoggerFactory.getLogger(Sources.class);
    private static final String KAMELET = "metabase-report";

    private final Warehouse warehouse;
    private final Retry retry;
    private final Clock clock;

    Sources(Warehouse warehouse, Retry retry, Clock clock) {
        this.warehouse = warehouse;
        this.retry = retry;
        this.clock = clock;
    }

    @Override
    public boolean isEnabled(CamelEvent event) {
        return event.getType() == CamelEvent.Type.RouteStarted || event.getType() == CamelEvent.Type.RouteStopped
                || event.getType() == CamelEvent.Type.RouteRemoved;
    }

    @Override
    public void notify(CamelEvent event) {
        Route route = ((RouteEvent) event).getRoute();
        if (event.getType() == CamelEvent.Type.RouteStarted && route.getEndpoint() instanceof QuartzEndpoint timer && isPoll(route)) {
            started(route, timer);
        } else if (event.getType() == CamelEvent.Type.RouteRemoved && reads(route)) {
            write(route.getRouteId(), "update meta.sources set active = false where source = ?", route.getRouteId());
        }
    }

    private static boolean reads(Route route) {
        return route.getEndpoint() instanceof KameletEndpoint kamelet && kamelet.getTemplateId().equals(KAMELET);
    }

    /** The kamelet's own route, whose id is that of the route that uses it and the kamelet's name. */
    private static boolean isPoll(Route route) {
        return route.getRouteId().endsWith("." + KAMELET);
    }

    private void started(Route route, QuartzEndpoint timer) {
        String source = route.getRouteId().substring(0, route.getRouteId().length() - KAMELET.length() - 1);
        Object zone = timer.getTriggerParameters() == null ? null : timer.getTriggerParameters().get("timeZone");
        String zoneName = zone instanceof TimeZone z ? z.getID() : zone == null ? "UTC" : zone.toString();
        write(source, """
                insert into meta.sources (source, kind, cron, zone) values (?, 'metabase-report', ?, ?)
                on conflict (source) do update set kind = excluded.kind, cron = excluded.cron, zone = excluded.zone, active = true""",
                source, timer.getCron(), zoneName);
        if (isOverdue(source, timer.getCron(), zoneName)) {
            retry.fire(route.getRouteId(), Duration.ZERO);
        }
    }

    private boolean isOverdue(String source, String cron, String zone) {
        try (Connection c = warehouse.dataSource().getConnection();
                PreparedStatement s = c.prepareStatement(
                        "select max(started_at) from meta.runs where source = ? and status in ('ok', 'unchanged')")) {
            s.setString(1, source);
            try (ResultSet r = s.executeQuery()) {
                r.next();
                if (r.getTimestamp(1) == null) {
                    return true;
                }
                CronExpression expression = new CronExpression(cron);
                expression.setTimeZone(TimeZone.getTimeZone(zone));
                Date due = expression.getNextValidTimeAfter(r.getTimestamp(1));
                return due != null && due.toInstant().isBefore(Instant.now(clock));
            }
        } catch (Exception e) {
            LOG.warn("source={} Whether it is overdue is not known: {}", source, e.getMessage());
            return false;
        }
    }

    private void write(String source, String sql, String... values) {
        try (Writer writer = warehouse.writer("sources")) {
            writer.commitWithState(tx -> {
                try (PreparedStatement s = tx.connection().prepareStatement(sql)) {
                    for (int i = 0; i < values.length; i++) {
                        s.setString(i + 1, values[i]);
                    }
                    s.executeUpdate();
                }
                return Outcome.ok(0, 0, 0, 0, null);
            });
        } catch (Exception e) {
            LOG.warn("source={} The page does not know of it yet: {}", source, e.getMessage());
        }
    }
}
