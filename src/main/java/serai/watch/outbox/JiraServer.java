package serai.watch.outbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import serai.watch.alerter.JiraDestination;

/** Jira's REST API, version 2, for one login. */
final class JiraServer {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** It refused, or was not there. */
    static final class RefusedException extends Exception {
        private final transient Delivery delivery;

        RefusedException(Delivery delivery) {
            super(delivery.reason());
            this.delivery = delivery;
        }

        Delivery delivery() {
            return delivery;
        }
    }

    private record Answer(Integer code, String retryAfter, String body, Throwable failure) {}

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

    /** Tickets that a JQL query finds, newest first. Jira in the cloud has moved this to another address. */
    JsonNode find(String jql) throws RefusedException {
        String query = "?maxResults=20&fields=summary,description,updated,status&jql="
                + URLEncoder.encode(jql, StandardCharsets.UTF_8).replace("+", "%20");
        Answer answer = send("GET", "search" + query, null);
        if (answer.code != null && (answer.code == 404 || answer.code == 410)) {
            answer = send("GET", "search/jql" + query, null);
        }
        return read(answer).path("issues");
    }

    private JsonNode ask(String method, String path, JsonNode body) throws RefusedException {
        return read(send(method, path, body));
    }

    private static JsonNode read(Answer answer) throws RefusedException {
        Delivery delivery = Delivery.of(
                "Jira",
                answer.failure == null ? answer.code : null,
                answer.retryAfter,
                answer.failure == null
                        ? words(answer.body)
                        : answer.failure.getClass().getSimpleName() + ": " + answer.failure.getMessage());
        if (!delivery.status().equals("sent")) {
            throw new RefusedException(delivery);
        }
        try {
            return answer.body.isBlank() ? MissingNode.getInstance() : JSON.readTree(answer.body);
        } catch (IOException e) {
            throw new RefusedException(Delivery.later("Jira answered with something that is no JSON", null));
        }
    }

    /** What is wrong, in Jira's words. */
    private static String words(String body) {
        try {
            JsonNode answer = JSON.readTree(body);
            StringBuilder words = new StringBuilder();
            answer.path("errorMessages")
                    .forEach(message -> words.append(message.asText()).append(' '));
            answer.path("errors")
                    .properties()
                    .forEach(error -> words.append(error.getKey())
                            .append(": ")
                            .append(error.getValue().asText())
                            .append(' '));
            return words.toString();
        } catch (IOException e) {
            return "";
        }
    }

    private Answer send(String method, String path, JsonNode body) {
        Exchange answered = template.send(endpoint, exchange -> {
            exchange.getMessage().setHeader(Exchange.HTTP_METHOD, method);
            exchange.getMessage().setHeader(Exchange.HTTP_URI, project.server() + "/rest/api/2/" + path);
            exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
            exchange.getMessage().setHeader("Accept", "application/json");
            exchange.getMessage().setHeader("Authorization", authorization());
            exchange.getMessage().setBody(body == null ? null : body.toString().getBytes(StandardCharsets.UTF_8));
        });
        return new Answer(
                answered.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class),
                answered.getMessage().getHeader("Retry-After", String.class),
                body(answered),
                answered.getException());
    }

    private String authorization() {
        if (project.apiKey() != null) {
            return "Bearer " + project.apiKey();
        }
        String login = project.user() + ":" + project.password();
        return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    }

    private static String body(Exchange answered) {
        try (InputStream in =
                answered.getException() == null ? answered.getMessage().getBody(InputStream.class) : null) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
