package serai.watch.search;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;
import serai.elasticsearch.RequestCounters;

/** The metrics {@code serai_watch_search_*}: what the search of rules costs. */
final class SearchMetrics {

    final RequestCounters traffic = new RequestCounters();
    final LongAdder queries = new LongAdder();
    /** Queries that were answered by the answer to another one with the same text. */
    final LongAdder repeated = new LongAdder();

    final LongAdder failures = new LongAdder();

    void bind(MeterRegistry registry) {
        counter(registry, "requests", "requests sent to Elasticsearch or OpenSearch", traffic.requests());
        counter(registry, "questions", "queries of rules", queries);
        counter(registry, "repeated", "queries answered by another's answer to the same query", repeated);
        counter(registry, "sent_bytes", "bytes of requests' bodies on the wire", traffic.sentBytes());
        counter(registry, "received_bytes", "bytes of replies' bodies on the wire", traffic.receivedBytes());
        counter(registry, "failures", "queries without an answer", failures);
    }

    private static void counter(MeterRegistry registry, String what, String description, LongAdder value) {
        FunctionCounter.builder("serai_watch_search_" + what, value, LongAdder::sum)
                .description(description)
                .register(registry);
    }
}
