package serai.watch.type;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import serai.watch.rule.Event;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/**
 * blacklist and whitelist: a field's value is in a list, or is not. Case and type matter: 5 is not "5". A field with
 * several values, which disables the rule in ElastAlert, matches if one of them does, as in Elasticsearch's filters; an
 * empty list counts as missing.
 */
final class ListType extends AbstractRuleType {

    private final boolean black;
    private final boolean ignoreNull;
    private final Set<String> listed;
    private final String field;

    ListType(Rule rule) {
        super(rule);
        this.black = rule.type().equals("blacklist");
        this.ignoreNull = rule.flag("ignore_null", false);
        this.field = String.join(",", TypeOptions.of(rule).names("compare_key"));
        this.listed = new HashSet<>();
        ((List<?>) rule.option(rule.type())).forEach(value -> listed.add((String) value));
    }

    static void check(TypeOptions options) throws RuleException {
        String list = options.rule().type();
        options.requiredNames("compare_key", "is required: the field whose value is compared with the list");
        if (options.value(list) == null) {
            throw options.missing(list, "is required: a list of texts");
        }
        if (list.equals("whitelist")) {
            options.requiredFlag(
                    "ignore_null", "must be set: true to ignore documents without the field, false to match them");
        }
    }

    @Override
    public void addDocuments(List<Event> events) {
        for (Event event : events) {
            if (matches(event.field(field))) {
                matched(event.fields());
            }
        }
    }

    private boolean matches(Object value) {
        if (value instanceof List<?> several && !several.isEmpty()) {
            return several.stream().anyMatch(this::matches);
        }
        if (value == null || value instanceof List) {
            return !black && !ignoreNull;
        }
        return black == (value instanceof String text && listed.contains(text));
    }

    @Override
    public Set<String> fields() {
        return Set.of(field);
    }
}
