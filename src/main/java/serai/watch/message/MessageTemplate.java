package serai.watch.message;

import java.util.LinkedHashMap;
import java.util.Map;
import serai.watch.python.Python;
import serai.watch.rule.Options;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.template.TemplateException;

/**
 * What the author of a rule wrote for a title or a body: plain text, a text with values by position ({@code _args}) or
 * by name ({@code _kw}), or a Jinja template.
 */
@FunctionalInterface
interface MessageTemplate {

    /** @throws TemplateException when a Jinja template cannot be filled in from this match */
    String of(Map<String, Object> match) throws TemplateException;

    /** The title; null when the rule has none of its own. Arguments take precedence over a Jinja template. */
    static MessageTemplate subject(Rule rule) throws RuleException {
        if (!rule.fileOptions().has("alert_subject")) {
            return null;
        }
        if (rule.fileOptions().has("alert_subject_args")) {
            return byPosition(rule, "alert_subject", "alert_subject_args");
        }
        return isJinja(rule) ? MatchTemplate.ofText(rule, "alert_subject")::render : literal(rule, "alert_subject");
    }

    /** The body; empty when the rule has none of its own. A Jinja template takes precedence over arguments. */
    static MessageTemplate text(Rule rule) throws RuleException {
        if (isJinja(rule)) {
            return MatchTemplate.ofText(rule, "alert_text")::render;
        }
        if (rule.fileOptions().has("alert_text_args")) {
            return byPosition(rule, "alert_text", "alert_text_args");
        }
        return rule.fileOptions().has("alert_text_kw") ? byName(rule) : literal(rule, "alert_text");
    }

    private static boolean isJinja(Rule rule) {
        return "alert_text_jinja".equals(rule.option("alert_text_type"));
    }

    private static MessageTemplate literal(Rule rule, String option) throws RuleException {
        String text = rule.fileOptions().text(option, "");
        return match -> text;
    }

    private static MessageTemplate byPosition(Rule rule, String option, String args) throws RuleException {
        rule.fileOptions().list(args);
        try {
            return FormattedText.byPosition(
                    rule,
                    rule.fileOptions().text(option, ""),
                    rule.fileOptions().texts(args))::of;
        } catch (IllegalArgumentException e) {
            throw rule.fileOptions().refused(option, e.getMessage());
        }
    }

    private static MessageTemplate byName(Rule rule) throws RuleException {
        Options options = rule.fileOptions();
        if (!(options.value("alert_text_kw") instanceof Map<?, ?> map)) {
            throw options.refused("alert_text_kw", "must be a map of field to name");
        }
        Map<String, String> names = new LinkedHashMap<>();
        map.forEach((field, name) -> names.put(Python.str(field), Python.str(name)));
        try {
            return FormattedText.byName(rule, options.text("alert_text", ""), names)::of;
        } catch (IllegalArgumentException e) {
            throw options.refused("alert_text", e.getMessage());
        }
    }
}
