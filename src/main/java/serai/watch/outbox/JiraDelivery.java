package serai.watch.outbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.http.HttpClients;
import serai.watch.alerter.JiraDestination;
import serai.watch.alerter.JiraPolicy;

/**
 * Opens a ticket for an alert, or comments on the one that is there. What an earlier attempt has done already, though
 * nobody could note it, is found and not done again.
 */
final class JiraDelivery {

    private static final Logger LOG = LoggerFactory.getLogger(JiraDelivery.class);
    private static final DateTimeFormatter UPDATED = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSZ");

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

    private Delivery deliver(OutboundMessage message, JiraDestination project) throws IOException {
        JiraServer server = new JiraServer(template, clients.endpoint(project.options()), project);
        try {
            String ticket = ticket(server, message, project);
            return Delivery.sent(ticket == null ? null : project.server() + "/browse/" + ticket);
        } catch (JiraServer.RefusedException e) {
            return e.delivery();
        } catch (IllegalArgumentException e) {
            return Delivery.failed(e.getMessage());
        }
    }

    private static String ticket(JiraServer server, OutboundMessage message, JiraDestination project)
            throws JiraServer.RefusedException {
        JiraPolicy plan = project.plan();
        String before = message.attempt() > 1 ? opened(server, message.payload().path("fields"), project) : null;
        if (before != null) {
            return before;
        }
        JsonNode found = plan.bump() ? found(server, message, project) : null;
        if (found != null) {
            String key = found.path("key").asText();
            if (isQuiet(found, plan)) {
                return null;
            }
            comment(server, key, message);
            transition(server, key, plan.transition());
            return key;
        }
        return plan.bumpOnly() ? null : open(server, message, project);
    }

    private static JsonNode found(JiraServer server, OutboundMessage message, JiraDestination project)
            throws JiraServer.RefusedException {
        JiraPolicy plan = project.plan();
        String jql = "project=" + quoted(project.project()) + " AND summary~"
                + quoted(message.payload().path("search").asText())
                + " and created >= \""
                + Instant.now()
                        .minus(days(plan.maxAgeDays()))
                        .atZone(ZoneOffset.UTC)
                        .toLocalDate() + "\""
                + statuses(" and status in ", plan.inStatuses())
                + statuses(" and status not in ", plan.notInStatuses());
        JsonNode issues = server.find(jql);
        return issues.isEmpty() ? null : issues.get(0);
    }

    private static String statuses(String condition, List<String> statuses) {
        return statuses.isEmpty()
                ? ""
                : statuses.stream().map(JiraDelivery::quoted).collect(Collectors.joining(",", condition + "(", ")"));
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static Duration days(double days) {
        return Duration.ofSeconds((long) (days * 86_400));
    }

    /** A ticket that people work on is left in peace for as long as the rule says. */
    private static boolean isQuiet(JsonNode ticket, JiraPolicy plan) {
        try {
            Instant updated =
                    UPDATED.parse(ticket.path("fields").path("updated").asText(), Instant::from);
            return !updated.isBefore(Instant.now().minus(days(plan.quietDays())));
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static void comment(JiraServer server, String key, OutboundMessage message)
            throws JiraServer.RefusedException {
        JsonNode there = message.attempt() > 1
                ? server.get("issue/" + key + "/comment?orderBy=-created&maxResults=100")
                        .path("comments")
                : JsonNodeFactory.instance.arrayNode();
        for (JsonNode comment : message.payload().path("comments")) {
            boolean done = there.valueStream().anyMatch(one -> one.path("body").equals(comment));
            if (!done) {
                server.post(
                        "issue/" + key + "/comment",
                        JsonNodeFactory.instance.objectNode().set("body", comment));
            }
        }
    }

    private static void transition(JiraServer server, String key, String name) throws JiraServer.RefusedException {
        if (name == null) {
            return;
        }
        for (JsonNode one : server.get("issue/" + key + "/transitions").path("transitions")) {
            if (one.path("name").asText().equals(name)) {
                ObjectNode body = JsonNodeFactory.instance.objectNode();
                body.putObject("transition").put("id", one.path("id").asText());
                server.post("issue/" + key + "/transitions", body);
            }
        }
    }

    private static String open(JiraServer server, OutboundMessage message, JiraDestination project)
            throws JiraServer.RefusedException {
        ObjectNode fields = message.payload().path("fields").deepCopy();
        JiraPolicy plan = project.plan();
        if (!message.payload().path("custom").isEmpty()) {
            JiraFields.put(server.get("field"), message.payload().path("custom"), fields);
        }
        if (plan.priority() != null) {
            JsonNode priority = server.get("priority").path(plan.priority());
            if (priority.has("id")) {
                fields.putObject("priority").put("id", priority.path("id").asText());
            } else {
                LOG.warn(
                        "rule=\"{}\" jira_priority: Jira has no priority of the number {}",
                        message.rule(),
                        plan.priority());
            }
        }
        String key = server.post("issue", JsonNodeFactory.instance.objectNode().set("fields", fields))
                .path("key")
                .asText();
        follow(server, key, message, plan);
        return key;
    }

    /** The ticket that an earlier attempt has opened, if it did. */
    private static String opened(JiraServer server, JsonNode fields, JiraDestination project)
            throws JiraServer.RefusedException {
        JsonNode issues = server.find("project=" + quoted(project.project()) + " AND summary~"
                + quoted(fields.path("summary").asText().replace(" - ", " ")) + " and created >= \"-3d\"");
        for (JsonNode issue : issues) {
            if (issue.path("fields").path("summary").equals(fields.path("summary"))
                    && issue.path("fields")
                            .path("description")
                            .asText()
                            .strip()
                            .equals(fields.path("description").asText().strip())) {
                return issue.path("key").asText();
            }
        }
        return null;
    }

    /** The ticket is there: what fails now is said, and opens no second one. */
    private static void follow(JiraServer server, String key, OutboundMessage message, JiraPolicy plan) {
        try {
            if (plan.assignee() != null) {
                server.put(
                        "issue/" + key + "/assignee",
                        JsonNodeFactory.instance.objectNode().put("name", plan.assignee()));
            }
            for (String watcher : plan.watchers()) {
                server.post("issue/" + key + "/watchers", TextNode.valueOf(watcher));
            }
        } catch (JiraServer.RefusedException e) {
            LOG.warn(
                    "rule=\"{}\" ticket={} The assignee or a watcher could not be set: {}",
                    message.rule(),
                    key,
                    e.getMessage());
        }
    }
}
