package serai.demo;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Brings the product's log lines into Elasticsearch as time goes by. */
public final class LogFeed implements AutoCloseable {

    private final ElasticsearchNode node;
    private final ProductLogs logs;
    private final Set<String> indices = new HashSet<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "log-feed");
        thread.setDaemon(true);
        return thread;
    });
    private Instant done;

    private LogFeed(ElasticsearchNode node, ProductLogs logs, Instant from) {
        this.node = node;
        this.logs = logs;
        this.done = from;
    }

    /** @param past how much of the time before now is brought in at once */
    public static LogFeed start(ElasticsearchNode node, ProductLogs logs, Duration past)
            throws IOException, InterruptedException {
        LogFeed feed = new LogFeed(node, logs, Instant.now().minus(past).truncatedTo(ChronoUnit.SECONDS));
        feed.bring();
        feed.timer.scheduleWithFixedDelay(feed::tick, 1, 1, TimeUnit.SECONDS);
        return feed;
    }

    private void tick() {
        try {
            bring();
        } catch (IOException e) {
            System.out.println("The demo's logs wait: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void bring() throws IOException, InterruptedException {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        for (Map.Entry<String, List<Map<String, Object>>> entry :
                logs.documents(done, now).entrySet()) {
            if (!indices.contains(entry.getKey())) {
                node.createIndex(entry.getKey(), ProductLogs.MAPPING);
                indices.add(entry.getKey());
            }
            node.index(entry.getKey(), entry.getValue());
        }
        done = now;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
