package serai.show;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import serai.status.LatestStatus;
import serai.status.SectionRows;
import serai.status.Status;
import serai.status.StatusGauge;
import serai.status.StatusRow;
import serai.status.WarehouseUnavailableException;

/**
 * The page's figures as metrics for Prometheus. Ages keep growing between two readings; counts are those of the last
 * reading, and {@code serai_show_warehouse_up} tells whether that one succeeded.
 */
final class StatusGauges implements Processor {

    private final LatestStatus latest;
    private final AtomicInteger up = new AtomicInteger();
    private final Map<String, MultiGauge> gauges = new HashMap<>();
    private MeterRegistry registry;

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
        Gauge.builder("serai_show_warehouse_up", up, Number::doubleValue)
                .description("1 while the warehouse answers")
                .strongReference(true)
                .register(registry);
        return true;
    }

    private void publish(Status status) {
        for (Status.Part part : status.sections()) {
            for (StatusGauge gauge : part.section().gauges()) {
                gauges.computeIfAbsent(
                                gauge.name(),
                                name -> MultiGauge.builder(name)
                                        .description(gauge.description())
                                        .register(registry))
                        .register(values(gauge, part.rows()), true);
            }
        }
    }

    private static List<Row<?>> values(StatusGauge gauge, SectionRows rows) {
        if (gauge.ofAll() != null) {
            return List.of(Row.of(Tags.empty(), gauge.ofAll().apply(rows)));
        }
        return rows.rows().stream()
                .filter(row -> gauge.ofRow().apply(row) != null)
                .<Row<?>>map(row -> value(gauge, row))
                .toList();
    }

    private static Row<?> value(StatusGauge gauge, StatusRow row) {
        Tags tags = Tags.of(gauge.tag(), row.name());
        Object value = gauge.ofRow().apply(row);
        return value instanceof Instant time ? Row.of(tags, time, StatusGauges::age) : Row.of(tags, (Number) value);
    }

    private static double age(Instant time) {
        return Duration.between(time, Instant.now()).toMillis() / 1000.0;
    }
}
