package serai.watch.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a rule wants done by Python classes of its own: they cannot run here, and without them it would be another rule.
 */
final class PythonClasses {

    private PythonClasses() {}

    /**
     * @param enhancements those that there are
     * @throws RuleException when the rule names another one
     */
    static void check(Options options, Set<String> enhancements) throws RuleException {
        for (String enhancement : options.texts("match_enhancements")) {
            if (!enhancements.contains(enhancement)) {
                throw options.refused(
                        "match_enhancements",
                        "'" + enhancement + "' names a Python class, which cannot run here; remove it"
                                + " if the rule is right without it. There is "
                                + String.join(
                                        ", ", enhancements.stream().sorted().toList()));
            }
        }
    }

    /** Filters of templates are looked for when a template is read, so that those which are not used do no harm. */
    static List<String> notices(Options options) throws RuleException {
        List<String> notices = new ArrayList<>();
        if (options.line("jinja_filters") != null
                && !options.texts("jinja_filters").isEmpty()) {
            notices.add(options.line("jinja_filters") + ": jinja_filters: "
                    + String.join(", ", options.texts("jinja_filters"))
                    + " are Python classes, which cannot run here; use the filters that Jinja has itself");
        }
        return notices;
    }
}
