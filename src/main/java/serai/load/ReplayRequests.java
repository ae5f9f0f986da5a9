package serai.load;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import serai.request.RequestHandler;
import serai.warehouse.Warehouse;

/** Applies rejects of messages again, by the routes of this process, when a command requests it. */
final class ReplayRequests implements RequestHandler, AutoCloseable {

    static final String VERB = "replay";

    private final Warehouse warehouse;
    private final CamelContext context;
    private final SourceRegistry sources;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> new Thread(task, "replay"));

    ReplayRequests(Warehouse warehouse, CamelContext context, SourceRegistry sources) {
        this.warehouse = warehouse;
        this.context = context;
        this.sources = sources;
    }

    @Override
    public String verb() {
        return VERB;
    }

    @Override
    public boolean owns(String source) {
        return sources.isPushed(source);
    }

    @Override
    public CompletableFuture<String> obey(String source) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return new Replay(warehouse, context, source).run();
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                },
                thread);
    }

    /** Waits a moment for the part that is being applied; the others stay open. */
    @Override
    public void close() throws InterruptedException {
        thread.shutdown();
        if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
            thread.shutdownNow();
        }
    }
}
