package serai.watch.outbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.watch.alerter.JiraDestination;
import serai.watch.alerter.JiraPolicy;

/**
 * The ticket of one alert: a new one, or a comment on one that exists. What an earlier attempt did although its result
 * could not be stored is found, and not done again.
 */
final class JiraTicket {

    private static final Logger LOG = LoggerFactory.getLogger(JiraTicket.class);
    private static final DateTimeFormatter UPDATED = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSZ");

    private final JiraServer server;
    private final OutboundMessage message;
    private final String project;
    private final JiraPolicy policy;

    JiraTicket(JiraServer server, OutboundMessage message, JiraDestination project) {
        this.server = server;
        this.message = message;
        this.project = project.project();
        this.policy = project.policy();
    }

    /**
     * Opens it or comments on it.
     *
     * @return its key; null when the rule wants nothing written
     * @throws IllegalArgumentException when the rule names a field that the server does not have
     */
    String write() throws JiraServer.RefusedException {
        String opened = message.attempt() > 1 ? openedBefore() : null;
        if (opened != null) {
            return opened;
        }
        JsonNode existing = policy.bump() ? existing() : MissingNode.getInstance();
        if (existing.isMissingNode()) {
            return policy.bumpOnly() ? null : open();
        }
        if (isQuiet(existing)) {
            return null;
        }
        String key = existing.path("key").asText();
        comment(key);
        transition(key);
        return key;
    }

    private JsonNode existing() throws JiraServer.RefusedException {
        Instant since = Instant.now().minus(days(policy.maxAgeDays()));
        return server.find(withTitle(message.payload().path("search").asText())
                        + " and created >= \"" + since.atZone(ZoneOffset.UTC).toLocalDate() + "\""
                        + statuses(" and status in ", policy.inStatuses())
                        + statuses(" and status not in ", policy.notInStatuses()))
                .path(0);
    }

    /** The ticket that an earlier attempt opened, if it did; otherwise null. */
    private String openedBefore() throws JiraServer.RefusedException {
        JsonNode fields = message.payload().path("fields");
        String title = fields.path("summary").asText().replace(" - ", " ");
        for (JsonNode issue : server.find(withTitle(title) + " and created >= \"-3d\"")) {
            JsonNode found = issue.path("fields");
            if (found.path("summary").equals(fields.path("summary"))
                    && description(found).equals(description(fields))) {
                return issue.path("key").asText();
            }
        }
        return null;
    }

    private static String description(JsonNode fields) {
        return fields.path("description").asText().strip();
    }

    private String withTitle(String title) {
        return "project=" + quoted(project) + " AND summary~" + quoted(title);
    }

    private static String statuses(String condition, List<String> statuses) {
        return statuses.isEmpty()
                ? ""
                : statuses.stream().map(JiraTicket::quoted).collect(Collectors.joining(",", condition + "(", ")"));
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static Duration days(double days) {
        return Duration.ofSeconds((long) (days * 86_400));
    }

    /** Whether the ticket was updated so recently that the rule wants no comment yet. */
    private boolean isQuiet(JsonNode ticket) {
        try {
            Instant updated =
                    UPDATED.parse(ticket.path("fields").path("updated").asText(), Instant::from);
            return !updated.isBefore(Instant.now().minus(days(policy.quietDays())));
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private void comment(String key) throws JiraServer.RefusedException {
        JsonNode present = message.attempt() > 1
                ? server.get("issue/" + key + "/comment?orderBy=-created&maxResults=100")
                        .path("comments")
                : MissingNode.getInstance();
        for (JsonNode comment : message.payload().path("comments")) {
            if (present.valueStream().noneMatch(one -> one.path("body").equals(comment))) {
                server.post("issue/" + key + "/comment", object().set("body", comment));
            }
        }
    }

    private void transition(String key) throws JiraServer.RefusedException {
        if (policy.transition() == null) {
            return;
        }
        for (JsonNode one : server.get("issue/" + key + "/transitions").path("transitions")) {
            if (one.path("name").asText().equals(policy.transition())) {
                ObjectNode body = object();
                body.putObject("transition").put("id", one.path("id").asText());
                server.post("issue/" + key + "/transitions", body);
            }
        }
    }

    private String open() throws JiraServer.RefusedException {
        ObjectNode fields = message.payload().path("fields").deepCopy();
        if (!message.payload().path("custom").isEmpty()) {
            JiraFields.put(server.get("field"), message.payload().path("custom"), fields);
        }
        if (policy.priority() != null) {
            JsonNode priority = server.get("priority").path(policy.priority());
            if (priority.has("id")) {
                fields.putObject("priority").put("id", priority.path("id").asText());
            } else {
                LOG.warn("rule=\"{}\" jira_priority: Jira has no priority {}", message.rule(), policy.priority());
            }
        }
        String key =
                server.post("issue", object().set("fields", fields)).path("key").asText();
        assign(key);
        return key;
    }

    /** The ticket exists: a failure from now on is logged, and must not lead to a second one. */
    private void assign(String key) {
        try {
            if (policy.assignee() != null) {
                server.put("issue/" + key + "/assignee", object().put("name", policy.assignee()));
            }
            for (String watcher : policy.watchers()) {
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

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
