package serai.watch.alerter;

import java.util.List;
import java.util.Map;
import serai.watch.rule.RuleException;

/**
 * An option that an alerter reads from a rule: its name, the kind of its value and its default. {@link OptionList}
 * makes them.
 *
 * @param <T> what the value is read as
 */
public final class Option<T> {

    /** Reads the option from a rule; null when it is not given. */
    interface Reader<T> {
        /** @throws RuleException when the value is wrong */
        T read(AlerterOptions options) throws RuleException;
    }

    private final int index;
    private final List<String> names;
    private final String kind;
    private final Reader<T> reader;
    private final T otherwise;
    private final boolean required;

    Option(int index, List<String> names, String kind, Reader<T> reader, T otherwise, boolean required) {
        this.index = index;
        this.names = names;
        this.kind = kind;
        this.reader = reader;
        this.otherwise = otherwise;
        this.required = required;
    }

    /** @throws RuleException when the option is required and not given, or its value is wrong */
    T read(AlerterOptions options) throws RuleException {
        T value = reader.read(options);
        if (required && value == null) {
            throw options.missing(name(), "is required by this alerter");
        }
        return value == null ? otherwise : value;
    }

    /** Its position in its list. */
    int index() {
        return index;
    }

    /** The name in rule files; of a group the first. */
    public String name() {
        return names.get(0);
    }

    /** All names in rule files: several when options are read together. */
    public List<String> names() {
        return names;
    }

    /** What the value is, for the documentation. */
    public String kind() {
        return kind;
    }

    /** The default, for the documentation; empty when there is none. */
    public String defaultText() {
        return otherwise == null || otherwise instanceof Iterable || otherwise instanceof Map
                ? ""
                : otherwise.toString();
    }

    /** Whether every rule with the alerter must have it. */
    public boolean isRequired() {
        return required;
    }
}
