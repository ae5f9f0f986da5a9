package serai.load.replicate.mapping;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import serai.warehouse.Relation;

/** Compares the rules with the catalog of the source. */
final class CatalogCheck {

    /** Plans a table. */
    interface Planner {
        Optional<TablePlan> plan(SourceTable table) throws TableRefusedException;
    }

    private final MappingRules rules;
    private final Planner planner;
    private final List<SourceTable> catalog;
    private final List<CatalogFinding> findings = new ArrayList<>();

    CatalogCheck(MappingRules rules, Planner planner, List<SourceTable> catalog) {
        this.rules = rules;
        this.planner = planner;
        this.catalog = catalog;
    }

    List<CatalogFinding> findings() {
        List<SourceTable> selected = plans();
        if (selected.isEmpty()) {
            add(true, null, "no table of the source is selected");
        }
        rules.selections().forEach(this::selection);
        rules.transformations().stream()
                .filter(rule -> rule.action().protects())
                .forEach(rule -> protection(rule, selected));
        rules.history().stream()
                .filter(rule -> selected.stream().noneMatch(rule::matches))
                .forEach(rule -> add(
                        true,
                        null,
                        "history " + rule.schema() + "." + rule.table() + " (line "
                                + rule.at().line() + ") matches no table that is selected"));
        return findings;
    }

    /** The tables that are selected, also those that are refused. */
    private List<SourceTable> plans() {
        List<SourceTable> selected = new ArrayList<>();
        Map<String, SourceTable> targets = new LinkedHashMap<>();
        for (SourceTable table : catalog) {
            try {
                Optional<TablePlan> plan = planner.plan(table);
                if (plan.isPresent()) {
                    selected.add(table);
                    target(table, plan.get(), targets);
                    plan.get().warnings().forEach(warning -> add(false, table, warning));
                }
            } catch (TableRefusedException e) {
                selected.add(table);
                add(true, table, e.getMessage());
            }
        }
        return selected;
    }

    private void target(SourceTable table, TablePlan plan, Map<String, SourceTable> targets) {
        String name = plan.schema() + "." + plan.table();
        SourceTable other = targets.putIfAbsent(name, table);
        if (other != null) {
            add(true, table, table + " and " + other + " would both arrive in " + name + ": rename one of them");
            add(true, other, other + " and " + table + " would both arrive in " + name + ": rename one of them");
        }
        try {
            new Relation(plan.schema(), plan.table());
        } catch (IllegalArgumentException e) {
            add(true, table, table + ": " + e.getMessage() + ": rename it, or add a rule convert-lowercase");
        }
    }

    private void selection(SelectionRule rule) {
        List<SourceTable> matched = catalog.stream().filter(rule::matches).toList();
        String name = rule + ", " + rule.schema() + "." + rule.table();
        if (matched.isEmpty()) {
            add(false, null, name + ", matches no table of the source");
        }
        for (SourceTable table : matched) {
            if (rule.matchesByUnderscore(table)) {
                add(false, table, name + ", also matches " + table + ", since _ is any character: write [_] for _");
            }
            boolean excluded = rules.selections().stream()
                    .anyMatch(other -> other.kind() == SelectionRule.Kind.EXCLUDE && other.matches(table));
            if (rule.kind() == SelectionRule.Kind.EXPLICIT && excluded) {
                add(false, table, name + ", names a table that an exclude rule leaves out; it does not arrive");
            }
        }
    }

    private void protection(TransformationRule rule, List<SourceTable> selected) {
        List<SourceTable> tables = selected.stream().filter(rule::matches).toList();
        boolean exists = catalog.stream().anyMatch(rule::matches);
        boolean protects = false;
        for (SourceTable table : tables) {
            for (SourceColumn column : table.columns()) {
                protects |= rule.matches(column);
                if (rule.matches(column) && rule.column().matchesByUnderscore(column.name())) {
                    add(
                            false,
                            table,
                            rule + ", " + rule.column() + ", also matches '" + column.name()
                                    + "', since _ is any character: write [_] for _");
                }
            }
            protects |= isOfAddedColumn(rule, table);
        }
        // what is not selected needs no protection
        if (!protects && (!tables.isEmpty() || !exists)) {
            SourceTable only = tables.size() == 1 ? tables.get(0) : null;
            add(
                    true,
                    only,
                    rule + " matches no column of the source: " + rule.schema() + "." + rule.table() + "."
                            + rule.column() + targetName(rule, tables) + ": correct the name, or take the rule out");
        }
    }

    private boolean isOfAddedColumn(TransformationRule mask, SourceTable table) {
        return rules.transformations().stream()
                .anyMatch(rule -> rule.action() == TransformationAction.ADD_COLUMN
                        && rule.matches(table)
                        && mask.action() != TransformationAction.REMOVE_COLUMN
                        && mask.action() != TransformationAction.INCLUDE_COLUMN
                        && mask.matchesName(rule.value()));
    }

    private String targetName(TransformationRule rule, List<SourceTable> tables) {
        for (SourceTable table : tables) {
            try {
                Optional<TablePlan> plan = planner.plan(table);
                if (plan.stream()
                        .flatMap(p -> p.columns().stream())
                        .anyMatch(column -> column.source() >= 0 && rule.matchesName(column.name()))) {
                    return " (it is the name in the target; rules use the names of the source)";
                }
            } catch (TableRefusedException e) {
                // the table has a finding of its own
                continue;
            }
        }
        return "";
    }

    private void add(boolean refused, SourceTable table, String message) {
        findings.add(new CatalogFinding(refused, Optional.ofNullable(table).map(SourceTable::toString), message));
    }
}
