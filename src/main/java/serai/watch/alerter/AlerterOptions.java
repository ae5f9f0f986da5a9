package serai.watch.alerter;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.watch.message.Alert;
import serai.watch.message.AlertText;
import serai.watch.python.Python;
import serai.watch.rule.Document;
import serai.watch.rule.Options;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.template.Template;
import serai.watch.template.TemplateException;

/**
 * What an alerter is made from, and its options read by kind, as strictly as ElastAlert's schema: a value of another
 * kind is refused.
 *
 * @param options the rule's options, with those that stand under the alerter itself before them
 * @param notices gets what the rule runs without
 */
record AlerterOptions(Rule rule, AlertText text, Options options, List<String> notices) {

    /** @throws RuleException when one of the options is missing */
    AlerterOptions require(String... names) throws RuleException {
        for (String name : names) {
            if (!options.has(name)) {
                throw refused(name, "is required by this alerter");
            }
        }
        return this;
    }

    RuleException refused(String name, String mend) {
        return options.line(name) != null
                ? options.refused(name, mend)
                : new RuleException(options.line("alert"), name, mend);
    }

    boolean has(String name) {
        return options.has(name);
    }

    Object value(String name) {
        return options.value(name);
    }

    String string(String name, String otherwise) throws RuleException {
        Object value = options.value(name);
        if (value == null) {
            return otherwise;
        }
        if (!(value instanceof String text)) {
            throw refused(name, "must be a text; put it in quotes");
        }
        return text;
    }

    /** @return null when the option is not given */
    String oneOf(String name, Set<String> allowed) throws RuleException {
        String text = string(name, null);
        if (text != null && !allowed.contains(text)) {
            throw refused(
                    name,
                    "must be one of "
                            + String.join(", ", allowed.stream().sorted().toList()));
        }
        return text;
    }

    /** A text or a list of texts; empty when the option is not given. */
    List<String> strings(String name) throws RuleException {
        Object value = options.value(name);
        List<String> texts = new ArrayList<>();
        for (Object item : value instanceof List<?> list ? list : value == null ? List.of() : List.of(value)) {
            if (!(item instanceof String text)) {
                throw refused(name, "must be a text or a list of texts");
            }
            texts.add(text);
        }
        return texts;
    }

    boolean flag(String name, boolean otherwise) throws RuleException {
        return options.flag(name, otherwise);
    }

    int whole(String name, int otherwise, int least, int most) throws RuleException {
        if (!options.has(name)) {
            return otherwise;
        }
        int number = options.whole(name, otherwise);
        if (number < least || number > most) {
            throw refused(name, "must be " + least + " to " + most);
        }
        return number;
    }

    /** A map with texts for keys; empty when the option is not given. */
    Map<String, Object> map(String name) throws RuleException {
        Object value = options.value(name);
        if (value != null && !(value instanceof Map)) {
            throw refused(name, "must be a map");
        }
        Map<String, Object> map = new LinkedHashMap<>();
        ((Map<?, ?>) (value == null ? Map.of() : value)).forEach((k, v) -> map.put(Python.str(k), v));
        return map;
    }

    /** Addresses to post to; a wrong one is refused without being shown, since it is a secret even so. */
    List<String> urls(String name) throws RuleException {
        List<String> urls = strings(name);
        for (String url : urls) {
            if (!isUrl(url)) {
                throw refused(
                        name,
                        "must be a whole address that begins with https:// or http://;"
                                + " is its environment variable set?");
            }
        }
        return urls;
    }

    static boolean isUrl(String text) {
        try {
            URI address = new URI(text);
            return ("https".equals(address.getScheme()) || "http".equals(address.getScheme()))
                    && address.getHost() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    String title(Alert alert) {
        return text.title(alert);
    }

    String body(Alert alert) {
        return text.body(alert);
    }

    /** The body as Slack and its like show it: a summary table is narrower, and in a fence. */
    String fencedBody(Alert alert) {
        return text.body(alert, AlertText.Layout.FENCED);
    }

    /** The body with each match as a block of code, in Jira's marks. */
    String codeBody(Alert alert) {
        return text.body(alert, AlertText.Layout.JIRA);
    }

    String codeBody(Map<String, Object> match) {
        return text.matches(new Alert(List.of(match), 0, false), AlertText.Layout.JIRA);
    }

    /** What is said of the matches alone, without a summary table, unless that is all that the rule wants. */
    String bodyOfMatches(Alert alert) {
        boolean whole = alert.resolved() || "aggregation_summary_only".equals(rule.option("alert_text_type"));
        return whole ? body(alert) : text.matches(alert, AlertText.Layout.PLAIN) + text.suppressed(alert);
    }

    /** A Jinja template of an option; a mistake is refused with the rule. */
    Template template(String option, String source) throws RuleException {
        try {
            return Template.of(source);
        } catch (TemplateException e) {
            throw refused(option, "is no Jinja template: " + e.getMessage());
        }
    }

    /** The variables of a template: the match's fields, and all of them under {@code jinja_root_name} as well. */
    Map<String, Object> variables(Map<String, Object> match) {
        Map<String, Object> variables = new LinkedHashMap<>(match);
        variables.put(Python.str(rule.option("jinja_root_name")), match);
        return variables;
    }

    /** The title where ElastAlert puts its own name before the rule's. */
    String title(Alert alert, String otherwise) {
        return text.title(alert, otherwise);
    }

    /** {@code ElastAlert: <rule> - <query_key value>}. */
    String defaultTitle(Alert alert) {
        Object key = rule.queryKey() == null ? null : alert.matches().get(0).get(rule.queryKey());
        return "ElastAlert: " + rule.name() + (Python.truthy(key) ? " - " + Python.str(key) : "");
    }

    /** Whether the rule tells of the end of what it told before. */
    boolean endsByItself() {
        return options.has("resolve_after") || Python.truthy(options.value("resolved"));
    }

    /** A name for what is wrong, the same from the first alert to its end. */
    String troubleKey(Alert alert) {
        return Destination.sha256(rule.name() + "\0" + alert.key());
    }

    /**
     * A key as a service takes it: one that is too long by its hash, so that it is the same each time and nobody
     * else's.
     */
    static String key(String text, int longest) {
        return text.length() <= longest ? text : Destination.sha256(text);
    }

    static Object first(Alert alert, String field) {
        return Document.lookup(alert.matches().get(0), field);
    }

    static Object last(Alert alert, String field) {
        return Document.lookup(alert.matches().get(alert.matches().size() - 1), field);
    }
}
