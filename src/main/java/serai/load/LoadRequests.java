package serai.load;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import serai.request.Pause;
import serai.request.Pauses;
import serai.request.RequestHandler;
import serai.request.Subject;
import serai.warehouse.Warehouse;

/** Begins an import at once, by the timer of its route, when a command requests it. */
final class LoadRequests implements RequestHandler {

    static final String VERB = "load";

    private final CamelContext context;
    private final Warehouse warehouse;
    private final SourceRegistry sources;
    private final ImportScheduler scheduler;

    LoadRequests(CamelContext context, Warehouse warehouse, SourceRegistry sources, ImportScheduler scheduler) {
        this.context = context;
        this.warehouse = warehouse;
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
        refuseIdle(source);
        scheduler.fire(sources.timerOf(source).orElseThrow(), Duration.ZERO);
        return CompletableFuture.completedFuture("The import of " + source + " was started.");
    }

    /** @throws IllegalStateException when the source is not to be imported now */
    void refuseIdle(String source) {
        Optional<Pause> pause;
        try {
            pause = Pauses.find(warehouse, new Subject(Subject.Kind.SOURCE, source));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        if (pause.isPresent()) {
            throw new IllegalStateException(pause.get().refusal());
        }
        ServiceStatus status = context.getRouteController().getRouteStatus(source);
        if (status == null || !status.isStarted()) {
            throw new IllegalStateException("The route " + source + " is stopped. Start it first.");
        }
    }
}
