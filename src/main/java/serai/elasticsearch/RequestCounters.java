package serai.elasticsearch;

import java.util.concurrent.atomic.LongAdder;

/**
 * What requests cost, for metrics.
 *
 * @param requests sent requests
 * @param sentBytes bytes of their bodies as they are on the wire
 * @param receivedBytes the same of replies
 */
public record RequestCounters(LongAdder requests, LongAdder sentBytes, LongAdder receivedBytes) {

    /** Counters that begin at zero. */
    public RequestCounters() {
        this(new LongAdder(), new LongAdder(), new LongAdder());
    }
}
