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
 * A Jinja template that a match is filled into. Its variables are the match's fields; all of them together are under
 * the name that {@code jinja_root_name} gives.
 */
public final class MatchTemplate {

    private final Template template;
    private final Map<String, Object> defaults;
    private final String root;

    private MatchTemplate(Template template, Rule rule, Map<String, Object> defaults) {
        this.template = template;
        this.defaults = defaults;
        this.root = rule.option("jinja_root_name") == null ? "_data" : Python.str(rule.option("jinja_root_name"));
    }

    /**
     * A template of an alerter's option.
     *
     * @throws TemplateException when the source is not a template
     */
    public static MatchTemplate of(Rule rule, String source) throws TemplateException {
        return new MatchTemplate(Template.of(source), rule, Map.of());
    }

    /**
     * The template of a title or a body, which may show the rule's public options too. The body's is in the file that
     * {@code jinja_template_path} names, if there is one.
     */
    static MatchTemplate ofText(Rule rule, String option) throws RuleException {
        String path = option.equals("alert_text") ? rule.fileOptions().text("jinja_template_path", "") : "";
        try {
            Template template = path.isEmpty() ? Template.of(rule.fileOptions().text(option, "")) : Template.file(path);
            return new MatchTemplate(template, rule, PublicOptions.of(rule));
        } catch (TemplateException e) {
            String filters = Python.truthy(rule.option("jinja_filters"))
                    ? "; custom filters (jinja_filters) are Python and cannot run here"
                    : "";
            throw rule.fileOptions()
                    .refused(
                            path.isEmpty() ? option : "jinja_template_path",
                            "is not a Jinja template: " + e.getMessage() + filters);
        }
    }

    /** The file that {@code jinja_template_path} names. */
    public static Optional<Path> file(Rule rule) {
        return rule.option("jinja_template_path") instanceof String path && !path.isEmpty()
                ? Template.path(path)
                : Optional.empty();
    }

    /** @throws TemplateException when the template cannot be filled in from this match */
    public String render(Map<String, Object> match) throws TemplateException {
        Map<String, Object> fields = new LinkedHashMap<>(defaults);
        fields.putAll(match);
        Map<String, Object> variables = new LinkedHashMap<>(fields);
        variables.put(root, fields);
        return template.render(variables);
    }
}
