package serai.load;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
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
import serai.warehouse.RunOutcome;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;

/**
 * Keeps {@code meta.sources} in step with the routes that poll a report: the page shows one that never ran, and knows
 * when each is due. A source that is overdue when its route starts is polled at once.
 */
final class SourceRegistry extends EventNotifierSupport {

    private static final Logger LOG = LoggerFactory.getLogger(SourceRegistry.class);
    private static final String KAMELET = "metabase-report";
    private static final Set<String> SUCCESSES = Set.of("ok", "unchanged");

    private final Warehouse warehouse;
    private final PollScheduler retry;
    private final Clock clock;

    SourceRegistry(Warehouse warehouse, PollScheduler retry, Clock clock) {
        this.warehouse = warehouse;
        this.retry = retry;
        this.clock = clock;
    }

    @Override
    public boolean isEnabled(CamelEvent event) {
        return event.getType() == CamelEvent.Type.RouteStarted || event.getType() == CamelEvent.Type.RouteRemoved;
    }

    @Override
    public void notify(CamelEvent event) {
        Route route = ((RouteEvent) event).getRoute();
        if (!(route.getEndpoint() instanceof KameletEndpoint kamelet)
                || !kamelet.getTemplateId().equals(KAMELET)) {
            return;
        }
        if (event.getType() == CamelEvent.Type.RouteRemoved) {
            write(route.getRouteId(), "update meta.sources set active = false where source = ?", route.getRouteId());
        } else if (route.getCamelContext().getRoute(kamelet.getRouteId()).getEndpoint()
                instanceof QuartzEndpoint timer) {
            started(route.getRouteId(), kamelet.getRouteId(), timer);
        }
    }

    private void started(String source, String timerRoute, QuartzEndpoint timer) {
        String zone = String.valueOf(timer.getTriggerParameters().getOrDefault("timeZone", "UTC"));
        write(source, """
                insert into meta.sources (source, kind, cron, zone) values (?, 'metabase-report', ?, ?)
                on conflict (source) do update set kind = excluded.kind, cron = excluded.cron, zone = excluded.zone, active = true""", source, timer.getCron(), zone);
        if (isOverdue(source, timer.getCron(), zone)) {
            retry.fire(timerRoute, Duration.ZERO);
        }
    }

    private boolean isOverdue(String source, String cron, String zone) {
        try (Connection c = warehouse.dataSource().getConnection();
                PreparedStatement s = c.prepareStatement(
                        "select status, started_at from meta.runs where source = ? order by run_id desc limit 1")) {
            s.setString(1, source);
            try (ResultSet r = s.executeQuery()) {
                // what never ran is due, and so is what did not succeed: its next try was lost with the process or the
                // route
                if (!r.next() || !SUCCESSES.contains(r.getString(1))) {
                    return true;
                }
                CronExpression expression = new CronExpression(cron);
                expression.setTimeZone(TimeZone.getTimeZone(zone));
                Date due = expression.getNextValidTimeAfter(r.getTimestamp(2));
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
                return RunOutcome.ok(0, 0, 0, 0, null);
            });
        } catch (Exception e) {
            LOG.warn("source={} The page does not know of it yet: {}", source, e.getMessage());
        }
    }
}
