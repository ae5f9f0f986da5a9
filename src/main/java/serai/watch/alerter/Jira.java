package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import serai.http.HttpOptions;
import serai.watch.message.Alert;
import serai.watch.message.AlertText;
import serai.watch.message.MessageLimits;
import serai.watch.python.Python;
import serai.watch.rule.Document;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.rule.Timestamps;

/** Tickets in Jira, which are opened or commented on. */
final class Jira implements Alerter {

    private static final String PREFIX = "jira_";
    private static final int LONGEST_TITLE = 254;
    /** Jira accepts 32,767 characters in a text. */
    private static final int LONGEST_TEXT = 32_000;

    private static final OptionList OPTIONS = new OptionList();
    private static final Option<List<String>> SERVER = OPTIONS.required().urls("jira_server");
    private static final Option<String> ACCOUNT_FILE = OPTIONS.required().text("jira_account_file");
    private static final Option<String> PROJECT = OPTIONS.required().text("jira_project");
    private static final Option<String> ISSUE_TYPE = OPTIONS.required().scalar("jira_issuetype");
    private static final Option<String> PARENT = OPTIONS.scalar("jira_parent");
    private static final Option<String> DESCRIPTION = OPTIONS.scalar("jira_description", "");
    private static final Option<List<String>> COMPONENTS = OPTIONS.texts("jira_components");
    private static final Option<List<String>> COMPONENT = OPTIONS.texts("jira_component");
    private static final Option<List<String>> LABELS = OPTIONS.texts("jira_labels");
    private static final Option<List<String>> LABEL = OPTIONS.texts("jira_label");
    private static final Option<String> ASSIGNEE = OPTIONS.text("jira_assignee");
    private static final Option<List<String>> WATCHERS = OPTIONS.texts("jira_watchers");
    private static final Option<Integer> PRIORITY = OPTIONS.whole("jira_priority", null, 0, 1000);
    private static final Option<Boolean> BUMP = OPTIONS.flag("jira_bump_tickets");
    private static final Option<Boolean> BUMP_ONLY = OPTIONS.flag("jira_bump_only");
    private static final Option<Double> QUIET_DAYS = OPTIONS.days("jira_bump_after_inactivity", 0);
    private static final Option<Double> MAX_AGE = OPTIONS.days("jira_max_age", 30);
    private static final Option<List<String>> IN_STATUSES = OPTIONS.texts("jira_bump_in_statuses");
    private static final Option<List<String>> NOT_IN_STATUSES = OPTIONS.texts("jira_bump_not_in_statuses");
    private static final Option<String> TRANSITION = OPTIONS.text("jira_transition_to");
    private static final Option<String> IGNORE_IN_TITLE = OPTIONS.scalar("jira_ignore_in_title");
    private static final Option<HttpOptions> CONNECTION = ConnectionOptions.of(OPTIONS, "jira");

    static final AlerterType TYPE = new AlerterType("jira", "Jira", OPTIONS, Jira::new);

    private final AlerterOptions options;
    private final JiraDestination project;

    private Jira(AlerterOptions options) throws RuleException {
        this.options = options;
        CredentialsFile account = CredentialsFile.read(options, ACCOUNT_FILE);
        this.project = new JiraDestination(
                options.get(SERVER).get(0).replaceAll("/+$", ""),
                options.get(PROJECT),
                account.user(),
                account.password(),
                account.apiKey(),
                policy(),
                options.get(CONNECTION));
    }

    private JiraPolicy policy() {
        return new JiraPolicy(
                options.get(BUMP),
                options.get(BUMP_ONLY),
                options.get(QUIET_DAYS),
                options.get(MAX_AGE),
                options.get(IN_STATUSES),
                options.get(NOT_IN_STATUSES),
                options.get(TRANSITION),
                options.get(options.has(LABELS) ? LABELS : LABEL),
                options.get(WATCHERS),
                options.get(ASSIGNEE),
                options.get(PRIORITY),
                customOptions());
    }

    private Map<String, Object> customOptions() {
        Set<String> known = TYPE.options().stream()
                .flatMap(option -> option.names().stream())
                .collect(Collectors.toSet());
        Map<String, Object> custom = new LinkedHashMap<>();
        options.rule().fileOptions().values().forEach((name, value) -> {
            if (name.startsWith(PREFIX) && !known.contains(name) && value != null) {
                custom.put(name, value);
            }
        });
        return custom;
    }

    @Override
    public String name() {
        return TYPE.name();
    }

    @Override
    public List<JiraDestination> destinations() {
        return List.of(project);
    }

    /** People close a ticket, so there is no message about the end of an alert. */
    @Override
    public List<Message> messages(Alert alert) {
        if (alert.resolved()) {
            return List.of();
        }
        ObjectNode payload = Json.object().put("search", searchTitle(alert));
        payload.set("fields", fields(alert));
        ArrayNode comments = payload.putArray("comments");
        for (Map<String, Object> match : alert.matches()) {
            Alert one = new Alert(List.of(match), 0, false);
            comments.add("This alert was triggered again at " + time(match) + "\n"
                    + text(options.text().matches(one, AlertText.Layout.JIRA)));
        }
        payload.set("custom", customFields(alert));
        return List.of(new Message(project, payload));
    }

    private static String text(String text) {
        return MessageLimits.text(text, LONGEST_TEXT);
    }

    private ObjectNode fields(Alert alert) {
        ObjectNode fields = Json.object();
        fields.putObject("project").put("key", project.project());
        if (options.get(PARENT) != null) {
            fields.putObject("parent").put("key", options.get(PARENT));
        }
        fields.putObject("issuetype").put("name", options.get(ISSUE_TYPE));
        options.get(options.has(COMPONENTS) ? COMPONENTS : COMPONENT)
                .forEach(component -> fields.withArray("components").addObject().put("name", component));
        project.policy().labels().forEach(label -> fields.withArray("labels").add(label));
        String title = options.text().title(alert, title(alert)).replaceAll("[\\r\\n]+", " ");
        fields.put("summary", MessageLimits.text(title, LONGEST_TITLE, "…"));
        String body = options.text().body(alert, AlertText.Layout.JIRA);
        return fields.put("description", text(options.get(DESCRIPTION) + "\n" + body));
    }

    /** Options that begin with # name a field of the match. */
    private ObjectNode customFields(Alert alert) {
        ObjectNode fields = Json.object();
        project.policy().custom().forEach((name, value) -> {
            Object found =
                    value instanceof String text && text.startsWith("#") ? alert.field(text.substring(1)) : value;
            fields.set(name.substring(PREFIX.length()).replace('_', ' '), Json.of(found));
        });
        return fields;
    }

    private String title(Alert alert) {
        Map<String, Object> match = alert.first();
        Object count = match.get("spike_count");
        return plainTitle(alert)
                + (match.get(options.rule().timestampField()) == null ? "" : " - " + time(match))
                + (Python.truthy(count) ? " - " + Python.str(count) + "+ events" : "");
    }

    private String plainTitle(Alert alert) {
        Rule rule = options.rule();
        Object key = rule.queryKey() == null ? null : alert.field(rule.queryKey());
        return "ElastAlert: " + (Python.truthy(key) ? Python.str(key) + " matched " : "") + rule.name();
    }

    private String searchTitle(Alert alert) {
        String title = options.text().title(alert, plainTitle(alert));
        String field = options.get(IGNORE_IN_TITLE);
        Object ignored = field == null ? null : alert.first().get(field);
        return (ignored == null ? title : title.replace(Python.str(ignored), "")).replace(" - ", " ");
    }

    private String time(Map<String, Object> match) {
        Rule rule = options.rule();
        Object value = Document.lookup(match, rule.timestampField());
        try {
            return rule.prettyTime(value instanceof String ? Timestamps.read(value) : rule.readTime(value));
        } catch (RuntimeException e) {
            return Python.str(value);
        }
    }
}
