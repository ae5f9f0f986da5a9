package serai.show;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * The page's figures as metrics for Prometheus. Ages keep growing between two readings; counts are those of the last
 * reading, and {@code serai_show_warehouse_up} tells whether that one succeeded.
 */
final class StatusGauges implements Processor {

    private final LatestStatus latest;
    private final AtomicInteger up = new AtomicInteger();
    private final AtomicLong pending = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private MeterRegistry registry;
    private MultiGauge sourceAge;
    private MultiGauge sourceCondition;
    private MultiGauge dirtyDays;

    StatusGauges(LatestStatus latest) {
        this.latest = latest;
    }

    @Override
    public synchronized void process(Exchange exchange) {
        if (registry == null && !found(exchange)) {
            return;
        }
        try {
            publish(latest.get());
            up.set(1);
        } catch (WarehouseUnavailableException e) {
            up.set(0);
        }
    }

    // looked up late: the management server creates the registry after the rooms have been opened
    private boolean found(Exchange exchange) {
        registry = exchange.getContext().getRegistry().findSingleByType(MeterRegistry.class);
        if (registry == null) {
            return false;
        }
        sourceAge = MultiGauge.builder("serai_load_source_age_seconds")
                .description("age of a source's newest data")
                .register(registry);
        sourceCondition = MultiGauge.builder("serai_load_source_condition_level")
                .description("0 ok, 1 paused, 2 not run yet, 3 needs attention, 4 held, 5 late, 6 failed")
                .register(registry);
        dirtyDays = MultiGauge.builder("serai_refresh_dirty_days")
                .description("days that a model has to recalculate")
                .register(registry);
        gauge("serai_watch_outbox_pending_messages", "messages that wait for delivery", pending);
        gauge("serai_show_refused_edits_files", "edited files that are refused", refused);
        gauge("serai_show_warehouse_up", "1 while the warehouse answers", up);
        return true;
    }

    private void gauge(String name, String description, Number value) {
        Gauge.builder(name, value, Number::doubleValue)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    private void publish(Status status) {
        sourceAge.register(
                rows(
                        status.sources().stream()
                                .filter(s -> s.dataAsOf() != null)
                                .toList(),
                        s -> Row.of(Tags.of("source", s.name()), s.dataAsOf(), StatusGauges::age)),
                true);
        sourceCondition.register(
                rows(
                        status.sources(),
                        s -> Row.of(Tags.of("source", s.name()), s.condition().ordinal())),
                true);
        dirtyDays.register(rows(status.models(), m -> Row.of(Tags.of("model", m.name()), m.dirtyDays())), true);
        pending.set(status.messages().pending());
        refused.set(status.edits().size());
    }

    private static <T> List<Row<?>> rows(List<T> states, Function<T, Row<?>> row) {
        return states.stream().<Row<?>>map(row).toList();
    }

    private static double age(Instant time) {
        return Duration.between(time, Instant.now()).toMillis() / 1000.0;
    }
}
