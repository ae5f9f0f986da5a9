package serai.load.replicate.mapping;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The columns by which rows are found in the target.
 *
 * @param rules those about the table
 * @param columns of the source that arrive
 * @param withheld names of columns that do not
 * @param masked names of columns with masks
 */
record TableKey(
        SourceTable table,
        List<TransformationRule> rules,
        List<PlannedColumn> columns,
        List<String> withheld,
        Set<String> masked) {

    /**
     * Names in the target; empty when there is no key.
     *
     * @param digitsAreMasked whether the mask of a column of the source makes different values the same
     */
    List<String> columns(Predicate<String> digitsAreMasked) throws TableRefusedException {
        Optional<TransformationRule> defined = rules.stream()
                .filter(rule -> rule.action() == TransformationAction.DEFINE_PRIMARY_KEY)
                .filter(rule -> !rule.uniqueIndex() || table.primaryKey().isEmpty())
                .findFirst();
        List<String> key = defined.isPresent() ? sourceNames(defined.get()) : table.primaryKey();
        for (String column : key) {
            if (withheld.contains(column)) {
                throw refused("the key column '" + column + "' does not arrive: keep it (include-column), or name"
                        + " another unique key by define-primary-key");
            }
            if (masked.contains(column) && digitsAreMasked.test(column)) {
                throw refused(
                        "the mask of the key column '" + column + "' can make two keys the same: use a hash instead");
            }
        }
        if (defined.isPresent() && !isUnique(key)) {
            throw refused(defined.get() + " names columns that are not a unique key of the source without NULLs: "
                    + String.join(", ", key));
        }
        return key.stream().map(this::targetName).toList();
    }

    private boolean isUnique(List<String> key) {
        return !table.primaryKey().isEmpty() && key.containsAll(table.primaryKey())
                || table.uniqueKeys().stream().anyMatch(key::containsAll);
    }

    /** A rule may name columns as the source or as the target does. */
    private List<String> sourceNames(TransformationRule rule) throws TableRefusedException {
        List<String> names = new ArrayList<>();
        for (String name : rule.key()) {
            if (table.indexOf(name) >= 0) {
                names.add(name);
            } else {
                names.add(columns.stream()
                        .filter(column -> column.name().equals(name))
                        .map(column -> table.columns().get(column.source()).name())
                        .findFirst()
                        .orElseThrow(() -> refused(rule + " names '" + name + "', which is no column of the table")));
            }
        }
        return names;
    }

    private String targetName(String column) {
        int place = table.indexOf(column);
        return columns.stream()
                .filter(planned -> planned.source() == place)
                .map(PlannedColumn::name)
                .findFirst()
                .orElseThrow();
    }

    private TableRefusedException refused(String reason) {
        return new TableRefusedException(table + ": " + reason);
    }
}
