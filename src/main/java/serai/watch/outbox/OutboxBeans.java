package serai.watch.outbox;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.ThreadPoolProfileBuilder;
import org.apache.camel.support.SynchronizationAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.http.HttpClients;
import serai.warehouse.Warehouse;

/** What the outbox's routes and kamelets name: from {@code meta.outbox} to the other side and back. */
public final class OutboxBeans implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("serai.alerts");
    /** Deliveries that wait for somebody's answer at one time. */
    private static final int THREADS = 32;

    private final CamelContext context;
    private final Outbox outbox;
    private final ExecutorService threads;
    private final ProducerTemplate template;

    private OutboxBeans(CamelContext context, Outbox outbox, ExecutorService threads) {
        this.context = context;
        this.outbox = outbox;
        this.threads = threads;
        this.template = context.createProducerTemplate();
    }

    /**
     * @param timeLimit how long an undelivered message is tried again
     * @param keepSent how long a sent one is kept
     */
    public static OutboxBeans open(
            CamelContext context,
            Warehouse warehouse,
            Destinations destinations,
            Duration timeLimit,
            Duration keepSent) {
        Outbox outbox = new Outbox(warehouse, destinations, timeLimit, keepSent);
        ExecutorService threads = context.getExecutorServiceManager()
                .newThreadPool(
                        outbox,
                        "watch-delivery",
                        new ThreadPoolProfileBuilder("watch-delivery")
                                .poolSize(THREADS)
                                .maxPoolSize(THREADS)
                                .maxQueueSize(1000)
                                .keepAliveTime(10L)
                                .allowCoreThreadTimeOut(true)
                                .build());
        OutboxBeans deliveries = new OutboxBeans(context, outbox, threads);
        deliveries.bind(threads);
        return deliveries;
    }

    private void bind(ExecutorService threads) {
        channels(context, template);
        bind(context, "watch-outbox-take", exchange -> exchange.getMessage().setBody(outbox.take()));
        bind(context, "watch-outbox-settle", this::settle);
        bind(context, "watch-outbox-begin", this::begin);
        context.getRegistry().bind("watch-delivery", threads);
    }

    /** What the kamelets of the channels name. */
    static void channels(CamelContext context, ProducerTemplate template) {
        HttpClients clients = new HttpClients(context, "watch-post");
        HttpDelivery post = new HttpDelivery(clients);
        MailDelivery mail = new MailDelivery(new MailClients(context));
        bind(context, "watch-post-request", post::request);
        bind(context, "watch-post-answer", post::answer);
        bind(context, "watch-mail-request", mail::request);
        bind(context, "watch-mail-answer", mail::answer);
        bind(context, "watch-command-run", new CommandDelivery()::deliver);
        bind(context, "watch-jira-ticket", new JiraDelivery(template, clients)::deliver);
        bind(context, "watch-debug-log", OutboxBeans::log);
    }

    static void bind(CamelContext context, String name, Processor processor) {
        context.getRegistry().bind(name, processor);
    }

    /** The body is about to be delivered: the outbox hears when that is over, whatever becomes of the route. */
    private void begin(Exchange exchange) throws Exception {
        OutboundMessage message = exchange.getMessage().getMandatoryBody(OutboundMessage.class);
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                try {
                    outbox.leave(done.getProperty("message", message, OutboundMessage.class));
                } catch (Exception e) {
                    LOG.warn("{} is sent again: {}", message, e.getMessage());
                }
            }
        });
    }

    /**
     * The property {@code message} was delivered, and the body says how; then the next of the same target follows as
     * the body, or null.
     */
    private void settle(Exchange exchange) throws Exception {
        OutboundMessage message = exchange.getProperty("message", OutboundMessage.class);
        Delivery delivery = said(exchange);
        exchange.removeProperty(Exchange.EXCEPTION_CAUGHT);
        exchange.getMessage().removeHeaders("*");
        // whatever happens now, this message is not delivered once more
        exchange.getMessage().setBody(null);
        exchange.getMessage().setBody(outbox.settle(message, delivery).orElse(null));
    }

    /** How the delivery of the property {@code message} went. */
    static Delivery said(Exchange exchange) {
        if (exchange.getMessage().getBody() instanceof Delivery said) {
            return said;
        }
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        String channel = exchange.getProperty("message", OutboundMessage.class).channel();
        return Delivery.later(
                failure == null
                        ? "the channel '" + channel + "' said nothing"
                        : Delivery.bounded(failure.getClass().getSimpleName() + ": " + failure.getMessage()),
                null);
    }

    private static void log(Exchange exchange) {
        LOG.info(
                "{}",
                exchange.getMessage()
                        .getBody(OutboundMessage.class)
                        .payload()
                        .path("text")
                        .asText());
        exchange.getMessage().setBody(Delivery.sent());
    }

    @Override
    public void close() throws SQLException {
        template.stop();
        context.getExecutorServiceManager().shutdownNow(threads);
        outbox.close();
    }
}
