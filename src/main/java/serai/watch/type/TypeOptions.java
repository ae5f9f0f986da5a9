package serai.watch.type;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import serai.watch.rule.Options;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/** The options of one rule as its type reads them: refused with the line when they are wrong. */
final class TypeOptions {

    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final Rule rule;
    private final Options given;

    private TypeOptions(Rule rule) {
        this.rule = rule;
        this.given = rule.fileOptions();
    }

    static TypeOptions of(Rule rule) {
        return new TypeOptions(rule);
    }

    Rule rule() {
        return rule;
    }

    Object value(String name) {
        return given.value(name);
    }

    boolean has(String name) {
        return given.has(name);
    }

    RuleException refused(String name, String mend) {
        return given.refused(name, mend);
    }

    /** Refuses a file in which an option is missing: there is no line of it, so the file's first is named. */
    RuleException missing(String name, String mend) {
        return new RuleException(given.line(name) == null ? Integer.valueOf(1) : given.line(name), name, mend);
    }

    /** Whether an option is given; one that stands without a value is a slip. */
    private boolean isGiven(String name) throws RuleException {
        if (given.values().containsKey(name) && !has(name)) {
            throw refused(name, "has no value; give it one, or remove the line");
        }
        return has(name);
    }

    void text(String name) throws RuleException {
        if (isGiven(name) && !(value(name) instanceof String)) {
            throw refused(name, "must be a text; put quotes around numbers and words such as yes and no");
        }
    }

    void requiredText(String name, String mend) throws RuleException {
        text(name);
        given.requiredText(name, mend);
    }

    void requiredNames(String name, String mend) throws RuleException {
        List<?> names = value(name) instanceof List<?> list ? list : has(name) ? List.of(value(name)) : List.of();
        if (names.isEmpty() || !names.stream().allMatch(one -> one instanceof String text && !text.isBlank())) {
            throw missing(name, mend);
        }
    }

    void requiredFlag(String name, String mend) throws RuleException {
        if (!has(name)) {
            throw missing(name, mend);
        }
        given.flag(name, false);
    }

    /** A time that must be there and longer than nothing. */
    void requiredTime(String name) throws RuleException {
        if (given.time(name, null).compareTo(SHORTEST) < 0) {
            throw refused(name, "must be longer than nothing");
        }
    }

    /** A time that may be there. */
    void time(String name) throws RuleException {
        if (isGiven(name)) {
            requiredTime(name);
        }
    }

    /** A time that may be there, and may be nothing. */
    void anyTime(String name) throws RuleException {
        if (isGiven(name) && given.time(name, null).isNegative()) {
            throw refused(name, "must not be negative");
        }
    }

    void flags(String... names) throws RuleException {
        for (String name : names) {
            if (isGiven(name)) {
                given.flag(name, false);
            }
        }
    }

    void number(String name) throws RuleException {
        if (isGiven(name) && !(value(name) instanceof Number)) {
            throw refused(name, "must be a number");
        }
    }

    /** A whole number that may be there; 5.0 is one. */
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
        return given.oneOf(name, allowed, null);
    }

    /** Refuses a rule that has neither of two options. */
    void either(String one, String other) throws RuleException {
        if (!has(one) && !has(other)) {
            throw missing(one, "is required, or " + other + ", or both");
        }
        number(one);
        number(other);
    }

    // for a rule that was checked already

    List<String> names(String name) {
        try {
            return given.texts(name);
        } catch (RuleException e) {
            throw new IllegalStateException(name + " was not checked", e);
        }
    }

    Duration time(String name, Duration otherwise) {
        try {
            return has(name) ? given.time(name, otherwise) : otherwise;
        } catch (RuleException e) {
            throw new IllegalStateException(name + " was not checked", e);
        }
    }

    Number number(String name, Number otherwise) {
        return given.value(name) instanceof Number number ? number : otherwise;
    }
}
