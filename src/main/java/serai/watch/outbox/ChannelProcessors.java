package serai.watch.outbox;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.http.HttpClients;
import serai.watch.alerter.DeliveryResult;

/** The processors that the routes of the channels call by name. Each makes a {@link DeliveryResult} the body. */
final class ChannelProcessors {

    private static final Logger ALERTS = LoggerFactory.getLogger("serai.alerts");

    private ChannelProcessors() {}

    /** Binds them to Camel's registry. */
    static void bind(CamelContext context, ProducerTemplate template) {
        HttpClients clients = new HttpClients(context, "watch-post");
        HttpDelivery http = new HttpDelivery(clients);
        MailDelivery mail = new MailDelivery(new MailClients(context));
        bind(context, "watch-http-request", http::request);
        bind(context, "watch-http-answer", http::answer);
        bind(context, "watch-mail-request", mail::request);
        bind(context, "watch-mail-answer", mail::answer);
        bind(context, "watch-command-run", new CommandDelivery()::deliver);
        bind(context, "watch-jira-ticket", new JiraDelivery(template, clients)::deliver);
        bind(context, "watch-debug-log", ChannelProcessors::log);
    }

    static void bind(CamelContext context, String name, Processor processor) {
        context.getRegistry().bind(name, processor);
    }

    private static void log(Exchange exchange) {
        OutboundMessage message = exchange.getMessage().getBody(OutboundMessage.class);
        ALERTS.info("{}", message.payload().path("text").asText());
        exchange.getMessage().setBody(DeliveryResult.sent());
    }

    /** How the delivery of the property {@code message} ended: the body, or the failure of the route. */
    static DeliveryResult result(Exchange exchange) {
        if (exchange.getMessage().getBody() instanceof DeliveryResult result) {
            return result;
        }
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        String channel = exchange.getProperty("message", OutboundMessage.class).channel();
        return DeliveryResult.retry(
                failure == null ? "the channel '" + channel + "' gave no result" : DeliveryResult.safe(failure));
    }
}
