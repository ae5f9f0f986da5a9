package serai.watch.type;

import java.util.List;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/**
 * The fields of new_term: {@code fields}, or the query key.
 *
 * @param names the fields as matches name them: a text, or a list of texts for a composite field
 */
record TermFields(List<?> names) {

    static TermFields of(Rule rule) {
        Object fields = rule.option("fields") == null ? rule.queryKey() : rule.option("fields");
        return new TermFields(fields instanceof List<?> list ? list : fields == null ? List.of() : List.of(fields));
    }

    static void check(TypeOptions options) throws RuleException {
        Rule rule = options.rule();
        if (!options.has("fields") && (rule.fileOptions().values().containsKey("fields") || rule.queryKey() == null)) {
            throw options.missing(
                    "fields", "is required, or query_key: the field whose new values match, or a list of fields");
        }
        TermFields fields = of(rule);
        if (fields.names.isEmpty()) {
            throw options.refused("fields", "must not be an empty list");
        }
        if (!fields.names.stream().allMatch(field -> isName(field) || isComposite(field))) {
            throw options.refused(
                    "fields", "must be a field name, a list of them, or a list of lists of them for composite values");
        }
        if (rule.mode() == Rule.Mode.TERMS && !fields.names.equals(List.of(rule.queryKey()))) {
            throw options.refused("use_terms_query", "needs one field, the same in fields and in query_key");
        }
    }

    private static boolean isName(Object field) {
        return field instanceof String text && !text.isEmpty();
    }

    private static boolean isComposite(Object field) {
        return field instanceof List<?> parts
                && !parts.isEmpty()
                && parts.stream().allMatch(TermFields::isName);
    }

    /** The names of the parts of each field; one for a field that is not composite. */
    List<List<String>> parts() {
        return names.stream()
                .map(field -> field instanceof List<?> list
                        ? list.stream().map(String.class::cast).toList()
                        : List.of((String) field))
                .toList();
    }
}
