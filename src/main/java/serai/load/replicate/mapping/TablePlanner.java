package serai.load.replicate.mapping;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import serai.load.replicate.mapping.TransformationAction.Aspect;
import serai.load.replicate.mapping.TransformationRule.Level;

/** Plans one table by the rules. */
final class TablePlanner {

    /** Higher than the strictness of any mask. */
    private static final int REMOVED = 10;

    private final MappingRules rules;
    private final List<TransformationRule> matching;
    private final String targetSchema;
    private final ColumnMask salted;
    private final SourceTable table;
    private final List<String> warnings = new ArrayList<>();

    /** @param maskKey null when there is none */
    TablePlanner(MappingRules rules, String targetSchema, String maskKey, SourceTable table) {
        this.rules = rules;
        this.targetSchema = targetSchema;
        this.salted = maskKey == null ? null : new ColumnMask.SaltedHash(maskKey);
        this.table = table;
        this.matching = rules.transformations().stream()
                .filter(rule -> rule.matches(table))
                .toList();
    }

    Optional<TablePlan> plan() throws TableRefusedException {
        if (!isSelected()) {
            return Optional.empty();
        }
        Map<String, ColumnMask> masks = new HashMap<>();
        List<PlannedColumn> columns = new ArrayList<>();
        List<String> withheld = new ArrayList<>();
        for (int i = 0; i < table.columns().size(); i++) {
            SourceColumn column = table.columns().get(i);
            if (isRemoved(column)) {
                withheld.add(column.name());
            } else {
                columns.add(kept(i, column, masks));
            }
        }
        TableKey key = new TableKey(table, matching, columns, withheld, masks.keySet());
        List<String> primaryKey = key.columns(this::digitsAreMasked);
        boolean keepsDeleted = false;
        for (TransformationRule rule : of(Aspect.ADDITION)) {
            columns.add(computed(rule, masks, withheld));
            keepsDeleted |= rule.expression() != null && rule.expression().readsOperation();
        }
        if (keepsDeleted && primaryKey.isEmpty()) {
            throw refused("operation_indicator needs a primary key: define one by define-primary-key");
        }
        checkNames(columns);
        Keyless keyless = primaryKey.isEmpty() ? keyless(columns) : null;
        return Optional.of(new TablePlan(
                renamed(Level.SCHEMA, table.schema(), of(Aspect.NAME)).orElse(targetSchema),
                renamed(Level.TABLE, table.name(), of(Aspect.NAME)).orElse(table.name()),
                columns,
                primaryKey,
                withheld,
                filter(),
                filtered(),
                keepsDeleted,
                keyless,
                rules.history().stream().anyMatch(rule -> rule.matches(table)),
                selections().stream().mapToInt(SelectionRule::loadOrder).max().orElse(0),
                warnings));
    }

    /** How strictly a column is protected: 0 for one that arrives as it is. */
    int protection(SourceColumn column) {
        if (!isSelected()) {
            return 0;
        }
        return isRemoved(column)
                ? REMOVED
                : maskRule(rule -> rule.matches(column))
                        .map(rule -> strictness(rule.action()))
                        .orElse(0);
    }

    boolean isSelected() {
        return !selections().isEmpty()
                && rules.selections().stream()
                        .noneMatch(rule -> rule.kind() == SelectionRule.Kind.EXCLUDE && rule.matches(table));
    }

    private List<SelectionRule> selections() {
        return rules.selections().stream()
                .filter(rule -> rule.kind() != SelectionRule.Kind.EXCLUDE && rule.matches(table))
                .toList();
    }

    private List<TransformationRule> of(Aspect aspect) {
        return matching.stream()
                .filter(rule -> rule.action().aspect() == aspect)
                .toList();
    }

    /** The first rule wins that applies; a rule about prefixes does not apply to a name without it. */
    private Optional<String> renamed(Level level, String name, List<TransformationRule> candidates) {
        TransformationRule winner = null;
        String result = null;
        for (TransformationRule rule : candidates) {
            Optional<String> other = rule.level() == level
                    ? rule.action().rename(name, rule.value(), rule.oldValue())
                    : Optional.empty();
            if (other.isPresent() && winner == null) {
                winner = rule;
                result = other.get();
            } else if (other.isPresent() && !other.get().equals(result)) {
                warnings.add(rule + " does not rename " + name + ", since " + winner + " does and has the lower id");
            }
        }
        return Optional.ofNullable(result);
    }

    private boolean isRemoved(SourceColumn column) {
        boolean listed = false;
        boolean included = false;
        for (TransformationRule rule : of(Aspect.PRESENCE)) {
            if (rule.action() == TransformationAction.INCLUDE_COLUMN) {
                listed = true;
                included |= rule.matches(column);
            } else if (rule.matches(column)) {
                return true;
            }
        }
        return listed && !included;
    }

    private PlannedColumn kept(int place, SourceColumn column, Map<String, ColumnMask> masks)
            throws TableRefusedException {
        List<TransformationRule> renames = of(Aspect.NAME).stream()
                .filter(rule -> rule.level() == Level.COLUMN && rule.matches(column))
                .toList();
        String name = renamed(Level.COLUMN, column.name(), renames).orElse(column.name());
        ChangedType change = of(Aspect.TYPE).stream()
                .filter(rule -> rule.matches(column))
                .map(TransformationRule::type)
                .findFirst()
                .orElse(null);
        String type = change == null ? column.type() : change.postgres();
        Optional<TransformationRule> rule = maskRule(candidate -> candidate.matches(column));
        if (rule.isEmpty()) {
            return PlannedColumn.kept(name, type, change != null, place, null);
        }
        ColumnMask mask = mask(rule.get(), column.name(), type);
        masks.put(column.name(), mask);
        String masked = maskedType(mask, type);
        return PlannedColumn.kept(name, masked, !masked.equals(column.type()), place, mask);
    }

    /** Of several masks the stricter wins, then the one with the lower id. */
    private Optional<TransformationRule> maskRule(Predicate<TransformationRule> matches) {
        TransformationRule strictest = null;
        for (TransformationRule rule : of(Aspect.VALUE)) {
            if (matches.test(rule)
                    && (strictest == null || strictness(rule.action()) > strictness(strictest.action()))) {
                strictest = rule;
            }
        }
        return Optional.ofNullable(strictest);
    }

    private static int strictness(TransformationAction action) {
        return switch (action) {
            case SALTED_HASH -> 3;
            case HASH_MASK -> 2;
            default -> 1;
        };
    }

    private ColumnMask mask(TransformationRule rule, String column, String type) throws TableRefusedException {
        boolean text = ChangedType.holdsText(type);
        String greatest = switch (ChangedType.base(type)) {
            case "smallint" -> "32767";
            case "integer" -> "2147483647";
            case "bigint" -> "9223372036854775807";
            default -> "";
        };
        switch (rule.action()) {
            case SALTED_HASH:
                return salted;
            case HASH_MASK:
                return new ColumnMask.Hash();
            case DIGITS_MASK:
                if (text) {
                    return new ColumnMask.DigitsMask(rule.value().charAt(0));
                }
                break;
            default:
                if (text || !greatest.isEmpty() || ChangedType.base(type).equals("numeric")) {
                    return new ColumnMask.DigitsRandomize(greatest);
                }
        }
        throw refused(rule + " cannot mask the digits of '" + column + "', which has the type " + type
                + ": change its type to string by change-data-type, or hash it");
    }

    private static String maskedType(ColumnMask mask, String type) {
        boolean hash = mask instanceof ColumnMask.Hash || mask instanceof ColumnMask.SaltedHash;
        boolean fits = ChangedType.holdsText(type) && (ChangedType.length(type) == 0 || ChangedType.length(type) >= 64);
        return hash && !fits ? "text" : type;
    }

    /** Null when nothing is chosen. */
    private Keyless keyless(List<PlannedColumn> columns) throws TableRefusedException {
        if (of(Aspect.ROWS).isEmpty()) {
            return null;
        }
        if (rules.history().stream().anyMatch(rule -> rule.matches(table))) {
            throw refused("a history needs a key: take the table out of 'history'");
        }
        TransformationRule first = of(Aspect.ROWS).get(0);
        if (first.action() == TransformationAction.KEYLESS_APPEND) {
            return Keyless.APPEND;
        }
        for (PlannedColumn column : columns) {
            if (!column.isRepeatable() && !column.isCopied()) {
                throw refused(first + " finds rows by their values, and '" + column.name()
                        + "' has others at each write: take its rule out, or choose append");
            }
        }
        return Keyless.FULL;
    }

    private boolean digitsAreMasked(String column) {
        SourceColumn source = table.columns().get(table.indexOf(column));
        return maskRule(rule -> rule.matches(source))
                .filter(rule -> strictness(rule.action()) == 1)
                .isPresent();
    }

    private PlannedColumn computed(TransformationRule rule, Map<String, ColumnMask> masks, List<String> withheld)
            throws TableRefusedException {
        ColumnExpression expression = rule.expression();
        Set<Integer> reads = new HashSet<>();
        for (String column : expression == null ? Set.<String>of() : expression.columns()) {
            if (table.indexOf(column) < 0) {
                throw refused(rule + " reads the column '" + column + "', which the table does not have");
            }
            if (withheld.contains(column) && expression.exposed().contains(column)) {
                throw refused(rule + " reads the column '" + column + "', which is removed: of a removed column only"
                        + " email_domain($" + column + "), length(), is_null() and x_hash_salted() may be taken");
            }
            reads.add(table.indexOf(column));
        }
        String type = rule.type().postgres();
        Optional<TransformationRule> maskRule = maskRule(candidate -> candidate.matchesName(rule.value())
                && (candidate.sourceType() == null || ChangedType.describes(candidate.sourceType(), type)));
        ColumnMask mask = maskRule.isPresent() ? mask(maskRule.get(), rule.value(), type) : null;
        Map<String, ColumnMask> applied = Map.copyOf(masks);
        ColumnValue value =
                row -> expression == null ? null : expression.text(new RowScope(table, applied, salted, row), type);
        return PlannedColumn.computed(
                rule.value(),
                mask == null ? type : maskedType(mask, type),
                reads,
                expression != null && expression.isAlwaysNew(),
                mask == null ? value : row -> mask.apply(value.of(row)));
    }

    private void checkNames(List<PlannedColumn> columns) throws TableRefusedException {
        Map<String, Long> counts = columns.stream()
                .collect(Collectors.groupingBy(PlannedColumn::name, LinkedHashMap::new, Collectors.counting()));
        for (Map.Entry<String, Long> name : counts.entrySet()) {
            if (name.getValue() > 1) {
                throw refused("two columns would have the name '" + name.getKey() + "': rename one of them");
            }
        }
        if (columns.isEmpty()) {
            throw refused("all of its columns are removed: exclude the table");
        }
    }

    private Predicate<SourceRow> filter() throws TableRefusedException {
        if (filtered().isEmpty()) {
            return null;
        }
        SqliteTerm term = new FilterTerms(table).of(selections());
        return row -> Boolean.TRUE.equals(SqliteValues.truth(term.value(new RowScope(table, Map.of(), null, row))));
    }

    /** Places of the columns that filters read; empty when a rule without filters lets all rows in. */
    private Set<Integer> filtered() {
        if (selections().stream().anyMatch(rule -> rule.filters().isEmpty())) {
            return Set.of();
        }
        return selections().stream()
                .flatMap(rule -> rule.filters().stream())
                .map(filter -> table.indexOf(filter.column()))
                .collect(Collectors.toSet());
    }

    private TableRefusedException refused(String reason) {
        return new TableRefusedException(table + ": " + reason);
    }
}
