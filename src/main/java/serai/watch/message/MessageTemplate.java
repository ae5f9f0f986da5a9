package serai.watch.message;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.watch.python.Python;
import serai.watch.python.PythonFormat;
import serai.watch.rule.Document;
import serai.watch.rule.Options;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.template.TemplateException;

/**
 * What the author of a rule wrote for a title or a body: as it stands, with values by position ({@code _args}) or by
 * name ({@code _kw}), or a Jinja template (spec/elastalert.md 1.8).
 */
final class MessageTemplate {

    private final Rule rule;
    private final String literal;
    private final String missing;
    private List<String> fields;
    private Map<String, String> names;
    private PythonFormat format;
    private RuleTemplate template;

    private MessageTemplate(Rule rule, String option) throws RuleException {
        this.rule = rule;
        this.literal = rule.fileOptions().text(option, "");
        this.missing = rule.fileOptions().text("alert_missing_value", "<MISSING VALUE>");
    }

    /** The title: arguments go before a template. Null when the rule has none of its own. */
    static MessageTemplate subject(Rule rule) throws RuleException {
        if (!rule.fileOptions().has("alert_subject")) {
            return null;
        }
        MessageTemplate subject = new MessageTemplate(rule, "alert_subject");
        if (rule.fileOptions().has("alert_subject_args")) {
            subject.byPosition("alert_subject", "alert_subject_args");
        } else if (isJinja(rule)) {
            subject.template = RuleTemplate.of(rule, "alert_subject");
        }
        return subject;
    }

    /** The body: a template goes before arguments. Empty when the rule has none of its own. */
    static MessageTemplate text(Rule rule) throws RuleException {
        MessageTemplate text = new MessageTemplate(rule, "alert_text");
        if (isJinja(rule)) {
            text.template = RuleTemplate.of(rule, "alert_text");
        } else if (rule.fileOptions().has("alert_text_args")) {
            text.byPosition("alert_text", "alert_text_args");
        } else if (rule.fileOptions().has("alert_text_kw")) {
            text.byName();
        }
        return text;
    }

    private static boolean isJinja(Rule rule) {
        return "alert_text_jinja".equals(rule.option("alert_text_type"));
    }

    private void byPosition(String option, String args) throws RuleException {
        rule.fileOptions().list(args);
        fields = rule.fileOptions().texts(args);
        try {
            format = new PythonFormat(literal);
            format.require(fields.size(), new HashSet<>());
        } catch (IllegalArgumentException e) {
            throw rule.fileOptions().refused(option, e.getMessage());
        }
    }

    private void byName() throws RuleException {
        Options given = rule.fileOptions();
        if (!(given.value("alert_text_kw") instanceof Map<?, ?> map)) {
            throw given.refused("alert_text_kw", "must be a map of field to name");
        }
        names = new LinkedHashMap<>();
        map.forEach((field, name) -> names.put(Python.str(field), Python.str(name)));
        try {
            format = new PythonFormat(literal);
            format.require(0, new HashSet<>(names.values()));
        } catch (IllegalArgumentException e) {
            throw given.refused("alert_text", e.getMessage());
        }
    }

    /** @throws TemplateException when a template cannot be filled in from this match */
    String of(Map<String, Object> match) throws TemplateException {
        if (template != null) {
            return template.render(match);
        }
        return format == null
                ? literal
                : fields != null ? format.apply(values(match), Map.of()) : format.apply(List.of(), named(match));
    }

    private List<Object> values(Map<String, Object> match) {
        List<Object> values = new ArrayList<>();
        for (String field : fields) {
            Object value = Document.lookup(match, field);
            Object option = PublicOptions.of(rule, field);
            value = value == null && Python.truthy(option) ? option : value;
            values.add(value == null ? missing : value);
        }
        return values;
    }

    private Map<String, Object> named(Map<String, Object> match) {
        Map<String, Object> named = new LinkedHashMap<>();
        names.forEach((field, name) -> {
            Object value = Document.lookup(match, field);
            value = value == null ? PublicOptions.of(rule, field) : value;
            named.put(name, value == null ? missing : value);
        });
        return named;
    }
}
