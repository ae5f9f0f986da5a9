package serai.load;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;

/**
 * Imports sources whose run another instance began and did not end, because it died: the next firing of the timer may
 * be hours away. A retry that is overdue is made up for in the same way.
 */
final class AbandonedRuns implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AbandonedRuns.class);
    /** With lease.term less than the 15 s within which another instance has to take over. */
    private static final Duration EVERY = Duration.ofSeconds(4);

    private static final String ABANDONED = """
            select s.source from meta.sources s cross join lateral (
              select r.status from meta.runs r where r.source = s.source order by r.run_id desc limit 1) newest
            where s.source = any (?)
              and (newest.status = 'running' or newest.status not in ('ok', 'unchanged')
                and s.next_try < clock_timestamp() - interval '1 minute')
              and not exists (
                select from meta.leases l where l.source = s.source and l.expires_at > clock_timestamp())
              and not exists (select from meta.paused p where p.kind = 'source' and p.name = s.source)""";

    private final Warehouse warehouse;
    private final SourceRegistry sources;
    private final ImportScheduler scheduler;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "abandoned-runs");
        made.setDaemon(true);
        return made;
    });

    AbandonedRuns(Warehouse warehouse, SourceRegistry sources, ImportScheduler scheduler) {
        this.warehouse = warehouse;
        this.sources = sources;
        this.scheduler = scheduler;
    }

    void start() {
        thread.scheduleWithFixedDelay(this::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        List<String> own = sources.names();
        if (own.isEmpty()) {
            return;
        }
        try (Connection c = warehouse.dataSource().getConnection()) {
            for (String source : Sql.on(c).list(ABANDONED, row -> row.text("source"), own)) {
                LOG.info("source={} Its last run has no writer any more. It is imported now.", source);
                sources.timerOf(source).ifPresent(timer -> scheduler.fire(timer, Duration.ZERO));
            }
        } catch (SQLException | RuntimeException e) {
            LOG.debug("Abandoned runs are looked for again: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
