package serai.watch.outbox;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.ThreadPoolProfileBuilder;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.Warehouse;
import serai.watch.alerter.DeliveryResult;

/** The processors that the outbox's routes call by name. */
public final class OutboxProcessors implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OutboxProcessors.class);
    private static final int DELIVERIES_AT_ONCE = 32;

    private final CamelContext context;
    private final Outbox outbox;
    private final ExecutorService threads;
    private final ProducerTemplate template;

    private OutboxProcessors(CamelContext context, Outbox outbox, ExecutorService threads) {
        this.context = context;
        this.outbox = outbox;
        this.threads = threads;
        this.template = context.createProducerTemplate();
    }

    /**
     * Binds the processors to Camel's registry.
     *
     * @param operators gets a notice of messages that are given up
     * @param timeLimit how long an undelivered message is tried again
     * @param keepSent how long one that was sent or given up is kept
     */
    public static OutboxProcessors open(
            CamelContext context,
            Warehouse warehouse,
            Destinations destinations,
            OperatorNotices operators,
            Duration timeLimit,
            Duration keepSent) {
        Outbox outbox = new Outbox(warehouse, destinations, operators, timeLimit, keepSent);
        ExecutorService threads = context.getExecutorServiceManager()
                .newThreadPool(
                        outbox,
                        "watch-delivery",
                        new ThreadPoolProfileBuilder("watch-delivery")
                                .poolSize(DELIVERIES_AT_ONCE)
                                .maxPoolSize(DELIVERIES_AT_ONCE)
                                .maxQueueSize(1000)
                                .keepAliveTime(10L)
                                .allowCoreThreadTimeOut(true)
                                .build());
        OutboxProcessors processors = new OutboxProcessors(context, outbox, threads);
        processors.bind();
        return processors;
    }

    private void bind() {
        ChannelProcessors.bind(context, template);
        ChannelProcessors.bind(
                context, "watch-outbox-take", exchange -> exchange.getMessage().setBody(outbox.take()));
        ChannelProcessors.bind(context, "watch-outbox-settle", this::settle);
        ChannelProcessors.bind(context, "watch-outbox-begin", this::begin);
        context.getRegistry().bind("watch-delivery", threads);
    }

    /** The body is about to be delivered: the outbox learns when the route ends, whether it succeeds or fails. */
    private void begin(Exchange exchange) throws Exception {
        OutboundMessage message = exchange.getMessage().getMandatoryBody(OutboundMessage.class);
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                try {
                    outbox.routeEnded(done.getProperty("message", message, OutboundMessage.class));
                } catch (Exception e) {
                    LOG.warn("{} is sent again: {}", message, e.getMessage());
                }
            }
        });
    }

    /**
     * The property {@code message} was delivered, and the body is its result. The next message of the same target
     * becomes the body, or null.
     */
    private void settle(Exchange exchange) throws Exception {
        OutboundMessage message = exchange.getProperty("message", OutboundMessage.class);
        DeliveryResult result = ChannelProcessors.result(exchange);
        exchange.removeProperty(Exchange.EXCEPTION_CAUGHT);
        exchange.getMessage().removeHeaders("*");
        // if settling fails, the route's loop must not deliver this message again
        exchange.getMessage().setBody(null);
        exchange.getMessage().setBody(outbox.settle(message, result).orElse(null));
    }

    @Override
    public void close() throws SQLException {
        template.stop();
        context.getExecutorServiceManager().shutdownNow(threads);
        outbox.close();
    }
}
