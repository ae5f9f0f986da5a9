package serai.watch.alert;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import serai.watch.rule.Document;
import serai.watch.rule.Options;
import serai.watch.rule.Python;
import serai.watch.rule.PythonFormat;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.type.RuleType;

/** A message's title and body (spec/elastalert.md 1.8). */
public final class AlertText {

    private static final String DASHES = "\n" + "-".repeat(40) + "\n";

    private final Rule rule;
    private final String missing;
    private final List<String> subjectFields;
    private final List<String> textFields;
    private final Map<String, String> textNames;
    private final PythonFormat subject;
    private final PythonFormat text;

    public AlertText(Rule rule) throws RuleException {
        Options given = rule.given();
        this.rule = rule;
        this.missing = given.text("alert_missing_value", "<MISSING VALUE>");
        this.subjectFields = given.has("alert_subject_args") ? given.texts("alert_subject_args") : null;
        this.textFields = given.has("alert_text_args") ? given.texts("alert_text_args") : null;
        this.textNames = names(given);
        this.subject = subjectFields == null || !given.has("alert_subject") ? null
                : format(given, "alert_subject", subjectFields.size(), List.of());
        boolean formatted = textFields != null || textNames != null;
        this.text = !formatted ? null : format(given, "alert_text", textFields == null ? 0 : textFields.size(),
                textFields == null ? textNames.values() : List.of());
    }

    private static Map<String, String> names(Options given) throws RuleException {
        Object value = given.value("alert_text_kw");
        if (value == null) {
            return null;
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw given.refused("alert_text_kw", "must be a map of field to name");
        }
        Map<String, String> names = new LinkedHashMap<>();
        map.forEach((field, name) -> names.put(Python.str(field), Python.str(name)));
        return names;
    }

    private static PythonFormat format(Options given, String option, int count, java.util.Collection<String> names) throws RuleException {
        try {
            PythonFormat format = new PythonFormat(given.text(option, ""));
            format.require(count, new HashSet<>(names));
            return format;
        } catch (IllegalArgumentException e) {
            throw given.refused(option, e.getMessage());
        }
    }

    public String title(List<Map<String, Object>> matches) {
        Object option = rule.option("alert_subject");
        String title = option == null ? rule.name() : subject == null ? Python.str(option)
                : subject.apply(values(subjectFields, matches.get(0)), Map.of());
        int longest = rule.whole("alert_subject_max_len", 2048);
        return option == null || title.length() <= longest ? title : title.substring(0, longest);
    }

    public String body(List<Map<String, Object>> matches) {
        if ("aggregation_summary_only".equals(rule.option("alert_text_type"))) {
            return "";
        }
        StringBuilder body = new StringBuilder();
        for (Map<String, Object> match : matches) {
            body.append(one(match));
            if (matches.size() > 1) {
                body.append(DASHES);
            }
        }
        return body.toString();
    }

    private StringBuilder one(Map<String, Object> match) {
        StringBuilder body = new StringBuilder();
        if (rule.option("alert_text") == null) {
            body.append(rule.name()).append("\n\n");
        }
        body.append(custom(match));
        endParagraph(body);
        Object kind = rule.option("alert_text_type");
        if (!"alert_text_only".equals(kind)) {
            body.append(RuleType.open(rule, com.fasterxml.jackson.databind.node.MissingNode.getInstance()).matchText(match));
            endParagraph(body);
            if (!"exclude_fields".equals(kind)) {
                fields(match, body);
            }
        }
        return body;
    }

    private String custom(Map<String, Object> match) {
        if (text == null) {
            return Python.str(rule.option("alert_text") == null ? "" : rule.option("alert_text"));
        }
        if (textFields != null) {
            return text.apply(values(textFields, match), Map.of());
        }
        Map<String, Object> named = new LinkedHashMap<>();
        textNames.forEach((field, name) -> {
            Object value = Document.lookup(match, field);
            value = value == null ? rule.option(field) : value;
            named.put(name, value == null ? missing : value);
        });
        return text.apply(List.of(), named);
    }

    private List<Object> values(List<String> fields, Map<String, Object> match) {
        List<Object> values = new ArrayList<>();
        for (String field : fields) {
            Object value = Document.lookup(match, field);
            Object option = rule.option(field);
            value = value == null && Python.truthy(option) ? option : value;
            values.add(value == null ? missing : value);
        }
        return values;
    }

    private static void fields(Map<String, Object> match, StringBuilder body) {
        new TreeMap<>(match).forEach((name, value) -> {
            if (!name.startsWith("top_events_")) {
                String printed = value instanceof Map || value instanceof List ? Python.json(value) : Python.str(value);
                body.append(name).append(": ").append(printed).append('\n');
            }
        });
    }

    private static void endParagraph(StringBuilder body) {
        while (body.length() < 2 || body.charAt(body.length() - 1) != '\n' || body.charAt(body.length() - 2) != '\n') {
            body.append('\n');
        }
    }
}
