package serai.watch.outbox;

import java.io.IOException;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import serai.http.HttpClients;
import serai.watch.alerter.DeliveryResult;
import serai.watch.alerter.JiraDestination;

/** Delivers alerts as tickets of Jira. */
final class JiraDelivery {

    private final ProducerTemplate template;
    private final HttpClients clients;

    JiraDelivery(ProducerTemplate template, HttpClients clients) {
        this.template = template;
        this.clients = clients;
    }

    void deliver(Exchange exchange) throws Exception {
        OutboundMessage message = exchange.getMessage().getMandatoryBody(OutboundMessage.class);
        exchange.getMessage().setBody(deliver(message, (JiraDestination) message.destination()));
    }

    private DeliveryResult deliver(OutboundMessage message, JiraDestination project) throws IOException {
        String endpoint = clients.endpoint(project.options());
        try {
            String ticket = new JiraTicket(new JiraServer(template, endpoint, project), message, project).write();
            return DeliveryResult.sent(ticket == null ? null : project.server() + "/browse/" + ticket);
        } catch (JiraServer.RefusedException e) {
            return e.result();
        } catch (IllegalArgumentException e) {
            return DeliveryResult.refused(e.getMessage());
        }
    }
}
