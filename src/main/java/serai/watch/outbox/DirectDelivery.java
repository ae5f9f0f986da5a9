package serai.watch.outbox;

import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import serai.watch.alerter.Alerter;
import serai.watch.alerter.DeliveryResult;

/**
 * Delivers messages by the outbox's own routes but without the outbox, once each, for an operator who tries out a rule.
 */
public final class DirectDelivery implements AutoCloseable {

    /** Below {@code routes/watch}: the way to all of them, and each way. */
    private static final String FILES = "deliver*.camel.yaml";

    private final ProducerTemplate template;

    private DirectDelivery(ProducerTemplate template) {
        this.template = template;
    }

    /**
     * Loads the routes.
     *
     * @param context started, without the outbox
     * @param routes the project's folder {@code routes}
     */
    public static DirectDelivery open(CamelContext context, Path routes) throws Exception {
        ProducerTemplate template = context.createProducerTemplate();
        ChannelProcessors.bind(context, template);
        ChannelProcessors.bind(context, "watch-outbox-settle", exchange -> {
            exchange.setProperty("result", ChannelProcessors.result(exchange));
            exchange.removeProperty(Exchange.EXCEPTION_CAUGHT);
            exchange.getMessage().setBody(null);
        });
        try (DirectoryStream<Path> files = Files.newDirectoryStream(routes.resolve("watch"), FILES)) {
            for (Path file : files) {
                PluginHelper.getRoutesLoader(context)
                        .loadRoutes(ResourceHelper.fromBytes(file.getFileName().toString(), Files.readAllBytes(file)));
            }
        }
        return new DirectDelivery(template);
    }

    /** @return why the message was not accepted, without its address; null when it was */
    public String deliver(String rule, Alerter.Message message) {
        OutboundMessage outbound = new OutboundMessage(
                0,
                rule,
                message.channel(),
                message.target(),
                null,
                message.destination(),
                message.payload(),
                message.extra(),
                UUID.randomUUID().toString(),
                null,
                false,
                1,
                Instant.now());
        Exchange done = template.send(
                "direct:watch-deliver", exchange -> exchange.getMessage().setBody(outbound));
        DeliveryResult result = done.getProperty("result", DeliveryResult.class);
        return result == null ? "the route watch-deliver gave no result" : result.reason();
    }

    @Override
    public void close() {
        template.stop();
    }
}
