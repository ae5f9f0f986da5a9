package serai.request;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.Warehouse;

/** Obeys requests in the running process; looks for them each second. */
public final class RequestLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RequestLoop.class);

    private final Requests requests;
    private final List<RequestHandler> handlers;
    private final ScheduledExecutorService scheduler =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "requests"));
    private boolean cleaned;
    private String problem = "";

    private RequestLoop(Requests requests, List<RequestHandler> handlers) {
        this.requests = requests;
        this.handlers = handlers;
    }

    /** Starts a thread, which ends when it is closed. */
    public static RequestLoop start(Warehouse warehouse, List<RequestHandler> handlers) {
        RequestLoop loop = new RequestLoop(new Requests(warehouse), handlers);
        loop.scheduler.scheduleWithFixedDelay(loop::pollSafely, 1, 1, TimeUnit.SECONDS);
        return loop;
    }

    private void pollSafely() {
        try {
            poll();
            problem = "";
        } catch (Exception e) {
            // logged once: the next poll is a second away
            if (!problem.equals(e.toString())) {
                problem = e.toString();
                LOG.warn("Requests of commands cannot be read; the next poll tries again: {}", e.getMessage());
            }
        }
    }

    private void poll() throws SQLException {
        if (!cleaned) {
            requests.deleteOld();
            cleaned = true;
        }
        for (Requests.Waiting request : requests.waiting()) {
            Optional<RequestHandler> handler = handlers.stream()
                    .filter(one -> one.verb().equals(request.verb()) && one.owns(request.target()))
                    .findFirst();
            if (handler.isPresent() && requests.take(request)) {
                obey(request, handler.get());
            }
        }
    }

    private void obey(Requests.Waiting request, RequestHandler handler) {
        LOG.info("request={} target={} begun", request.verb(), request.target());
        begin(request, handler).whenComplete((answer, failure) -> {
            try {
                requests.answer(request, failure == null, failure == null ? answer : reason(failure));
            } catch (SQLException e) {
                LOG.warn("request={} The answer could not be written: {}", request.verb(), e.getMessage());
            }
        });
    }

    /** A handler that fails at once is answered like one that fails later. */
    private static CompletableFuture<String> begin(Requests.Waiting request, RequestHandler handler) {
        try {
            return handler.obey(request.target());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
    }
}
