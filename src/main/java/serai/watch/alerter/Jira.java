package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.watch.message.Alert;
import serai.watch.message.MessageLimits;
import serai.watch.python.Python;
import serai.watch.rule.Document;
import serai.watch.rule.RuleException;
import serai.watch.rule.Timestamps;

/** Tickets in Jira, opened or commented on: {@code jira}. */
final class Jira implements Alerter {

    private static final Set<String> KNOWN = Set.of(
            "jira_account_file",
            "jira_assignee",
            "jira_bump_after_inactivity",
            "jira_bump_in_statuses",
            "jira_bump_not_in_statuses",
            "jira_bump_only",
            "jira_bump_tickets",
            "jira_component",
            "jira_components",
            "jira_description",
            "jira_ignore_in_title",
            "jira_issuetype",
            "jira_label",
            "jira_labels",
            "jira_max_age",
            "jira_priority",
            "jira_project",
            "jira_server",
            "jira_transition_to",
            "jira_watchers",
            "jira_parent",
            "jira_proxy",
            "jira_ca_certs",
            "jira_ignore_ssl_errors",
            "jira_timeout");
    private static final int LONGEST_TITLE = 254;
    /** Jira takes 32,767 characters in a text. */
    private static final int LONGEST_TEXT = 32_000;

    private final AlerterOptions given;
    private final JiraDestination project;
    private final JiraPolicy plan;

    Jira(AlerterOptions given) throws RuleException {
        this.given = given.require("jira_server", "jira_account_file", "jira_project", "jira_issuetype");
        CredentialsFile account = CredentialsFile.read(given, "jira_account_file");
        String server = given.urls("jira_server").get(0).replaceAll("/+$", "");
        this.plan = plan(given);
        this.project = new JiraDestination(
                server,
                given.string("jira_project", null),
                account.user(),
                account.password(),
                account.apiKey(),
                plan,
                AlerterHttpOptions.of(given, "jira"));
    }

    private static JiraPolicy plan(AlerterOptions given) throws RuleException {
        Map<String, Object> custom = new LinkedHashMap<>();
        given.options().values().forEach((name, value) -> {
            if (name.startsWith("jira_") && !KNOWN.contains(name) && value != null) {
                custom.put(name, value);
            }
        });
        Integer priority = given.has("jira_priority") ? given.whole("jira_priority", 0, 0, 1000) : null;
        return new JiraPolicy(
                given.flag("jira_bump_tickets", false),
                given.flag("jira_bump_only", false),
                days(given, "jira_bump_after_inactivity", 0),
                days(given, "jira_max_age", 30),
                given.strings("jira_bump_in_statuses"),
                given.strings("jira_bump_not_in_statuses"),
                given.string("jira_transition_to", null),
                given.strings(given.has("jira_labels") ? "jira_labels" : "jira_label"),
                given.strings("jira_watchers"),
                given.string("jira_assignee", null),
                priority,
                custom);
    }

    private static double days(AlerterOptions given, String option, double otherwise) throws RuleException {
        Object value = given.value(option);
        if (value != null && !(value instanceof Number n && n.doubleValue() >= 0 && n.doubleValue() <= 100_000)) {
            throw given.refused(option, "must be a number of days");
        }
        return value == null ? otherwise : ((Number) value).doubleValue();
    }

    @Override
    public String name() {
        return "jira";
    }

    @Override
    public List<Destination> destinations() {
        return List.of(project);
    }

    /** A ticket is closed by people: the end of an alert is told by the others. */
    @Override
    public List<Message> messages(Alert alert) {
        if (alert.resolved()) {
            return List.of();
        }
        ObjectNode payload = Json.object().put("search", searchTitle(alert));
        payload.set("fields", fields(alert));
        ArrayNode comments = payload.putArray("comments");
        for (Map<String, Object> match : alert.matches()) {
            comments.add("This alert was triggered again at " + time(match) + "\n"
                    + MessageLimits.text(given.codeBody(match), LONGEST_TEXT));
        }
        payload.set("custom", custom(alert));
        return List.of(new Message(project, payload));
    }

    private ObjectNode fields(Alert alert) {
        ObjectNode fields = Json.object();
        fields.putObject("project").put("key", project.project());
        if (given.has("jira_parent")) {
            fields.putObject("parent").put("key", Python.str(given.value("jira_parent")));
        }
        fields.putObject("issuetype").put("name", Python.str(given.value("jira_issuetype")));
        Object components =
                given.has("jira_components") ? given.value("jira_components") : given.value("jira_component");
        for (Object component :
                components instanceof List<?> list ? list : components == null ? List.of() : List.of(components)) {
            fields.withArray("components").addObject().put("name", Python.str(component));
        }
        plan.labels().forEach(label -> fields.withArray("labels").add(label));
        String title = given.title(alert, title(alert));
        fields.put("summary", MessageLimits.text(title.replaceAll("[\\r\\n]+", " "), LONGEST_TITLE, "…"));
        String description = given.value("jira_description") == null ? "" : Python.str(given.value("jira_description"));
        fields.put("description", MessageLimits.text(description + "\n" + given.codeBody(alert), LONGEST_TEXT));
        return fields;
    }

    /** Options that begin with # name a field of the match. */
    private ObjectNode custom(Alert alert) {
        ObjectNode custom = Json.object();
        plan.custom().forEach((name, value) -> {
            Object found = value instanceof String text && text.startsWith("#")
                    ? AlerterOptions.first(alert, text.substring(1))
                    : value;
            custom.set(name.substring("jira_".length()).replace('_', ' '), Json.of(found));
        });
        return custom;
    }

    private String title(Alert alert) {
        Map<String, Object> match = alert.matches().get(0);
        Object count = match.get("spike_count");
        return plainTitle(match)
                + (match.get(given.rule().timestampField()) == null ? "" : " - " + time(match))
                + (Python.truthy(count) ? " - " + Python.str(count) + "+ events" : "");
    }

    private String plainTitle(Map<String, Object> match) {
        Object key = given.rule().queryKey() == null
                ? null
                : Document.lookup(match, given.rule().queryKey());
        return "ElastAlert: " + (Python.truthy(key) ? Python.str(key) + " matched " : "")
                + given.rule().name();
    }

    private String searchTitle(Alert alert) {
        Map<String, Object> match = alert.matches().get(0);
        String title = given.title(alert, plainTitle(match));
        Object ignored =
                given.has("jira_ignore_in_title") ? match.get(Python.str(given.value("jira_ignore_in_title"))) : null;
        return (ignored == null ? title : title.replace(Python.str(ignored), "")).replace(" - ", " ");
    }

    private String time(Map<String, Object> match) {
        Object value = Document.lookup(match, given.rule().timestampField());
        try {
            return given.rule()
                    .prettyTime(
                            value instanceof String
                                    ? Timestamps.read(value)
                                    : given.rule().readTime(value));
        } catch (RuntimeException e) {
            return Python.str(value);
        }
    }

    /** In the order of the alerters: jira first, so that the others can name its ticket. */
    static List<Alerter> first(List<Alerter> alerters) {
        List<Alerter> ordered = new ArrayList<>(alerters);
        ordered.sort(java.util.Comparator.comparing(alerter -> alerter instanceof Jira ? 0 : 1));
        return ordered;
    }
}
