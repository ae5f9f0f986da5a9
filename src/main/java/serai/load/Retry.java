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
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import serai.warehouse.Outcome;

/**
 * Fires a poll outside its timetable, through the route's own Quartz job: again soon after one that failed or was held, and at once at a
 * start when the last one is overdue. The next one by the timetable stays as it is.
 */
final class Retry {

    private static final Logger LOG = LoggerFactory.getLogger(Retry.class);
    private static final String GROUP = "serai-retry";

    private final CamelContext context;
    private final Duration first;
    private final Duration longest;
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();

    /** @param first wait after a first failure; it doubles with each further one up to {@code longest} */
    Retry(CamelContext context, Duration first, Duration longest) {
        this.context = context;
        this.first = first;
        this.longest = longest;
    }

    void after(Poll poll, Exchange exchange) {
        String source = poll.writer().source();
        Outcome.Status status = poll.outcome().status();
        if (status == Outcome.Status.OK || status == Outcome.Status.UNCHANGED) {
            failures.remove(source);
            return;
        }
        int times = failures.merge(source, 1, Integer::sum);
        Duration wait = first.multipliedBy(1L << Math.min(times - 1, 20));
        wait = wait.compareTo(longest) > 0 ? longest : wait;
        if (status == Outcome.Status.FAILED) {
            LOG.warn("source={} status=failed The old rows stay: {} Next try in {} s.", source, poll.outcome().error(), wait.toSeconds());
        }
        fire(exchange.getFromRouteId(), wait);
    }

    /** Fires the job of a route once, after a wait; an earlier firing of this kind that is still to come is replaced. */
    void fire(String quartzRouteId, Duration wait) {
        Route route = context.getRoute(quartzRouteId);
        if (route == null || !(route.getEndpoint() instanceof QuartzEndpoint endpoint)) {
            return;
        }
        try {
            Scheduler scheduler = context.getComponent("quartz", QuartzComponent.class).getScheduler();
            JobKey job = new JobKey(endpoint.getTriggerKey().getName(), endpoint.getTriggerKey().getGroup());
            TriggerKey key = new TriggerKey(quartzRouteId, GROUP);
            Trigger trigger = TriggerBuilder.newTrigger().withIdentity(key).forJob(job)
                    .startAt(new Date(System.currentTimeMillis() + wait.toMillis())).build();
            if (scheduler.isShutdown() || !scheduler.checkExists(job)) {
                return;
            }
            scheduler.unscheduleJob(key);
            scheduler.scheduleJob(trigger);
        } catch (SchedulerException e) {
            LOG.warn("route={} It cannot be fired out of its timetable: {}", quartzRouteId, e.getMessage());
        }
    }
}
