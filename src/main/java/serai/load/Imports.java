package serai.load;

import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ServiceStatus;
import org.apache.camel.spi.Synchronization;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.request.Pause;
import serai.request.Pauses;
import serai.request.Subject;
import serai.warehouse.Warehouse;

/**
 * Begins the runs of imports. The kamelet of a source calls it at each firing of its timer, before it requests
 * anything; the run ends with the exchange. {@link LoadRoom} binds the one object of this class.
 */
public final class Imports {

    private static final Logger LOG = LoggerFactory.getLogger(Imports.class);

    private final CamelContext context;
    private final Warehouse warehouse;
    private final ImportLimits limits;
    private final ImportScheduler scheduler;
    private final Clock clock;

    Imports(CamelContext context, Warehouse warehouse, ImportLimits limits, ImportScheduler scheduler, Clock clock) {
        this.context = context;
        this.warehouse = warehouse;
        this.limits = limits;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    /**
     * Begins a run, which the exchange carries to {@code replace-window}.
     *
     * @return empty when this firing is to be skipped; the exchange is then stopped
     */
    public Optional<ImportRun> begin(Exchange exchange, ImportSource source) throws SQLException {
        if (!isRunning(source.name())) {
            return skip(exchange);
        }
        Optional<Pause> pause = Pauses.find(warehouse, new Subject(Subject.Kind.SOURCE, source.name()));
        if (pause.isPresent()) {
            LOG.debug(
                    "source={} This firing is skipped: {}",
                    source.name(),
                    pause.get().text());
            scheduler.afterPause(exchange.getFromRouteId());
            return skip(exchange);
        }
        Optional<ImportRun> run = ImportRun.begin(warehouse, limits, source, clock.instant());
        if (run.isEmpty()) {
            LOG.info("source={} Another run or instance imports it now; this firing is skipped.", source.name());
            return skip(exchange);
        }
        exchange.setProperty(ImportRun.PROPERTY, run.get());
        exchange.getExchangeExtension().addOnCompletion(new RunEnd(run.get()));
        return run;
    }

    private static Optional<ImportRun> skip(Exchange exchange) {
        exchange.setRouteStop(true);
        return Optional.empty();
    }

    /**
     * Whether the route takes a report. A kamelet's timer starts before Camel knows the route that uses it, and also
     * when that route is not to start; a run would then wait for it, and the edit that adds the route for the run. A
     * firing that is skipped for this reason is overdue when the route starts, and is made up for then.
     */
    private boolean isRunning(String route) {
        ServiceStatus status = context.getRouteController().getRouteStatus(route);
        return status != null && (status.isStarting() || status.isStarted());
    }

    /** Ends the run with its exchange, and has a run that failed or was held repeated. */
    private final class RunEnd implements Synchronization {

        private final ImportRun run;

        RunEnd(ImportRun run) {
            this.run = run;
        }

        @Override
        public void onComplete(Exchange exchange) {
            end(exchange, "The route ended without loading the report. Add a 'kamelet:replace-window' to it.");
        }

        @Override
        public void onFailure(Exchange exchange) {
            Throwable e = exchange.getException() != null
                    ? exchange.getException()
                    : exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
            end(exchange, e == null ? "The route failed." : message(e));
        }

        private void end(Exchange exchange, String reason) {
            try (run;
                    Report unread = exchange.getMessage().getBody() instanceof Report report ? report : null) {
                run.fail(reason);
            } catch (Exception e) {
                LOG.warn("source={} The run was not closed cleanly: {}", run.sourceName(), e.getMessage());
            }
            scheduler.afterRun(run, exchange.getFromRouteId());
        }
    }

    /** The message of the innermost cause whose text the outer ones only repeat. */
    private static String message(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null
                && root.getMessage() != null
                && root.getMessage().contains(String.valueOf(root.getCause()))) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
