package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.http.HttpOptions;
import serai.watch.message.Alert;
import serai.watch.message.FormattedText;
import serai.watch.message.MessageLimits;
import serai.watch.python.Python;
import serai.watch.python.PythonFormat;
import serai.watch.rule.RuleException;

/**
 * Alerts at Opsgenie. When the rule reports the end of alerts, the alias is that of the problem, so that the end closes
 * the alert. Otherwise, without an alias of the rule's own, it is the message's key, so that a repeat is no second
 * alert.
 */
final class Opsgenie implements Alerter {

    private static final int LONGEST_MESSAGE = 130;
    private static final int LONGEST_ALIAS = 512;
    private static final int LONGEST_ENTITY = 512;
    private static final int LONGEST_SOURCE = 100;
    private static final int LONGEST_DESCRIPTION = 15_000;
    private static final Set<String> PRIORITIES = Set.of("P1", "P2", "P3", "P4", "P5");

    private static final OptionList OPTIONS = new OptionList();
    private static final Option<String> KEY = OPTIONS.required().text("opsgenie_key");
    private static final Option<FormattedText> ADDRESS =
            OPTIONS.withFields("opsgenie_addr", "https://api.opsgenie.com/v2/alerts");
    private static final Option<FormattedText> MESSAGE = OPTIONS.withFields("opsgenie_message", null);
    private static final Option<FormattedText> SUBJECT =
            OPTIONS.withValues("opsgenie_subject", "opsgenie_subject_args", null);
    private static final Option<FormattedText> DESCRIPTION = OPTIONS.withFields("opsgenie_description", null);
    private static final Option<FormattedText> ENTITY = OPTIONS.withFields("opsgenie_entity", null);
    private static final Option<FormattedText> SOURCE = OPTIONS.withFields("opsgenie_source", "ElastAlert");
    private static final Option<FormattedText> PRIORITY = OPTIONS.withFields("opsgenie_priority", "");
    private static final Option<FormattedText> ALIAS = OPTIONS.withFields("opsgenie_alias", null);
    private static final Option<List<FormattedText>> TAGS = OPTIONS.textsWithFields("opsgenie_tags");
    private static final Option<Map<String, Object>> DETAILS = OPTIONS.map("opsgenie_details");
    private static final Option<Object> ACCOUNT = OPTIONS.any("opsgenie_account");
    private static final Responders RECIPIENTS =
            new Responders("opsgenie_recipients", "opsgenie_recipients_args", "opsgenie_default_recipients");
    /** ElastAlert's spelling. */
    private static final Option<List<String>> DEFAULT_RECIPIENTS = OPTIONS.texts("opsgenie_default_receipients");

    private static final Responders TEAMS =
            new Responders("opsgenie_teams", "opsgenie_teams_args", "opsgenie_default_teams");
    private static final Option<HttpOptions> CONNECTION = ConnectionOptions.of(OPTIONS, "opsgenie");

    static final AlerterType TYPE = new AlerterType("opsgenie", "Opsgenie", OPTIONS, Opsgenie::new);

    private final AlerterOptions options;
    private final HttpDestination destination;

    private Opsgenie(AlerterOptions options) throws RuleException {
        this.options = options;
        String url = options.get(ADDRESS).toString();
        if (!OptionList.isUrl(url.replaceAll("[{}]", ""))) {
            throw options.missing(ADDRESS.name(), "must be a complete address that begins with https:// or http://");
        }
        String key = options.get(KEY);
        this.destination = HttpDestination.of(TYPE.name(), url, options.get(CONNECTION))
                .withIdentity(url + " " + key)
                .withAuthorization("GenieKey " + key);
    }

    @Override
    public String name() {
        return TYPE.name();
    }

    @Override
    public List<HttpDestination> destinations() {
        return List.of(destination);
    }

    @Override
    public Map<String, Object> info() {
        Map<String, Object> info = new LinkedHashMap<>(Map.of("type", name()));
        Map.of("recipients", "opsgenie_recipients", "account", "opsgenie_account", "teams", "opsgenie_teams")
                .forEach((name, option) -> {
                    if (options.value(option) != null) {
                        info.put(name, options.value(option));
                    }
                });
        return info;
    }

    @Override
    public List<Message> messages(Alert alert) {
        String url = options.get(ADDRESS).of(alert.first());
        String alias = options.get(ALIAS) == null
                ? options.incidentKey(alert)
                : AlerterOptions.shortened(options.get(ALIAS).of(alert.first()), LONGEST_ALIAS);
        if (alert.resolved()) {
            return alias.isEmpty() ? List.of() : List.of(closing(alert, url, alias));
        }
        ObjectNode payload = payload(alert);
        Json.putUnlessEmpty(payload, "alias", alias);
        ObjectNode extra = Json.object().put("key", "alias");
        return List.of(
                new Message(destination, payload, url.equals(destination.url()) ? extra : extra.put("url", url)));
    }

    private Message closing(Alert alert, String url, String alias) {
        String path = URLEncoder.encode(alias, StandardCharsets.UTF_8).replace("+", "%20");
        ObjectNode payload = Json.object()
                .put("source", options.get(SOURCE).of(alert.first()))
                .put("note", MessageLimits.text(options.text().body(alert), LONGEST_DESCRIPTION));
        return new Message(
                destination, payload, Json.object().put("url", url + "/" + path + "/close?identifierType=alias"));
    }

    private ObjectNode payload(Alert alert) {
        Map<String, Object> match = alert.first();
        ObjectNode payload =
                Json.object().put("message", MessageLimits.text(title(alert), LONGEST_MESSAGE, "… (%d more)"));
        if (options.has(ACCOUNT)) {
            payload.put("user", Python.str(options.get(ACCOUNT)));
        }
        List<String> defaults = RECIPIENTS.defaults(options);
        RECIPIENTS
                .names(options, alert, defaults.isEmpty() ? options.get(DEFAULT_RECIPIENTS) : defaults)
                .forEach(name -> payload.withArray("responders")
                        .addObject()
                        .put("username", name)
                        .put("type", "user"));
        TEAMS.names(options, alert, TEAMS.defaults(options))
                .forEach(name ->
                        payload.withArray("teams").addObject().put("name", name).put("type", "team"));
        FormattedText description = options.get(DESCRIPTION);
        payload.put(
                "description",
                MessageLimits.text(
                        description == null ? options.text().bodyOfMatches(alert) : description.of(match),
                        LONGEST_DESCRIPTION));
        if (options.get(ENTITY) != null) {
            payload.put("entity", MessageLimits.text(options.get(ENTITY).of(match), LONGEST_ENTITY, ""));
        }
        payload.put("source", MessageLimits.text(options.get(SOURCE).of(match), LONGEST_SOURCE, ""));
        ArrayNode tags = payload.putArray("tags");
        options.get(TAGS).forEach(tag -> tags.add(tag.of(match)));
        tags.add("ElastAlert").add(options.rule().name());
        String priority = options.get(PRIORITY).of(match);
        if (PRIORITIES.contains(priority)) {
            payload.put("priority", priority);
        }
        ObjectNode details = details(alert);
        if (!details.isEmpty()) {
            payload.set("details", details);
        }
        return payload;
    }

    private String title(Alert alert) {
        FormattedText own = options.get(MESSAGE) == null ? options.get(SUBJECT) : options.get(MESSAGE);
        return own == null ? options.text().defaultTitle(alert) : own.of(alert.first());
    }

    private ObjectNode details(Alert alert) {
        ObjectNode details = Json.object();
        options.get(DETAILS).forEach((name, detail) -> {
            Object value = detail instanceof Map<?, ?> map ? alert.field(Python.str(map.get("field"))) : detail;
            if (value != null) {
                details.put(name, Python.str(value));
            }
        });
        return details;
    }

    /** Who is to respond: names with fields of the match in them; the default ones where no name can be made. */
    private static final class Responders {

        private final Option<List<FormattedText>> names;
        private final Option<Map<String, Object>> fields;
        private final Option<List<String>> defaults;

        Responders(String names, String fields, String defaults) {
            this.names = OPTIONS.textsWithFields(names);
            this.fields = OPTIONS.map(fields);
            this.defaults = OPTIONS.texts(defaults);
        }

        List<String> defaults(AlerterOptions options) {
            return options.get(defaults);
        }

        List<String> names(AlerterOptions options, Alert alert, List<String> otherwise) {
            Map<String, Object> values = new LinkedHashMap<>();
            options.get(fields).forEach((name, field) -> {
                Object value = alert.field(Python.str(field));
                if (Python.truthy(value)) {
                    values.put(name, value);
                }
            });
            List<String> filled = new ArrayList<>();
            List<String> texts =
                    options.get(names).stream().map(FormattedText::toString).toList();
            for (String name : texts) {
                PythonFormat format = new PythonFormat(name);
                try {
                    format.require(0, values.keySet());
                    filled.add(format.apply(List.of(), values));
                } catch (IllegalArgumentException e) {
                    // the match lacks a field of this name: the others respond, or the default ones
                    continue;
                }
            }
            return !filled.isEmpty() ? filled : otherwise.isEmpty() ? texts : otherwise;
        }
    }
}
