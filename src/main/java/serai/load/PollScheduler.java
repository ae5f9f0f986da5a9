package serai.load;

import java.time.Duration;
import java.util.Date;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
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
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.RunOutcome;

/**
 * Fires a poll outside its timetable, through the route's own Quartz job: again soon after one that failed or was held,
 * and at once at a start when the last one is overdue. The next one by the timetable stays as it is.
 */
public final class PollScheduler {

    private static final Logger LOG = LoggerFactory.getLogger(PollScheduler.class);
    private static final String GROUP = "serai-retry";

    private final CamelContext context;
    private final Duration first;
    private final Duration longest;
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();

    /** @param first wait after a first failure; it doubles with each further one up to {@code longest} */
    PollScheduler(CamelContext context, Duration first, Duration longest) {
        this.context = context;
        this.first = first;
        this.longest = longest;
    }

    public void after(ImportRun poll, Exchange exchange) {
        String source = poll.writer().source();
        RunOutcome.Status status = poll.outcome().status();
        if (status == RunOutcome.Status.OK || status == RunOutcome.Status.UNCHANGED) {
            failures.remove(source);
            return;
        }
        int times = failures.merge(source, 1, Integer::sum);
        Duration wait = first.multipliedBy(1L << Math.min(times - 1, 20));
        wait = wait.compareTo(longest) > 0 ? longest : wait;
        if (status == RunOutcome.Status.FAILED) {
            LOG.warn(
                    "source={} status=failed The old rows stay: {} Next try in {} s.",
                    source,
                    poll.outcome().error(),
                    wait.toSeconds());
        }
        fire(exchange.getFromRouteId(), wait);
    }

    /**
     * Fires the job of a route once, after a wait; an earlier firing of this kind that is still to come is replaced.
     */
    void fire(String quartzRouteId, Duration wait) {
        Route route = context.getRoute(quartzRouteId);
        if (route == null || !(route.getEndpoint() instanceof QuartzEndpoint endpoint)) {
            return;
        }
        try {
            Scheduler scheduler =
                    context.getComponent("quartz", QuartzComponent.class).getScheduler();
            JobKey job = new JobKey(
                    endpoint.getTriggerKey().getName(), endpoint.getTriggerKey().getGroup());
            TriggerKey key = new TriggerKey(quartzRouteId, GROUP);
            if (scheduler.isShutdown() || !scheduler.checkExists(job)) {
                return;
            }
            if (wait.isZero()) {
                scheduler.triggerJob(job);
                return;
            }
            Trigger trigger = TriggerBuilder.newTrigger()
                    .withIdentity(key)
                    .startAt(new Date(System.currentTimeMillis() + wait.toMillis()))
                    .build();
            scheduler.deleteJob(new JobKey(quartzRouteId, GROUP));
            scheduler.scheduleJob(
                    JobBuilder.newJob(Fire.class)
                            .withIdentity(quartzRouteId, GROUP)
                            .usingJobData(Fire.NAME, job.getName())
                            .usingJobData(Fire.GROUP, job.getGroup())
                            .build(),
                    trigger);
        } catch (SchedulerException e) {
            LOG.warn("route={} It cannot be fired out of its timetable: {}", quartzRouteId, e.getMessage());
        }
    }

    /**
     * Camel's own job leaves out a firing that comes a millisecond before its trigger's start, so this one comes first
     * and fires it.
     */
    public static final class Fire implements Job {

        static final String NAME = "name";
        static final String GROUP = "group";

        @Override
        public void execute(JobExecutionContext execution) throws JobExecutionException {
            JobDataMap data = execution.getMergedJobDataMap();
            JobKey job = new JobKey(data.getString(NAME), data.getString(GROUP));
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
