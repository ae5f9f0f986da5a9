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
import serai.watch.rule.RuleException;

/**
 * Alerts at Opsgenie. An alert without an alias of the rule's own gets the silence key as alias when the rule says when
 * it is over, so that its end closes it, and the message's key otherwise, so that a repeat is no second alert.
 */
final class Opsgenie implements Alerter {

    private static final String ADDRESS = "https://api.opsgenie.com/v2/alerts";
    private static final int LONGEST_MESSAGE = 130;
    private static final int LONGEST_ALIAS = 512;
    private static final int LONGEST_DESCRIPTION = 15_000;
    private static final Set<String> PRIORITIES = Set.of("P1", "P2", "P3", "P4", "P5");

    private final AlerterOptions given;
    private final HttpDestination address;
    private final FormattedText to;
    private final FormattedText message;
    private final FormattedText subject;
    private final FormattedText description;
    private final FormattedText entity;
    private final FormattedText source;
    private final FormattedText priority;
    private final FormattedText alias;
    private final List<FormattedText> tags = new ArrayList<>();
    private final Responders recipients;
    private final Responders teams;

    Opsgenie(AlerterOptions given) throws RuleException {
        this.given = given.require("opsgenie_key");
        String url = given.string("opsgenie_addr", ADDRESS);
        this.to = FormattedText.of(given, "opsgenie_addr", url);
        if (!AlerterOptions.isUrl(url.replaceAll("[{}]", ""))) {
            throw given.refused("opsgenie_addr", "must be a whole address that begins with https:// or http://");
        }
        String secret = given.string("opsgenie_key", null);
        this.address = HttpDestination.of("opsgenie", url, AlerterHttpOptions.of(given, "opsgenie"))
                .as(url + " " + secret)
                .withHeaders(Map.of("content-type", "application/json", "Authorization", "GenieKey " + secret));
        this.message = FormattedText.named(given, "opsgenie_message", null);
        this.subject = FormattedText.positional(given, "opsgenie_subject", "opsgenie_subject_args", null);
        this.description = FormattedText.named(given, "opsgenie_description", null);
        this.entity = FormattedText.named(given, "opsgenie_entity", null);
        this.source = FormattedText.named(given, "opsgenie_source", "ElastAlert");
        this.priority = FormattedText.named(given, "opsgenie_priority", null);
        this.alias = FormattedText.named(given, "opsgenie_alias", null);
        for (String tag : given.strings("opsgenie_tags")) {
            tags.add(FormattedText.of(given, "opsgenie_tags", tag));
        }
        String oldDefault = given.has("opsgenie_default_recipients")
                ? "opsgenie_default_recipients"
                : "opsgenie_default_receipients";
        this.recipients = new Responders(given, "opsgenie_recipients", "opsgenie_recipients_args", oldDefault);
        this.teams = new Responders(given, "opsgenie_teams", "opsgenie_teams_args", "opsgenie_default_teams");
    }

    @Override
    public String name() {
        return "opsgenie";
    }

    @Override
    public List<Destination> destinations() {
        return List.of(address);
    }

    @Override
    public Map<String, Object> info() {
        Map<String, Object> info = new LinkedHashMap<>(Map.of("type", "opsgenie"));
        Map.of("recipients", "opsgenie_recipients", "account", "opsgenie_account", "teams", "opsgenie_teams")
                .forEach((name, option) -> {
                    if (given.has(option)) {
                        info.put(name, given.value(option));
                    }
                });
        return info;
    }

    @Override
    public List<Message> messages(Alert alert) {
        Map<String, Object> match = alert.matches().get(0);
        String url = to.of(match);
        String known = alias != null
                ? alias.of(match)
                : given.endsByItself() && alert.key() != null ? given.troubleKey(alert) : null;
        known = known == null ? null : AlerterOptions.key(known, LONGEST_ALIAS);
        if (alert.resolved()) {
            if (known == null) {
                return List.of();
            }
            String close = url + "/"
                    + java.net.URLEncoder.encode(known, java.nio.charset.StandardCharsets.UTF_8)
                            .replace("+", "%20") + "/close?identifierType=alias";
            return List.of(new Message(
                    address,
                    Json.object()
                            .put("source", source.of(match))
                            .put("note", MessageLimits.text(given.body(alert), LONGEST_DESCRIPTION)),
                    Json.object().put("url", close)));
        }
        ObjectNode post = payload(alert, match);
        if (known != null) {
            post.put("alias", known);
        }
        ObjectNode extra = Json.object().put("key", "alias");
        return List.of(new Message(address, post, url.equals(address.url()) ? extra : extra.put("url", url)));
    }

    private ObjectNode payload(Alert alert, Map<String, Object> match) {
        ObjectNode post = Json.object();
        String title =
                message != null ? message.of(match) : subject != null ? subject.of(match) : given.defaultTitle(alert);
        post.put("message", MessageLimits.text(title, LONGEST_MESSAGE, "… (%d more)"));
        if (given.has("opsgenie_account")) {
            post.put("user", Python.str(given.value("opsgenie_account")));
        }
        recipients
                .of(alert)
                .forEach(name -> post.withArray("responders")
                        .addObject()
                        .put("username", name)
                        .put("type", "user"));
        teams.of(alert)
                .forEach(name ->
                        post.withArray("teams").addObject().put("name", name).put("type", "team"));
        post.put(
                "description",
                MessageLimits.text(
                        description != null ? description.of(match) : given.bodyOfMatches(alert), LONGEST_DESCRIPTION));
        if (entity != null) {
            post.put("entity", MessageLimits.text(entity.of(match), 512, ""));
        }
        post.put("source", MessageLimits.text(source.of(match), 100, ""));
        ArrayNode all = post.putArray("tags");
        tags.forEach(tag -> all.add(tag.of(match)));
        all.add("ElastAlert").add(given.rule().name());
        String level = priority == null ? "" : priority.of(match);
        if (PRIORITIES.contains(level)) {
            post.put("priority", level);
        }
        ObjectNode details = details(alert);
        if (!details.isEmpty()) {
            post.set("details", details);
        }
        return post;
    }

    private ObjectNode details(Alert alert) {
        ObjectNode details = Json.object();
        if (given.value("opsgenie_details") instanceof Map<?, ?> map) {
            map.forEach((name, detail) -> {
                Object value = detail instanceof Map<?, ?> of
                        ? AlerterOptions.first(alert, Python.str(of.get("field")))
                        : detail;
                if (value != null) {
                    details.put(Python.str(name), Python.str(value));
                }
            });
        }
        return details;
    }

    /** Those who are to respond: names with fields of the match in them; the default ones where no name can be made. */
    private static final class Responders {

        private final List<String> names;
        private final Map<String, Object> fields;
        private final List<String> defaults;

        Responders(AlerterOptions given, String names, String fields, String defaults) throws RuleException {
            this.names = given.strings(names);
            this.fields = given.map(fields);
            this.defaults = given.strings(defaults);
            for (String name : this.names) {
                FormattedText.of(given, names, name);
            }
        }

        List<String> of(Alert alert) {
            Map<String, Object> values = new LinkedHashMap<>();
            fields.forEach((name, field) -> {
                Object value = AlerterOptions.first(alert, Python.str(field));
                if (Python.truthy(value)) {
                    values.put(name, value);
                }
            });
            List<String> formed = new ArrayList<>();
            for (String name : names) {
                serai.watch.python.PythonFormat format = new serai.watch.python.PythonFormat(name);
                try {
                    format.require(0, values.keySet());
                    formed.add(format.apply(List.of(), values));
                } catch (IllegalArgumentException e) {
                    // a field is missing in this match: the others respond, or the default ones
                    continue;
                }
            }
            return !formed.isEmpty() ? formed : defaults.isEmpty() ? names : defaults;
        }
    }
}
