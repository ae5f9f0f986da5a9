package serai.load;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import serai.request.RequestHandler;

/** Begins an import at once, by the timer of its route, when a command requests it. */
final class LoadRequests implements RequestHandler {

    static final String VERB = "load";

    private final CamelContext context;
    private final SourceRegistry sources;
    private final ImportScheduler scheduler;

    LoadRequests(CamelContext context, SourceRegistry sources, ImportScheduler scheduler) {
        this.context = context;
        this.sources = sources;
        this.scheduler = scheduler;
    }

    @Override
    public String verb() {
        return VERB;
    }

    @Override
    public boolean owns(String source) {
        return sources.timerOf(source).isPresent();
    }

    @Override
    public CompletableFuture<String> obey(String source) {
        ServiceStatus status = context.getRouteController().getRouteStatus(source);
        if (status == null || !status.isStarted()) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("The route " + source + " is stopped. Start it first."));
        }
        scheduler.fire(sources.timerOf(source).orElseThrow(), Duration.ZERO);
        return CompletableFuture.completedFuture("The import of " + source + " was started.");
    }
}
