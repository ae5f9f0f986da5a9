package serai.watch.type;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import serai.watch.rule.FormatSpec;
import serai.watch.rule.Python;
import serai.watch.rule.PythonFormat;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/** A number as a rule wants it printed: a text that begins with a brace is Python's {@code str.format}, any other its {@code %}. */
final class NumberText {

    private static final Pattern PERCENT = Pattern.compile("%(?:%|([-+ 0#]*)(\\d{1,4})?(?:\\.(\\d{1,4}))?[hlL]?([diufFeEgGsrxXo]))");

    private final PythonFormat format;
    private final String text;

    private NumberText(String text) {
        this.text = text;
        this.format = text.startsWith("{") ? new PythonFormat(text) : null;
    }

    /** Null when the rule does not say how. */
    static NumberText of(Rule rule, String option) {
        return rule.option(option) == null ? null : new NumberText(rule.option(option).toString());
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
            } else {
                text.requireOne();
            }
            text.of(1.5);
        } catch (IllegalArgumentException e) {
            throw options.refused(option, e.getMessage());
        }
    }

    private void requireOne() {
        String rest = PERCENT.matcher(text).replaceAll("");
        long values = PERCENT.matcher(text).results().filter(found -> found.group(4) != null).count();
        if (values != 1 || rest.contains("%")) {
            throw new IllegalArgumentException("must hold one place for the number, such as '%.2f' or '{:.2f}'; write '%%' for a percent"
                    + " sign");
        }
    }

    String of(Object value) {
        return format != null ? format.apply(List.of(value), Map.of())
                : PERCENT.matcher(text).replaceAll(found -> Matcher.quoteReplacement(printed(found, value)));
    }

    private static String printed(MatchResult found, Object value) {
        if (found.group(4) == null) {
            return "%";
        }
        String flags = found.group(1);
        char kind = "diu".contains(found.group(4)) ? 'd' : found.group(4).charAt(0);
        boolean words = kind == 's' || kind == 'r';
        String align = flags.contains("-") ? "<" : flags.contains("0") && !words ? "0=" : ">";
        String sign = words ? "" : flags.contains("+") ? "+" : flags.contains(" ") ? " " : "";
        String width = found.group(2) == null ? "" : found.group(2);
        String precision = found.group(3) == null || kind == 'd' ? "" : "." + found.group(3);
        Object given = words ? Python.str(value) : kind == 'd' ? (Object) new BigDecimal(value.toString()).toBigInteger() : value;
        return FormatSpec.of(align + sign + width + precision + (words ? 's' : kind)).format(given);
    }
}
