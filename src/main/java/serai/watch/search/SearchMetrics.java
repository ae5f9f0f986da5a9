package serai.watch.search;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.CamelContext;

/**
 * What searching costs, for Prometheus: {@code serai_watch_search_*}. Bytes are those of bodies as they go over the
 * wire.
 */
public final class SearchMetrics {

    final LongAdder requests = new LongAdder();
    final LongAdder questions = new LongAdder();
    final LongAdder repeated = new LongAdder();
    final LongAdder sentBytes = new LongAdder();
    final LongAdder receivedBytes = new LongAdder();
    final LongAdder failures = new LongAdder();
    private final CamelContext context;
    private volatile boolean published;

    SearchMetrics(CamelContext context) {
        this.context = context;
    }

    /** The registry is made by the management server, after the rooms have been opened. */
    void publish() {
        if (published) {
            return;
        }
        MeterRegistry registry = context.getRegistry().findSingleByType(MeterRegistry.class);
        if (registry == null) {
            return;
        }
        published = true;
        counter(registry, "serai_watch_search_requests", "requests sent to Elasticsearch or OpenSearch", requests);
        counter(registry, "serai_watch_search_questions", "questions of rules", questions);
        counter(
                registry,
                "serai_watch_search_repeated",
                "questions answered by another's answer to the same",
                repeated);
        counter(registry, "serai_watch_search_sent_bytes", "bytes of requests' bodies", sentBytes);
        counter(registry, "serai_watch_search_received_bytes", "bytes of answers' bodies", receivedBytes);
        counter(registry, "serai_watch_search_failures", "questions without an answer", failures);
    }

    private static void counter(MeterRegistry registry, String name, String description, LongAdder value) {
        FunctionCounter.builder(name, value, LongAdder::sum)
                .description(description)
                .register(registry);
    }

    public long requests() {
        return requests.sum();
    }

    public long questions() {
        return questions.sum();
    }

    public long sentBytes() {
        return sentBytes.sum();
    }

    public long receivedBytes() {
        return receivedBytes.sum();
    }

    public long failures() {
        return failures.sum();
    }
}
