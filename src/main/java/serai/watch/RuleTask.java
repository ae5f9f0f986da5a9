package serai.watch;

import java.time.Clock;
import java.util.concurrent.CompletionException;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.support.RoutePolicySupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import serai.watch.alert.AlertRule;
import serai.watch.outbox.Destinations;
import serai.watch.rule.Rule;
import serai.watch.search.Search;
import serai.watch.run.RuleRun;
import serai.watch.run.RuleState;

/**
 * A rule's work behind its route: a tick of the route's timer is a run, or several in a row when it is behind. It also says in the
 * warehouse that the rule runs, and that it no longer does. Not started when the route is only tried.
 */
final class RuleTask extends RoutePolicySupport implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(RuleTask.class);

    private final AlertRule alertRule;
    private final Rule rule;
    private final Search search;
    private final RuleLedger ledger;
    private final Destinations destinations;
    private final RuleRun.Bounds bounds;
    private final Clock clock;
    private volatile boolean active;
    private volatile boolean stopping;
    private String lastFailure;

    RuleTask(AlertRule alertRule, Search search, RuleLedger ledger, Destinations destinations, RuleRun.Bounds bounds, Clock clock) {
        this.alertRule = alertRule;
        this.rule = alertRule.rule();
        this.search = search;
        this.ledger = ledger;
        this.destinations = destinations;
        this.bounds = bounds;
        this.clock = clock;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        boolean behind = true;
        while (behind && !stopping) {
            behind = run();
        }
    }

    /** @return whether the run stopped at a bound, so that another should follow at once */
    private boolean run() throws Exception {
        RuleState before = ledger.read(rule);
        RuleRun.Result result;
        try {
            result = new RuleRun(rule, before, search, bounds, clock.instant()).run().join();
        } catch (CompletionException e) {
            failed(e.getCause().getMessage());
            return false;
        }
        if (lastFailure != null) {
            LOG.info("rule=\"{}\" runs again", rule.name());
            lastFailure = null;
        }
        return ledger.commit(alertRule, before, result, clock.instant()) && !result.complete();
    }

    private void failed(String reason) throws Exception {
        ledger.failed(rule, clock.instant(), reason);
        if (!reason.equals(lastFailure)) {
            LOG.warn("rule=\"{}\" The run failed and its time will be covered by the next: {}", rule.name(), reason);
            lastFailure = reason;
        }
    }

    @Override
    public void onStart(Route route) {
        active = true;
        stopping = false;
        alertRule.notices().forEach(notice -> LOG.warn("file={}:{}", rule.file(), notice));
        destinations.add(alertRule);
        try {
            ledger.started(rule);
        } catch (Exception e) {
            // its first run writes the row as well
            LOG.warn("rule=\"{}\" The warehouse could not be told that it runs: {}", rule.name(), e.getMessage());
        }
    }

    @Override
    public void onStop(Route route) {
        stopping = true;
    }

    @Override
    public void onRemove(Route route) {
        if (!active || route.getCamelContext().isStopping()) {
            return;
        }
        active = false;
        try {
            ledger.removed(rule);
        } catch (Exception e) {
            LOG.warn("rule=\"{}\" The warehouse could not be told that it is gone: {}", rule.name(), e.getMessage());
        }
    }
}
