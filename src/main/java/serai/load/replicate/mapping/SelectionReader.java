package serai.load.replicate.mapping;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import serai.edits.EditRefusedException;
import serai.load.replicate.mapping.ClassifiedRule.Verdict;
import serai.load.replicate.mapping.SourceFilter.Comparison;
import serai.load.replicate.mapping.SourceFilter.Operator;

/** Reads selection rules. */
final class SelectionReader {

    private static final List<String> ACTIONS = List.of("include", "exclude", "explicit");
    private static final Set<String> FIELDS = Set.of(
            "rule-type",
            "rule-id",
            "rule-name",
            "rule-action",
            "object-locator",
            "load-order",
            "filters",
            "parallel-load",
            "isAutoSegmentationChecked",
            "tag-set");
    private static final Set<String> LOCATOR = Set.of("schema-name", "table-name", "table-type");
    private static final List<String> OPERATORS = Arrays.stream(Operator.values())
            .map(operator -> operator.name().toLowerCase(Locale.ROOT))
            .toList();

    private final MappingRules rules;

    SelectionReader(MappingRules rules) {
        this.rules = rules;
    }

    ClassifiedRule read(MappingValue.Fields rule, long id) throws EditRefusedException {
        rule.allow(FIELDS);
        String action = rule.choice("rule-action", ACTIONS);
        MappingValue.Fields locator = rule.object("object-locator")
                .orElseThrow(() -> rule.at().refused("'object-locator' is missing: it names schema and table"));
        locator.allow(LOCATOR);
        String schema = locator.required("schema-name", "write a name, or % for all");
        String table = locator.required("table-name", "write a name, or % for all");
        String tables =
                locator.has("table-type") ? locator.choice("table-type", List.of("table", "view", "all")) : "table";
        List<SourceFilter> filters = filters(rule);
        if (!filters.isEmpty() && action.equals("exclude")) {
            throw rule.at("filters").refused("an exclude rule has no filters: write them into an include rule");
        }
        int order = rule.number("load-order").orElse(0);
        SelectionRule read = new SelectionRule(
                rule.at(),
                id,
                SelectionRule.Kind.valueOf(action.toUpperCase(Locale.ROOT)),
                pattern(locator, "schema-name", schema, !filters.isEmpty() || action.equals("explicit")),
                pattern(locator, "table-name", table, !filters.isEmpty() || action.equals("explicit")),
                order,
                filters);
        ClassifiedRule classified = classified(read, tables);
        if (classified.verdict() != Verdict.REFUSED && classified.verdict() != Verdict.IRRELEVANT) {
            rules.add(read);
        }
        return classified;
    }

    private static ClassifiedRule classified(SelectionRule rule, String tables) {
        boolean wild = NamePattern.hasWildcards(rule.schema().text())
                || NamePattern.hasWildcards(rule.table().text());
        boolean explicit = rule.kind() == SelectionRule.Kind.EXPLICIT;
        Verdict verdict = Verdict.REFUSED;
        String reason;
        if (explicit && !rule.filters().isEmpty()) {
            reason = "filters belong to include rules only: make it an include rule";
        } else if (explicit && wild) {
            reason = "an explicit rule names one table, without wildcards: make it an include rule";
        } else if (!rule.filters().isEmpty() && wild) {
            reason = "filters need the exact name of one table: write one rule for each table";
        } else if (tables.equals("view") && rule.kind() == SelectionRule.Kind.EXCLUDE) {
            verdict = Verdict.IRRELEVANT;
            reason = "views never arrive";
        } else if (tables.equals("view")) {
            reason = "views have no log of changes: select the tables that they read";
        } else if (tables.equals("all")) {
            verdict = Verdict.DIFFERENT;
            reason = "tables only: views have no log of changes";
        } else if (!rule.filters().isEmpty()) {
            verdict = Verdict.DIFFERENT;
            reason = "a row whose change takes it out of the filter is deleted, one that comes in arrives"
                    + bothBounds(rule);
        } else {
            verdict = Verdict.HONOURED;
            reason = "";
        }
        return new ClassifiedRule(
                rule.id(),
                rule.at().line(),
                rule.kind().name().toLowerCase(Locale.ROOT) + " " + rule.schema() + "." + rule.table(),
                verdict,
                reason);
    }

    private static String bothBounds(SelectionRule rule) {
        boolean joined = rule.filters().stream()
                .anyMatch(filter -> filter.comparisons().stream().anyMatch(c -> c.operator() == Operator.GTE)
                        && filter.comparisons().stream()
                                .anyMatch(c -> c.operator() == Operator.LTE || c.operator() == Operator.STE));
        return joined ? "; conditions of one filter are joined by OR, so gte with lte lets almost every row in" : "";
    }

    private static NamePattern pattern(MappingValue.Fields locator, String field, String text, boolean exact)
            throws EditRefusedException {
        try {
            return exact ? NamePattern.literalUnderscore(text) : NamePattern.wildcards(text);
        } catch (IllegalArgumentException e) {
            throw locator.at(field).refused("'" + field + "': " + e.getMessage());
        }
    }

    private static List<SourceFilter> filters(MappingValue.Fields rule) throws EditRefusedException {
        List<SourceFilter> filters = new ArrayList<>();
        for (MappingValue value : rule.list("filters")) {
            MappingValue.Fields filter = value.asFields("a filter is an object in braces");
            filter.allow(Set.of("filter-type", "column-name", "filter-conditions"));
            filter.choice("filter-type", List.of("source"));
            String column = filter.required("column-name", "name the column that is compared");
            List<Comparison> comparisons = new ArrayList<>();
            for (MappingValue condition : filter.list("filter-conditions")) {
                comparisons.add(comparison(condition.asFields("a condition is an object in braces")));
            }
            if (comparisons.isEmpty()) {
                throw filter.at("filter-conditions").refused("'filter-conditions' needs at least one condition");
            }
            if (comparisons.size() > 1
                    && comparisons.stream().anyMatch(c -> c.operator().isNegative())) {
                throw filter.at("filter-conditions")
                        .refused("noteq, notbetween and notnull must be the only condition of their filter, since"
                                + " conditions are joined by OR: write another filter");
            }
            filters.add(new SourceFilter(filter.at(), column, comparisons));
        }
        return filters;
    }

    private static Comparison comparison(MappingValue.Fields condition) throws EditRefusedException {
        condition.allow(Set.of("filter-operator", "value", "start-value", "end-value"));
        Operator operator =
                Operator.valueOf(condition.choice("filter-operator", OPERATORS).toUpperCase(Locale.ROOT));
        return switch (operator.operands()) {
            case 0 -> new Comparison(operator, null, null);
            case 1 -> new Comparison(operator, constant(condition, "value"), null);
            default -> new Comparison(operator, constant(condition, "start-value"), constant(condition, "end-value"));
        };
    }

    /** A constant, which may be the empty text. */
    private static String constant(MappingValue.Fields condition, String name) throws EditRefusedException {
        if (condition.has(name) && condition.fields().get(name).value() instanceof MappingValue.Text text) {
            return text.value();
        }
        return condition.required(name, "write what the column is compared with");
    }
}
