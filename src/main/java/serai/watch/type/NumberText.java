package serai.watch.type;

import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.watch.python.PythonFormat;
import serai.watch.python.PythonPercent;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/**
 * A number as a rule wants it printed: a text that begins with a brace is Python's {@code str.format}, any other its
 * {@code %}.
 */
final class NumberText {

    private final PythonFormat format;
    private final PythonPercent percent;

    private NumberText(String text) {
        this.format = text.startsWith("{") ? new PythonFormat(text) : null;
        this.percent = format == null ? new PythonPercent(text) : null;
    }

    /** Null when the rule does not say how. */
    static NumberText of(Rule rule, String option) {
        return rule.option(option) == null
                ? null
                : new NumberText(rule.option(option).toString());
    }

    static void check(TypeOptions options, String option) throws RuleException {
        options.text(option);
        if (!options.has(option)) {
            return;
        }
        try {
            NumberText text = of(options.rule(), option);
            if (text.format != null) {
                text.format.require(1, Set.of());
            } else if (text.percent.count() != 1) {
                throw new IllegalArgumentException(
                        "must hold one place for the number, such as '%.2f' or '{:.2f}'; write '%%' for a"
                                + " percent sign");
            }
        } catch (IllegalArgumentException e) {
            throw options.refused(option, e.getMessage());
        }
    }

    String of(Object value) {
        return format != null ? format.apply(List.of(value), Map.of()) : percent.apply(value);
    }
}
