package serai.load.replicate.mapping;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import serai.edits.EditRefusedException;
import serai.load.replicate.mapping.ClassifiedRule.Verdict;
import serai.load.replicate.mapping.TransformationAction.Aspect;
import serai.load.replicate.mapping.TransformationRule.Level;

/** Reads transformation rules, and the exclusions of object-mapping rules. */
final class TransformationReader {

    private static final List<String> TARGETS =
            List.of("schema", "table", "column", "table-tablespace", "index-tablespace");
    private static final Set<String> FIELDS = Set.of(
            "rule-type",
            "rule-id",
            "rule-name",
            "rule-action",
            "rule-target",
            "object-locator",
            "value",
            "old-value",
            "data-type",
            "expression",
            "primary-key-def",
            "before-image-def",
            "tag-set");
    private static final Set<String> LOCATOR = Set.of("schema-name", "table-name", "column-name", "data-type");
    private static final Set<String> TYPE_FIELDS = Set.of("type", "length", "precision", "scale");

    private final MappingRules rules;
    private final boolean hasMaskKey;

    TransformationReader(MappingRules rules, boolean hasMaskKey) {
        this.rules = rules;
        this.hasMaskKey = hasMaskKey;
    }

    ClassifiedRule read(MappingValue.Fields rule, long id) throws EditRefusedException {
        String target = rule.choice("rule-target", TARGETS);
        TransformationAction action = TransformationAction.of(rule.choice("rule-action", TransformationAction.words()));
        if (target.endsWith("-tablespace")) {
            return classified(rule, id, action.word(), Verdict.IRRELEVANT, "it is about tablespaces of Oracle");
        }
        rule.allow(FIELDS);
        Level level = Level.valueOf(target.toUpperCase(Locale.ROOT));
        requireLevel(rule, action, level);
        if (action == TransformationAction.BEFORE_IMAGE) {
            return classified(rule, id, action.word(), Verdict.IRRELEVANT, "it is about streams as targets");
        }
        MappingValue.Fields locator = rule.object("object-locator")
                .orElseThrow(() -> rule.at().refused("'object-locator' is missing: it names what is altered"));
        locator.allow(LOCATOR);
        String refusal = refusal(rule, action);
        String title = action.word() + " " + name(locator, level);
        if (!refusal.isEmpty()) {
            return classified(rule, id, title, Verdict.REFUSED, refusal);
        }
        rules.add(transformation(rule, id, action, level, locator));
        String difference = difference(rule, action);
        return classified(rule, id, title, difference.isEmpty() ? Verdict.HONOURED : Verdict.DIFFERENT, difference);
    }

    /** A rule for streams as targets may leave columns out: these are left out here too. */
    ClassifiedRule objectMapping(MappingValue.Fields rule, long id) throws EditRefusedException {
        List<String> excluded = new ArrayList<>(rule.texts("exclude-columns"));
        if (rule.object("mapping-parameters").isPresent()) {
            excluded.addAll(rule.object("mapping-parameters").get().texts("exclude-columns"));
        }
        if (excluded.isEmpty()) {
            return classified(rule, id, "object-mapping", Verdict.IRRELEVANT, "it is about streams as targets");
        }
        MappingValue.Fields locator = rule.object("object-locator")
                .orElseThrow(() -> rule.at().refused("'object-locator' is missing: it names schema and table"));
        for (String column : excluded) {
            rules.add(new TransformationRule(
                    rule.at(),
                    id,
                    TransformationAction.REMOVE_COLUMN,
                    Level.COLUMN,
                    pattern(locator, "schema-name", true),
                    pattern(locator, "table-name", true),
                    NamePattern.exact(column),
                    null,
                    null,
                    null,
                    null,
                    null,
                    List.of(),
                    false));
        }
        return classified(
                rule,
                id,
                "object-mapping " + name(locator, Level.TABLE),
                Verdict.DIFFERENT,
                "its exclude-columns never arrive; the rest is about streams as targets");
    }

    private TransformationRule transformation(
            MappingValue.Fields rule, long id, TransformationAction action, Level level, MappingValue.Fields locator)
            throws EditRefusedException {
        boolean added = action == TransformationAction.ADD_COLUMN;
        MappingValue.Fields key = rule.object("primary-key-def").orElse(null);
        return new TransformationRule(
                rule.at(),
                id,
                action,
                level,
                pattern(locator, "schema-name", action != TransformationAction.DEFINE_PRIMARY_KEY),
                level == Level.SCHEMA ? NamePattern.ANY : tableName(locator, action),
                level == Level.COLUMN && !added
                        ? pattern(locator, "column-name", action.protects() && !isInclude(action))
                        : null,
                sourceType(locator),
                value(rule, action),
                rule.text("old-value").orElse(null),
                type(rule, action),
                rule.text("expression").map(ColumnExpression::parse).orElse(null),
                action == TransformationAction.DEFINE_PRIMARY_KEY ? key(rule, key) : List.of(),
                key != null && key.has("origin") && origin(key).equals("unique-index"));
    }

    private static boolean isInclude(TransformationAction action) {
        return action == TransformationAction.INCLUDE_COLUMN;
    }

    /** Why a rule that is well formed is not supported; empty when it is. */
    private static String refusal(MappingValue.Fields rule, TransformationAction action) throws EditRefusedException {
        if (rule.object("data-type").isPresent()) {
            String word = rule.object("data-type").get().text("type").orElse("");
            if (ChangedType.FOREIGN.contains(word)) {
                return "PostgreSQL has no type '" + word + "'";
            }
        }
        if (rule.text("expression").isEmpty()) {
            return "";
        }
        if (action != TransformationAction.ADD_COLUMN) {
            return "an expression belongs to add-column: write the new name as 'value'";
        }
        try {
            ColumnExpression.parse(rule.text("expression").get());
            return "";
        } catch (IllegalArgumentException e) {
            return "'expression': " + e.getMessage();
        }
    }

    private static String difference(MappingValue.Fields rule, TransformationAction action)
            throws EditRefusedException {
        List<String> differences = new ArrayList<>();
        if (rule.object("data-type").isPresent()) {
            for (String name : rule.object("data-type").get().fields().keySet()) {
                if (!TYPE_FIELDS.contains(name)) {
                    differences.add("'data-type' has no field '" + name + "', which is ignored");
                }
            }
        }
        if (rule.text("expression").isPresent()
                && ColumnExpression.parse(rule.text("expression").get()).isRandom()) {
            differences.add("random values differ each time that a row is written");
        }
        if (rule.object("primary-key-def").isPresent()
                && rule.object("primary-key-def")
                        .get()
                        .text("origin")
                        .orElse("")
                        .equals("unique-index")) {
            differences.add("no index is made; the columns are the key of a table that has none");
        }
        if (action == TransformationAction.HASH_MASK) {
            differences.add("a column of any type can be hashed; who guesses a value can check the guess, so"
                    + " x-hash-salted is safer");
        } else if (action == TransformationAction.SALTED_HASH || action.aspect() == Aspect.ROWS) {
            differences.add("it is Serai's own: AWS DMS does not know it");
        }
        return String.join("; ", differences);
    }

    private static void requireLevel(MappingValue.Fields rule, TransformationAction action, Level level)
            throws EditRefusedException {
        Level needed = switch (action.aspect()) {
            case NAME -> level;
            case KEY, ROWS -> Level.TABLE;
            default -> Level.COLUMN;
        };
        if (level != needed) {
            throw rule.at("rule-target")
                    .refused(action.word() + " is for the rule-target '"
                            + needed.name().toLowerCase(Locale.ROOT) + "'");
        }
    }

    private NamePattern tableName(MappingValue.Fields locator, TransformationAction action)
            throws EditRefusedException {
        boolean key = action == TransformationAction.DEFINE_PRIMARY_KEY;
        NamePattern table = pattern(locator, "table-name", !key);
        if (key
                && (NamePattern.hasWildcards(table.text())
                        || NamePattern.hasWildcards(locator.required("schema-name", "write a name")))) {
            throw locator.at("table-name").refused("define-primary-key names one table, without wildcards");
        }
        return table;
    }

    private static NamePattern pattern(MappingValue.Fields locator, String field, boolean underscore)
            throws EditRefusedException {
        String text = locator.required(field, "write a name, or % for all");
        try {
            return underscore ? NamePattern.wildcards(text) : NamePattern.literalUnderscore(text);
        } catch (IllegalArgumentException e) {
            throw locator.at(field).refused("'" + field + "': " + e.getMessage());
        }
    }

    private static String sourceType(MappingValue.Fields locator) throws EditRefusedException {
        return locator.has("data-type") ? locator.choice("data-type", ChangedType.words()) : null;
    }

    private String value(MappingValue.Fields rule, TransformationAction action) throws EditRefusedException {
        if (action.needsOldValue()) {
            rule.required("old-value", "write what is replaced");
        }
        boolean salted = action == TransformationAction.SALTED_HASH
                || rule.text("expression").map(ColumnExpression::parse).stream().anyMatch(ColumnExpression::needsKey);
        if (salted && !hasMaskKey) {
            throw rule.at().refused("a salted hash needs a key: set " + Mapping.KEY_SETTING);
        }
        if (!action.needsValue()) {
            return null;
        }
        String fallback = action.needsOldValue() ? "" : null;
        String value = rule.text("value").orElse(fallback);
        if (value == null) {
            value = rule.required("value", "write what " + action.word() + " needs");
        }
        if (action == TransformationAction.DIGITS_MASK && !value.matches("[!-~]")) {
            throw rule.at("value").refused("'value' is the one printable ASCII character that replaces digits");
        }
        return value;
    }

    private static ChangedType type(MappingValue.Fields rule, TransformationAction action) throws EditRefusedException {
        if (action != TransformationAction.CHANGE_DATA_TYPE && action != TransformationAction.ADD_COLUMN) {
            return null;
        }
        if (rule.object("data-type").isEmpty()) {
            if (action == TransformationAction.ADD_COLUMN) {
                return ChangedType.of("string", 0, 0, -1);
            }
            throw rule.at().refused("'data-type' is missing: write { \"type\": \"string\", \"length\": 50 }");
        }
        MappingValue.Fields type = rule.object("data-type").get();
        return ChangedType.of(
                type.choice("type", ChangedType.words()),
                type.number("length").orElse(0),
                type.number("precision").orElse(0),
                type.number("scale").orElse(-1));
    }

    private static List<String> key(MappingValue.Fields rule, MappingValue.Fields key) throws EditRefusedException {
        if (key == null) {
            throw rule.at().refused("'primary-key-def' is missing: it names the columns of the key");
        }
        key.allow(Set.of("name", "origin", "columns"));
        List<String> columns = key.texts("columns");
        if (columns.isEmpty() || Set.copyOf(columns).size() < columns.size()) {
            throw key.at("columns").refused("'columns' names the columns of the key, each once");
        }
        return columns;
    }

    private static String origin(MappingValue.Fields key) throws EditRefusedException {
        return key.choice("origin", List.of("primary-key", "unique-index"));
    }

    private static String name(MappingValue.Fields locator, Level level) throws EditRefusedException {
        String name = locator.text("schema-name").orElse("");
        if (level != Level.SCHEMA) {
            name += "." + locator.text("table-name").orElse("");
        }
        return name + locator.text("column-name").map(column -> "." + column).orElse("");
    }

    private static ClassifiedRule classified(
            MappingValue.Fields rule, long id, String title, Verdict verdict, String reason) {
        return new ClassifiedRule(id, rule.at().line(), title, verdict, reason);
    }
}
