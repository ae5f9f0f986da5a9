package serai.watch.type;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import serai.watch.rule.Options;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/** The options of a rule as its type reads and checks them. */
final class TypeOptions {

    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final Rule rule;
    private final Options options;

    private TypeOptions(Rule rule) {
        this.rule = rule;
        this.options = rule.fileOptions();
    }

    static TypeOptions of(Rule rule) {
        return new TypeOptions(rule);
    }

    Rule rule() {
        return rule;
    }

    Object value(String name) {
        return options.value(name);
    }

    boolean has(String name) {
        return options.has(name);
    }

    RuleException refused(String name, String reason) {
        return options.refused(name, reason);
    }

    /** The refusal of an option that may be missing; then the first line of the file is named. */
    RuleException missing(String name, String reason) {
        return options.line(name) == null ? new RuleException(1, name, reason) : refused(name, reason);
    }

    /** Whether an option is set; one without a value is refused. */
    private boolean isSet(String name) throws RuleException {
        if (options.values().containsKey(name) && !has(name)) {
            throw refused(name, "has no value; give it one, or remove the line");
        }
        return has(name);
    }

    /** A text, if it is set. */
    void text(String name) throws RuleException {
        if (isSet(name) && !(value(name) instanceof String)) {
            throw refused(name, "must be a text; put quotes around numbers and words such as yes and no");
        }
    }

    void requiredText(String name, String reason) throws RuleException {
        text(name);
        options.requiredText(name, reason);
    }

    /** The name of a field, or a list of names. */
    void requiredNames(String name, String reason) throws RuleException {
        List<?> names = value(name) instanceof List<?> list ? list : has(name) ? List.of(value(name)) : List.of();
        if (names.isEmpty() || !names.stream().allMatch(field -> field instanceof String text && !text.isBlank())) {
            throw missing(name, reason);
        }
    }

    void requiredFlag(String name, String reason) throws RuleException {
        if (!has(name)) {
            throw missing(name, reason);
        }
        options.flag(name, false);
    }

    /** A time of at least a millisecond. */
    void requiredTime(String name) throws RuleException {
        if (options.time(name, null).compareTo(SHORTEST) < 0) {
            throw refused(name, "must be longer than 0");
        }
    }

    /** A time of at least a millisecond, if it is set. */
    void time(String name) throws RuleException {
        if (isSet(name)) {
            requiredTime(name);
        }
    }

    /** A time that is not negative, if it is set. */
    void anyTime(String name) throws RuleException {
        if (isSet(name) && options.time(name, null).isNegative()) {
            throw refused(name, "must not be negative");
        }
    }

    /** Booleans, if they are set. */
    void flags(String... names) throws RuleException {
        for (String name : names) {
            if (isSet(name)) {
                options.flag(name, false);
            }
        }
    }

    /** A number, if it is set. */
    void number(String name) throws RuleException {
        if (isSet(name) && !(value(name) instanceof Number)) {
            throw refused(name, "must be a number");
        }
    }

    /** A whole number, if it is set; 5.0 is one too. */
    void whole(String name) throws RuleException {
        number(name);
        if (value(name) instanceof Number number
                && (number.doubleValue() != Math.rint(number.doubleValue())
                        || Math.abs(number.doubleValue()) > Integer.MAX_VALUE)) {
            throw refused(name, "must be a whole number");
        }
    }

    void requiredWhole(String name) throws RuleException {
        if (!has(name)) {
            throw missing(name, "is required: a whole number");
        }
        whole(name);
    }

    String requiredOneOf(String name, Set<String> allowed) throws RuleException {
        if (!has(name)) {
            throw missing(
                    name,
                    "is required: one of "
                            + String.join(", ", allowed.stream().sorted().toList()));
        }
        return options.oneOf(name, allowed, null);
    }

    /** Two numbers of which at least one is required. */
    void either(String first, String second) throws RuleException {
        if (!has(first) && !has(second)) {
            throw missing(first, "is required, or " + second + ", or both");
        }
        number(first);
        number(second);
    }

    // values of a rule that was checked

    List<String> names(String name) {
        try {
            return options.texts(name);
        } catch (RuleException e) {
            throw new IllegalStateException(name + " was not checked", e);
        }
    }

    Duration time(String name, Duration defaultValue) {
        try {
            return has(name) ? options.time(name, defaultValue) : defaultValue;
        } catch (RuleException e) {
            throw new IllegalStateException(name + " was not checked", e);
        }
    }

    Number number(String name, Number defaultValue) {
        return options.value(name) instanceof Number number ? number : defaultValue;
    }
}
