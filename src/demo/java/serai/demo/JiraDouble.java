package serai.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a Jira server's REST API (version 2) that opens, finds and comments on tickets, on 127.0.0.1, with one
 * login and project.
 */
public final class JiraDouble implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSZ");
    private static final Pattern ISSUE =
            Pattern.compile("/rest/api/2/issue/([A-Z]+-\\d+)/(comment|transitions|watchers|assignee)");
    private static final Pattern SUMMARY = Pattern.compile("summary~\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final Map<String, ObjectNode> issues = new ConcurrentSkipListMap<>();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Queue<Boolean> resets = new ConcurrentLinkedQueue<>();
    private final Loopback server = new Loopback("jira", this::answer);
    private volatile int wrongs;

    private JiraDouble() {}

    public static JiraDouble start() throws IOException {
        JiraDouble jira = new JiraDouble();
        jira.server.start();
        return jira;
    }

    public String url() {
        return "http://127.0.0.1:" + server.port();
    }

    /** Tickets by their keys: {@code fields}, {@code comments}, {@code watchers}. */
    public Map<String, ObjectNode> issues() {
        return new TreeMap<>(issues);
    }

    /** The next ticket is opened, but the connection breaks before the answer. */
    public JiraDouble breakAfterOpening() {
        resets.add(true);
        return this;
    }

    /** What was asked, as method and path. */
    public List<String> log() {
        return List.copyOf(log);
    }

    public int wrongs() {
        return wrongs;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void answer(Request request, Answer answer) throws IOException {
        log.add(request.method() + " " + request.path());
        String login = Base64.getEncoder().encodeToString("bot:s3cret".getBytes(StandardCharsets.UTF_8));
        if (!request.header("Authorization").orElse("").equals("Basic " + login)) {
            send(answer, 401, error("You are not authenticated."));
            return;
        }
        JsonNode body = request.body().length == 0 ? JSON.createObjectNode() : JSON.readTree(request.body());
        Matcher issue = ISSUE.matcher(request.path());
        switch (request.method() + " " + request.path()) {
            case "GET /rest/api/2/priority" -> send(answer, 200, JSON.readTree("[{\"id\":\"100\"},{\"id\":\"200\"}]"));
            case "GET /rest/api/2/field" ->
                send(
                        answer,
                        200,
                        JSON.readTree("[{\"id\":\"customfield_7\",\"name\":\"Team\",\"schema\":{\"type\":\"option\"}},"
                                + "{\"id\":\"customfield_8\",\"name\":\"Who\","
                                + "\"schema\":{\"type\":\"array\",\"items\":\"string\"}}]"));
            case "GET /rest/api/2/search" ->
                send(answer, 200, found(request.query().getOrDefault("jql", "")));
            case "POST /rest/api/2/issue" -> open(answer, body);
            default -> {
                if (issue.matches() && issues.containsKey(issue.group(1))) {
                    part(request, answer, issues.get(issue.group(1)), issue.group(2), body);
                } else {
                    wrongs++;
                    send(answer, 404, error("Issue Does Not Exist"));
                }
            }
        }
    }

    private synchronized void open(Answer answer, JsonNode body) throws IOException {
        JsonNode fields = body.path("fields");
        boolean whole = fields.at("/project/key").asText().equals("OPS")
                && fields.at("/issuetype/name").asText().equals("Bug")
                && fields.path("summary").asText().length() <= 255
                && !fields.path("summary").asText().contains("\n")
                && !fields.path("summary").asText().isBlank()
                && fields.path("description").asText().length() <= 32_767;
        if (!whole) {
            send(answer, 400, error("Field values are wrong"));
            return;
        }
        String key = "OPS-" + (issues.size() + 1);
        ObjectNode issue = JSON.createObjectNode();
        issue.set("fields", fields.deepCopy());
        issue.withObject("/fields")
                .put("updated", OffsetDateTime.now(ZoneOffset.UTC).format(TIME));
        issue.putArray("comments");
        issue.putArray("watchers");
        issues.put(key, issue);
        if (resets.poll() != null) {
            answer.reset();
        } else {
            send(answer, 201, JSON.createObjectNode().put("key", key));
        }
    }

    private ObjectNode found(String jql) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode found = answer.putArray("issues");
        Matcher summary = SUMMARY.matcher(jql);
        if (jql.startsWith("project=\"OPS\"") && summary.find()) {
            String words = summary.group(1).replaceAll("\\\\(.)", "$1");
            issues.forEach((key, issue) -> {
                String title = issue.at("/fields/summary").asText();
                if (List.of(title.split("[ -]+")).containsAll(List.of(words.split("[ -]+")))) {
                    found.addObject().put("key", key).set("fields", issue.get("fields"));
                }
            });
        }
        return answer;
    }

    private void part(Request request, Answer answer, ObjectNode issue, String part, JsonNode body) throws IOException {
        switch (request.method() + " " + part) {
            case "GET comment" -> send(answer, 200, JSON.createObjectNode().set("comments", issue.get("comments")));
            case "POST comment" -> {
                issue.withArray("comments").add(body);
                send(answer, 201, JSON.createObjectNode().put("id", "1"));
            }
            case "GET transitions" ->
                send(answer, 200, JSON.readTree("{\"transitions\":[{\"id\":\"31\",\"name\":\"Reopen\"}]}"));
            case "POST transitions" -> {
                issue.put("transition", body.at("/transition/id").asText());
                answer.send(204, "application/json", "");
            }
            case "POST watchers" -> {
                issue.withArray("watchers").add(body);
                answer.send(204, "application/json", "");
            }
            case "PUT assignee" -> {
                issue.put("assignee", body.path("name").asText());
                answer.send(204, "application/json", "");
            }
            default -> send(answer, 405, error("Method Not Allowed"));
        }
    }

    private static ObjectNode error(String message) {
        ObjectNode error = JSON.createObjectNode();
        error.putArray("errorMessages").add(message);
        return error;
    }

    private static void send(Answer answer, int status, JsonNode body) throws IOException {
        answer.send(status, "application/json", body.toString());
    }
}
