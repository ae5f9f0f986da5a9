package serai.load;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Date;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDataMap;
import org.quartz.JobExecutionContext;
import org.quartz.JobExecutionException;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.TriggerBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;

/**
 * Runs imports outside their schedule, by the Quartz job of their own route: soon after a run that failed or was held,
 * and at once at a start when a run is overdue. The next run by the schedule stays as it is.
 */
final class ImportScheduler {

    private static final Logger LOG = LoggerFactory.getLogger(ImportScheduler.class);
    private static final String GROUP = "serai-retry";

    private final CamelContext context;
    private final Warehouse warehouse;
    private final Duration firstWait;
    private final Duration longestWait;
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();

    /** @param firstWait wait after a first failure; it doubles with each further one up to {@code longestWait} */
    ImportScheduler(CamelContext context, Warehouse warehouse, Duration firstWait, Duration longestWait) {
        this.context = context;
        this.warehouse = warehouse;
        this.firstWait = firstWait;
        this.longestWait = longestWait;
    }

    /**
     * Schedules another run after one that failed or was held.
     *
     * @param timerRoute the id of the route that the source's timer starts
     */
    void afterRun(ImportRun run, String timerRoute) {
        String source = run.sourceName();
        RunOutcome.Status status = run.outcome().status();
        if (status == RunOutcome.Status.OK || status == RunOutcome.Status.UNCHANGED) {
            failures.remove(source);
            // also when another instance, which may be dead by now, wrote that it would try again
            show(source, 0, null);
            if (run.isReload() || isReloadAsked(source)) {
                // the next part, and after the last one the usual window, whose time may have come meanwhile
                fire(timerRoute, Duration.ZERO);
            }
            return;
        }
        int times = failures.merge(source, 1, Integer::sum);
        Duration wait = firstWait.multipliedBy(1L << Math.min(times - 1, 20));
        wait = wait.compareTo(longestWait) > 0 ? longestWait : wait;
        if (status == RunOutcome.Status.FAILED) {
            LOG.warn(
                    "source={} status=failed The old rows stay: {} Next try in {} s.",
                    source,
                    run.outcome().error(),
                    wait.toSeconds());
        }
        show(source, times, wait);
        fire(timerRoute, wait);
    }

    /** Whether a command asked for past days; the run that it started was skipped if another one was under way. */
    private boolean isReloadAsked(String source) {
        try (Connection c = warehouse.dataSource().getConnection()) {
            return Reload.find(Sql.on(c), source).isPresent();
        } catch (SQLException e) {
            LOG.debug("source={} A reload waits for the next firing of its timer: {}", source, e.getMessage());
            return false;
        }
    }

    /** Schedules a run that was due while its source is paused, so that it is made up for once it is resumed. */
    void afterPause(String timerRoute) {
        fire(timerRoute, firstWait);
    }

    /** Tells the page when the source is tried again. */
    private void show(String source, int attempt, Duration wait) {
        try (Connection c = warehouse.dataSource().getConnection()) {
            Sql.on(c)
                    .update(
                            "update meta.sources set attempt = ?,"
                                    + " next_try = clock_timestamp() + ?::bigint * interval '1 ms' where source = ?"
                                    + " and (attempt > 0 or ?)",
                            attempt,
                            wait == null ? null : wait.toMillis(),
                            source,
                            attempt > 0);
        } catch (SQLException e) {
            LOG.debug("source={} The page does not show the next try: {}", source, e.getMessage());
        }
    }

    /** Fires the job of a timer once, after a wait; a firing of this kind that still waits is replaced. */
    void fire(String timerRoute, Duration wait) {
        Route route = context.getRoute(timerRoute);
        if (route == null || !(route.getEndpoint() instanceof QuartzEndpoint timer)) {
            return;
        }
        try {
            Scheduler scheduler =
                    context.getComponent("quartz", QuartzComponent.class).getScheduler();
            JobKey job = JobKey.jobKey(
                    timer.getTriggerKey().getName(), timer.getTriggerKey().getGroup());
            if (scheduler.isShutdown() || !scheduler.checkExists(job)) {
                return;
            }
            if (wait.isZero()) {
                scheduler.triggerJob(job);
                return;
            }
            JobKey retry = JobKey.jobKey(timerRoute, GROUP);
            scheduler.deleteJob(retry);
            scheduler.scheduleJob(
                    JobBuilder.newJob(Retry.class)
                            .withIdentity(retry)
                            .usingJobData(Retry.NAME, job.getName())
                            .usingJobData(Retry.GROUP, job.getGroup())
                            .build(),
                    TriggerBuilder.newTrigger()
                            .withIdentity(timerRoute, GROUP)
                            .startAt(new Date(System.currentTimeMillis() + wait.toMillis()))
                            .build());
        } catch (SchedulerException e) {
            LOG.warn("route={} It cannot be run outside its schedule: {}", timerRoute, e.getMessage());
        }
    }

    /**
     * Fires the job of a timer. Camel's own job skips a firing that comes a millisecond before its trigger's start, so
     * it cannot be scheduled itself: docs/reference/camel.md, "Quartz".
     */
    public static final class Retry implements Job {

        static final String NAME = "name";
        static final String GROUP = "group";

        @Override
        public void execute(JobExecutionContext execution) throws JobExecutionException {
            JobDataMap data = execution.getMergedJobDataMap();
            JobKey job = JobKey.jobKey(data.getString(NAME), data.getString(GROUP));
            try {
                if (execution.getScheduler().checkExists(job)) {
                    execution.getScheduler().triggerJob(job);
                }
            } catch (SchedulerException e) {
                throw new JobExecutionException(e);
            }
        }
    }
}
