package serai.watch.alerter;

import java.util.List;
import serai.http.HttpOptions;
import serai.watch.message.Alert;
import serai.watch.message.AlertText;
import serai.watch.python.Python;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/** What an alerter is made from: the rule, the texts of its messages, and the values of the alerter's options. */
final class AlerterOptions {

    private final AlerterType type;
    private final Rule rule;
    private final AlertText text;
    private final List<String> notices;
    /** One for each option of the type: an array, because there may be thousands of rules. */
    private final Object[] values;

    /**
     * Reads all options of the alerter's type.
     *
     * @param rule with the options inside the alerter's own entry, which take precedence over the rule's
     * @param notices gets what the rule runs without
     * @throws RuleException when an option is missing or wrong
     */
    AlerterOptions(AlerterType type, Rule rule, AlertText text, List<String> notices) throws RuleException {
        this.type = type;
        this.rule = rule;
        this.text = text;
        this.notices = notices;
        this.values = new Object[type.options().size()];
        for (Option<?> option : type.options()) {
            values[option.index()] = option.read(this);
        }
    }

    AlerterType type() {
        return type;
    }

    Rule rule() {
        return rule;
    }

    AlertText text() {
        return text;
    }

    /** The value of one of the type's options, or its default. */
    @SuppressWarnings("unchecked")
    <T> T get(Option<T> option) {
        if (type.options().get(option.index()) != option) {
            throw new IllegalArgumentException(type.name() + " does not declare the option " + option.name());
        }
        return (T) values[option.index()];
    }

    /** An option as the rule has it, or null. */
    Object value(String name) {
        return rule.fileOptions().value(name);
    }

    boolean has(Option<?> option) {
        return value(option.name()) != null;
    }

    /** That an option is wrong, with its line, or that of {@code alert} when it is not in the file. */
    RuleException refused(String name, String reason) {
        return rule.fileOptions().line(name) != null
                ? rule.fileOptions().refused(name, reason)
                : new RuleException(rule.fileOptions().line("alert"), name, reason);
    }

    /** The same of an option that is missing, or stands for an address that is not set: the other alerters can run. */
    MissingOptionException missing(String name, String reason) {
        Integer line = rule.fileOptions().line(name);
        return new MissingOptionException(
                line != null ? line : rule.fileOptions().line("alert"), name, reason);
    }

    /** Notes what the rule runs without. */
    void notice(String notice) {
        notices.add(Alerters.place(rule.fileOptions()) + notice);
    }

    /** The destinations of an alerter that posts to each of some addresses. */
    List<HttpDestination> destinations(Option<List<String>> urls, Option<HttpOptions> connection) {
        return get(urls).stream()
                .map(url -> HttpDestination.of(type.name(), url, get(connection)))
                .toList();
    }

    /**
     * The key of the incident that an alert opens and its end closes, for rules that report ends; otherwise empty: each
     * message is an incident of its own.
     */
    String incidentKey(Alert alert) {
        boolean reportsEnds = value("resolve_after") != null || Python.truthy(value("resolved"));
        return reportsEnds && alert.key() != null ? Destination.sha256(rule.name() + "\0" + alert.key()) : "";
    }

    /** A key that fits its service: one that is too long becomes its hash, so that it is the same each time. */
    static String shortened(String key, int longest) {
        return key.length() <= longest ? key : Destination.sha256(key);
    }
}
