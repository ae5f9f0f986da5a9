package serai.watch.outbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import serai.http.HostAlias;
import serai.watch.alerter.DeliveryResult;
import serai.watch.alerter.HttpAnswer;
import serai.watch.alerter.JiraDestination;

/** Jira's REST API, version 2, with one login. */
final class JiraServer {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Jira refused a request, or did not reply. */
    static final class RefusedException extends Exception {
        private final transient DeliveryResult result;

        RefusedException(DeliveryResult result) {
            super(result.reason());
            this.result = result;
        }

        DeliveryResult result() {
            return result;
        }
    }

    private record Reply(Integer status, String retryAfter, String body, Throwable failure) {}

    private final ProducerTemplate template;
    private final String endpoint;
    private final JiraDestination project;

    JiraServer(ProducerTemplate template, String endpoint, JiraDestination project) {
        this.template = template;
        this.endpoint = endpoint;
        this.project = project;
    }

    JsonNode get(String path) throws RefusedException {
        return ask("GET", path, null);
    }

    JsonNode post(String path, JsonNode body) throws RefusedException {
        return ask("POST", path, body);
    }

    JsonNode put(String path, JsonNode body) throws RefusedException {
        return ask("PUT", path, body);
    }

    /** The tickets that a JQL query finds, newest first. Jira Cloud moved this to another address. */
    JsonNode find(String jql) throws RefusedException {
        String query = "?maxResults=20&fields=summary,description,updated,status&jql="
                + URLEncoder.encode(jql, StandardCharsets.UTF_8).replace("+", "%20");
        Reply reply = send("GET", "search" + query, null);
        if (reply.status != null && (reply.status == 404 || reply.status == 410)) {
            reply = send("GET", "search/jql" + query, null);
        }
        return read(reply).path("issues");
    }

    private JsonNode ask(String method, String path, JsonNode body) throws RefusedException {
        return read(send(method, path, body));
    }

    private static JsonNode read(Reply reply) throws RefusedException {
        DeliveryResult result = new HttpAnswer("Jira", reply.status, reply.retryAfter, reason(reply)).result();
        if (result.status() != DeliveryResult.Status.SENT) {
            throw new RefusedException(result);
        }
        try {
            return reply.body.isBlank() ? MissingNode.getInstance() : JSON.readTree(reply.body);
        } catch (IOException e) {
            throw new RefusedException(DeliveryResult.retry("Jira's answer is not JSON"));
        }
    }

    private static String reason(Reply reply) {
        return reply.failure == null
                ? errors(reply.body)
                : reply.failure.getClass().getSimpleName() + ": " + reply.failure.getMessage();
    }

    /** The error messages of a reply. */
    private static String errors(String body) {
        try {
            JsonNode reply = JSON.readTree(body);
            StringBuilder errors = new StringBuilder();
            reply.path("errorMessages")
                    .forEach(message -> errors.append(message.asText()).append(' '));
            reply.path("errors")
                    .properties()
                    .forEach(error -> errors.append(error.getKey())
                            .append(": ")
                            .append(error.getValue().asText())
                            .append(' '));
            return errors.toString();
        } catch (IOException e) {
            return "";
        }
    }

    private Reply send(String method, String path, JsonNode body) {
        Exchange replied = template.send(endpoint, exchange -> {
            exchange.getMessage().setHeader(Exchange.HTTP_METHOD, method);
            exchange.getMessage().setHeader(Exchange.HTTP_URI, HostAlias.in(project.server() + "/rest/api/2/" + path));
            exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
            exchange.getMessage().setHeader("Accept", "application/json");
            exchange.getMessage().setHeader("Authorization", project.authorization());
            exchange.getMessage().setBody(body == null ? null : body.toString().getBytes(StandardCharsets.UTF_8));
        });
        Throwable failure = replied.getException();
        return new Reply(
                failure == null ? replied.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class) : null,
                replied.getMessage().getHeader("Retry-After", String.class),
                body(replied),
                failure);
    }

    private static String body(Exchange replied) {
        try (InputStream in =
                replied.getException() == null ? replied.getMessage().getBody(InputStream.class) : null) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
