package serai.warehouse;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.settings.Setting;
import serai.settings.SettingType;
import serai.settings.Settings;

/** Deletes old rows of {@code meta.runs} and {@code meta.rejects}, now and then, a bounded number at a time. */
public final class Retention implements AutoCloseable {

    static final Setting<Duration> KEEP_RUNS = Setting.of(
            "warehouse.keep-runs",
            SettingType.duration(Duration.ofDays(1), Duration.ofDays(36_500)),
            "90d",
            "How long runs stay in meta.runs. The last hundred of each source and model stay longer.");
    static final Setting<Duration> KEEP_REJECTS = Setting.of(
            "warehouse.keep-rejects",
            SettingType.duration(Duration.ofHours(1), Duration.ofDays(36_500)),
            "90d",
            "How long rejects stay in meta.rejects after they were resolved. Open ones of a source stay.");

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    /** After a start there is more urgent work. */
    private static final Duration FIRST = Duration.ofMinutes(1);

    private static final Duration EVERY = Duration.ofMinutes(10);
    private static final int MOST = 10_000;

    /**
     * Runs that something refers to stay: what a source or model did last, and last with success; how far back a source
     * was ever imported, and when it first had rows (serai.load.MissingDays); the windows of open rejects; what is
     * known of the days of Google Analytics.
     */
    private static final String RUNS = """
            with kept as (
              select s.source,
                (select run_id from meta.runs r where r.source = s.source order by run_id desc offset 99 limit 1)
                  as newest_from,
                array[
                  (select max(run_id) from meta.runs r where r.source = s.source and status in ('ok', 'unchanged')),
                  (select max(run_id) from meta.runs r where r.source = s.source and status = 'ok'),
                  (select max(run_id) from meta.runs r where r.source = s.source and accepted_by is not null),
                  (select run_id from meta.runs r where r.source = s.source and status in ('ok', 'unchanged')
                    and window_from is not null order by window_from limit 1),
                  (select run_id from meta.runs r where r.source = s.source and status in ('ok', 'unchanged')
                    and window_from is not null and rows_inserted > 0 order by finished_at limit 1)] as runs
              from (select distinct source from meta.runs
                where started_at < clock_timestamp() - ?::bigint * interval '1 second') s
            )
            delete from meta.runs where run_id in (
              select r.run_id from meta.runs r join kept k on k.source = r.source
              where r.started_at < clock_timestamp() - ?::bigint * interval '1 second' and r.status <> 'running'
                and r.run_id < k.newest_from and r.run_id <> all (array_remove(k.runs, null))
                and not exists (select from meta.rejects j where j.run_id = r.run_id and j.resolved_at is null)
                and not exists (select from meta.ga4_days d where d.run_id = r.run_id)
                and not exists (select from meta.ga4_days d where d.run_id = r.accepts)
              limit ?)""";

    /** Open rejects are rows that a table of a source lacks; those of others, such as documents, are no rows. */
    private static final String REJECTS = """
            delete from meta.rejects where id in (
              select r.id from meta.rejects r cross join
                (select clock_timestamp() - ?::bigint * interval '1 second' as before) old
              where r.resolved_at < old.before or r.resolved_at is null and r.last_seen < old.before
                and not exists (select from meta.sources s where s.source = r.source)
              limit ?)""";

    private final Warehouse warehouse;
    private final Duration keepRuns;
    private final Duration keepRejects;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "retention");
        made.setDaemon(true);
        return made;
    });

    /** @param warehouse open, or about to be */
    Retention(Warehouse warehouse, Duration keepRuns, Duration keepRejects) {
        this.warehouse = warehouse;
        this.keepRuns = keepRuns;
        this.keepRejects = keepRejects;
    }

    /** Begins to delete, in a thread of its own, once the warehouse is open. */
    public static Retention open(Warehouse warehouse, Settings settings) {
        Retention retention = new Retention(warehouse, settings.get(KEEP_RUNS), settings.get(KEEP_REJECTS));
        retention.thread.scheduleWithFixedDelay(
                retention::deleteSafely, FIRST.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return retention;
    }

    private void deleteSafely() {
        try {
            warehouse.awaitOpen();
            delete();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            if (!thread.isShutdown()) {
                LOG.warn("Old runs and rejects could not be deleted; it is tried again later: {}", e.getMessage());
            }
        }
    }

    /** Deletes all that is old, unless another process does. */
    void delete() throws Exception {
        Optional<Writer> found = warehouse.tryWriter("retention");
        if (found.isEmpty()) {
            return;
        }
        try (Writer writer = found.get()) {
            // rejects first: a run stays as long as one of its rejects
            while (delete(writer, REJECTS, keepRejects.toSeconds(), MOST)
                    || delete(writer, RUNS, keepRuns.toSeconds(), keepRuns.toSeconds(), MOST)) {
                LOG.debug("Old runs or rejects were deleted; there may be more.");
            }
        }
    }

    /** Returns whether there may be more. */
    private static boolean delete(Writer writer, String sql, Object... parameters) throws Exception {
        long[] deleted = new long[1];
        writer.commitWithState(tx -> {
            deleted[0] = tx.sql().update(sql, parameters);
            return RunOutcome.ok();
        });
        return deleted[0] == MOST;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
