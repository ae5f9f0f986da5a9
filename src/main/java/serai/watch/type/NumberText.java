package serai.watch.type;

import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.watch.python.PythonFormat;
import serai.watch.python.PythonPercent;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/** A rule's format for numbers: Python's {@code str.format} if it begins with a brace, else its {@code %} operator. */
final class NumberText {

    private final PythonFormat format;
    private final PythonPercent percent;

    private NumberText(String text) {
        this.format = text.startsWith("{") ? new PythonFormat(text) : null;
        this.percent = format == null ? new PythonPercent(text) : null;
    }

    /** Null when the rule has no format. */
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
                        "must have one place for the number, such as '%.2f' or '{:.2f}'; write '%%' for a"
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
