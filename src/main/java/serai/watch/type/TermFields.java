package serai.watch.type;

import java.util.ArrayList;
import java.util.List;
import serai.watch.python.Python;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/**
 * The fields whose new values a rule tells: {@code fields}, or the query key where there are none. Each is a list of
 * its parts.
 */
final class TermFields {

    private final List<List<String>> all = new ArrayList<>();
    private final List<Boolean> composite = new ArrayList<>();

    TermFields(Rule rule) {
        Object given = rule.option("fields") == null ? rule.queryKey() : rule.option("fields");
        for (Object field : given instanceof List<?> list ? list : given == null ? List.of() : List.of(given)) {
            List<String> parts = new ArrayList<>();
            (field instanceof List<?> list ? list : List.of(field)).forEach(part -> parts.add(Python.str(part)));
            all.add(parts);
            composite.add(field instanceof List);
        }
    }

    static void check(TypeOptions options) throws RuleException {
        if (!options.has("fields")
                && (options.rule().fileOptions().values().containsKey("fields")
                        || options.rule().queryKey() == null)) {
            throw options.missing(
                    "fields", "is required, or query_key: the field whose new values are told, or a list of fields");
        }
        Object given = options.value("fields");
        List<?> fields = given instanceof List<?> list
                ? list
                : given == null ? List.of(options.rule().queryKey()) : List.of(given);
        if (fields.isEmpty()) {
            throw options.refused("fields", "must not be an empty list");
        }
        for (Object field : fields) {
            boolean name = field instanceof String text && !text.isEmpty();
            if (!name
                    && !(field instanceof List<?> parts
                            && !parts.isEmpty()
                            && parts.stream().allMatch(String.class::isInstance))) {
                throw options.refused(
                        "fields",
                        "must be a field name, a list of them, or a list of lists of them for composite values");
            }
        }
        TermFields read = new TermFields(options.rule());
        if (options.rule().mode() == Rule.Mode.TERMS
                && (read.all.size() != 1
                        || read.composite.get(0)
                        || !read.all.get(0).get(0).equals(options.rule().queryKey()))) {
            throw options.refused("use_terms_query", "needs one field, the same in fields and in query_key");
        }
    }

    List<List<String>> all() {
        return all;
    }

    /** As a match names it: one name, or the list of the parts of a composite. */
    Object name(int field) {
        return composite.get(field) ? all.get(field) : all.get(field).get(0);
    }
}
