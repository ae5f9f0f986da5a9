package serai.watch.message;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import serai.watch.python.Python;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.template.Template;
import serai.watch.template.TemplateException;

/**
 * A rule's Jinja template: its variables are the rule's options, and the match's fields over them (spec/elastalert.md
 * 1.8).
 */
public final class RuleTemplate {

    private final Template template;
    private final Map<String, Object> options;
    private final String root;

    private RuleTemplate(Template template, Rule rule) {
        this.template = template;
        this.options = PublicOptions.of(rule);
        this.root = rule.option("jinja_root_name") == null ? "_data" : Python.str(rule.option("jinja_root_name"));
    }

    /** The template of the body is the file that {@code jinja_template_path} names, if there is one. */
    static RuleTemplate of(Rule rule, String option) throws RuleException {
        String path = option.equals("alert_text") ? rule.fileOptions().text("jinja_template_path", "") : "";
        try {
            return new RuleTemplate(
                    path.isEmpty() ? Template.of(rule.fileOptions().text(option, "")) : Template.file(path), rule);
        } catch (TemplateException e) {
            String filters = Python.truthy(rule.option("jinja_filters"))
                    ? "; filters of one's own (jinja_filters) are Python and cannot run here"
                    : "";
            throw rule.fileOptions()
                    .refused(
                            path.isEmpty() ? option : "jinja_template_path",
                            "is no Jinja template: " + e.getMessage() + filters);
        }
    }

    /** Where that file is. */
    public static Optional<Path> file(Rule rule) {
        return rule.option("jinja_template_path") instanceof String path && !path.isEmpty()
                ? Template.path(path)
                : Optional.empty();
    }

    String render(Map<String, Object> match) throws TemplateException {
        Map<String, Object> values = new LinkedHashMap<>(options);
        values.putAll(match);
        Map<String, Object> all = new LinkedHashMap<>(values);
        all.put(root, values);
        return template.render(all);
    }
}
