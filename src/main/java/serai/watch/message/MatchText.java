package serai.watch.message;

import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import serai.watch.python.Python;
import serai.watch.python.PythonJson;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.template.TemplateException;
import serai.watch.type.RuleType;

/** The part of a body about one match: the rule's own text, the rule type's sentence, top counts, and the fields. */
final class MatchText {

    private static final String TOP = "top_events_";

    private final Rule rule;
    private final MessageTemplate template;
    private final boolean hasOwnText;
    private final String kind;

    MatchText(Rule rule) throws RuleException {
        this.rule = rule;
        this.template = MessageTemplate.text(rule);
        this.hasOwnText = rule.fileOptions().has("alert_text");
        this.kind = rule.fileOptions().text("alert_text_type", "");
    }

    String of(Map<String, Object> match, AlertText.Layout layout) {
        StringBuilder body = new StringBuilder();
        if (!hasOwnText) {
            body.append(rule.name()).append("\n\n");
        }
        try {
            body.append(template.of(match));
        } catch (TemplateException e) {
            return withoutTemplate(match, e, layout);
        }
        endParagraph(body);
        if (!"alert_text_only".equals(kind) && !"alert_text_jinja".equals(kind)) {
            body.append(RuleType.open(rule, MissingNode.getInstance()).matchText(match));
            endParagraph(body);
            topCounts(match, body);
            if (!"exclude_fields".equals(kind)) {
                fields(match, layout, body);
            }
        }
        return body.toString();
    }

    /** An alert is sent even when its template does not fit the match. */
    private String withoutTemplate(Map<String, Object> match, TemplateException failure, AlertText.Layout layout) {
        StringBuilder body = new StringBuilder(rule.name())
                .append("\n\nThe template of this message (")
                .append(rule.fileOptions().has("jinja_template_path") ? "jinja_template_path" : "alert_text")
                .append(") could not be filled in: ")
                .append(failure.getMessage())
                .append(". The match is:\n\n");
        fields(match, layout, body);
        return body.toString();
    }

    private void topCounts(Map<String, Object> match, StringBuilder body) {
        if (!Python.truthy(rule.option("top_count_keys"))) {
            return;
        }
        match.forEach((name, counts) -> {
            if (name.startsWith(TOP) && counts instanceof Map<?, ?> terms) {
                body.append(name.substring(TOP.length()))
                        .append(":\n")
                        .append(terms.isEmpty() ? "No events found.\n" : "");
                terms.entrySet().stream()
                        .sorted(Comparator.comparing(
                                (Map.Entry<?, ?> term) -> -((Number) term.getValue()).doubleValue()))
                        .forEach(term -> body.append(Python.str(term.getKey()))
                                .append(": ")
                                .append(Python.str(term.getValue()))
                                .append('\n'));
                body.append('\n');
            }
        });
    }

    private static void fields(Map<String, Object> match, AlertText.Layout layout, StringBuilder body) {
        Map<String, Object> fields = new TreeMap<>(match);
        fields.keySet().removeIf(name -> name.startsWith(TOP));
        if (layout.code() != null) {
            body.append(layout.code()).append(PythonJson.PRETTY.text(fields)).append(layout.code());
            return;
        }
        fields.forEach((name, value) -> {
            String printed =
                    value instanceof Map || value instanceof List ? PythonJson.PRETTY.text(value) : Python.str(value);
            body.append(name).append(": ").append(printed).append('\n');
        });
    }

    private static void endParagraph(StringBuilder body) {
        while (body.length() < 2 || body.charAt(body.length() - 1) != '\n' || body.charAt(body.length() - 2) != '\n') {
            body.append('\n');
        }
    }
}
