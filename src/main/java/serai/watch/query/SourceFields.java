package serai.watch.query;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import serai.watch.python.Python;
import serai.watch.rule.Rule;

/**
 * Names of fields as rules write them, as filters of {@code _source}: a multi-field ({@code user.keyword}) is in the
 * source under its parent, and of a list an element ({@code hosts[0].name}) is found only in the whole list
 * ({@code docs/reference/elastalert.md}, "Documents and field names").
 */
final class SourceFields {

    private static final List<String> MULTI_FIELDS = List.of(".keyword", ".raw");

    private SourceFields() {}

    static Set<String> of(Rule rule, Collection<String> names) {
        Set<String> fields = new LinkedHashSet<>();
        for (String name : names) {
            int bracket = name.indexOf('[');
            String plain = bracket > 0 ? name.substring(0, bracket) : name;
            fields.add(plain);
            multiFields(rule)
                    .filter(plain::endsWith)
                    .forEach(end -> fields.add(plain.substring(0, plain.length() - end.length())));
        }
        fields.remove("");
        return fields;
    }

    private static Stream<String> multiFields(Rule rule) {
        Object own = rule.option("string_multi_field_name");
        return own == null ? MULTI_FIELDS.stream() : Stream.concat(MULTI_FIELDS.stream(), Stream.of(Python.str(own)));
    }
}
