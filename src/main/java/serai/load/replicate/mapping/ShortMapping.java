package serai.load.replicate.mapping;

import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.edits.EditRefusedException;
import serai.load.replicate.mapping.ClassifiedRule.Verdict;
import serai.load.replicate.mapping.TransformationRule.Level;
import serai.settings.Spelling;

/**
 * Reads the short YAML form: what arrives, what does not, what is masked, how rows without a key are followed, of what
 * the history is kept.
 */
final class ShortMapping {

    private static final Map<String, TransformationAction> MASKS = Map.of(
            "hash-salted",
            TransformationAction.SALTED_HASH,
            "hash",
            TransformationAction.HASH_MASK,
            "digits-mask",
            TransformationAction.DIGITS_MASK,
            "digits-randomize",
            TransformationAction.DIGITS_RANDOMIZE);

    private static final Map<String, TransformationAction> KEYLESS =
            Map.of("append", TransformationAction.KEYLESS_APPEND, "full", TransformationAction.KEYLESS_FULL);

    private final MappingRules rules = new MappingRules();
    private final boolean hasMaskKey;
    private long id;

    private ShortMapping(boolean hasMaskKey) {
        this.hasMaskKey = hasMaskKey;
    }

    /** @param hasMaskKey whether there is a key for salted hashes */
    static MappingRules read(MappingValue file, boolean hasMaskKey) throws EditRefusedException {
        MappingValue.Fields root = file.asFields("write keys: tables, without, mask, keyless, history");
        root.allow(Set.of("tables", "without", "mask", "keyless", "history"));
        ShortMapping reader = new ShortMapping(hasMaskKey);
        for (MappingValue table : root.list("tables")) {
            reader.selection(SelectionRule.Kind.INCLUDE, table.at(), names(table, 2, 2));
        }
        for (MappingValue name : root.list("without")) {
            String[] names = names(name, 2, 3);
            if (names.length == 2) {
                reader.selection(SelectionRule.Kind.EXCLUDE, name.at(), names);
            } else {
                reader.transformation(TransformationAction.REMOVE_COLUMN, name.at(), names, null);
            }
        }
        if (root.has("mask")) {
            reader.masks(root.fields().get("mask").value().asFields("write SCHEMA.TABLE.COLUMN: hash-salted"));
        }
        if (root.has("keyless")) {
            reader.keyless(root.fields().get("keyless").value().asFields("write SCHEMA.TABLE: append"));
        }
        for (MappingValue table : root.list("history")) {
            reader.history(table.at(), names(table, 2, 2));
        }
        return reader.rules;
    }

    private void masks(MappingValue.Fields masks) throws EditRefusedException {
        for (Map.Entry<String, MappingValue.Field> mask : masks.fields().entrySet()) {
            MappingValue.Field field = mask.getValue();
            String[] names = names(new MappingValue.Text(field.at(), mask.getKey()), 3, 3);
            String[] words = field.value().asText("write one of " + masks()).split(" ", 2);
            TransformationAction action = MASKS.get(words[0]);
            if (action == null) {
                throw field.at()
                        .refused("there is no mask '" + words[0] + "'; did you mean '"
                                + Spelling.nearest(words[0], MASKS.keySet()) + "'? It is one of " + masks());
            }
            if (action == TransformationAction.SALTED_HASH && !hasMaskKey) {
                throw field.at().refused("hash-salted needs a key: set " + Mapping.KEY_SETTING);
            }
            String value = action == TransformationAction.DIGITS_MASK ? "#" : null;
            if (words.length == 2) {
                if (value == null || !words[1].matches("[!-~]")) {
                    throw field.at()
                            .refused("only digits-mask is followed by something: the one printable ASCII character"
                                    + " that replaces digits");
                }
                value = words[1];
            }
            transformation(action, field.at(), names, value);
        }
    }

    private void keyless(MappingValue.Fields tables) throws EditRefusedException {
        for (Map.Entry<String, MappingValue.Field> table : tables.fields().entrySet()) {
            MappingValue.Field field = table.getValue();
            String[] names = names(new MappingValue.Text(field.at(), table.getKey()), 2, 2);
            TransformationAction action = KEYLESS.get(field.value().asText("write append or full"));
            if (action == null) {
                throw field.at().refused("a table without a key is followed by 'append' or 'full': write one of them");
            }
            rules.add(rule(action, Level.TABLE, field.at(), names, null, null));
            classify(field.at(), action.word(), names);
        }
    }

    private static List<String> masks() {
        return MASKS.keySet().stream().sorted().toList();
    }

    private void selection(SelectionRule.Kind kind, FilePosition at, String[] names) throws EditRefusedException {
        rules.add(new SelectionRule(at, ++id, kind, pattern(at, names[0]), pattern(at, names[1]), 0, List.of()));
        classify(at, kind == SelectionRule.Kind.INCLUDE ? "include" : "exclude", names);
    }

    private void transformation(TransformationAction action, FilePosition at, String[] names, String value)
            throws EditRefusedException {
        rules.add(rule(action, Level.COLUMN, at, names, pattern(at, names[2]), value));
        classify(at, action.word(), names);
    }

    private TransformationRule rule(
            TransformationAction action, Level level, FilePosition at, String[] names, NamePattern column, String value)
            throws EditRefusedException {
        return new TransformationRule(
                at,
                ++id,
                action,
                level,
                pattern(at, names[0]),
                pattern(at, names[1]),
                column,
                null,
                value,
                null,
                null,
                null,
                List.of(),
                false);
    }

    private void history(FilePosition at, String[] names) throws EditRefusedException {
        rules.add(new MappingRules.HistoryRule(at, pattern(at, names[0]), pattern(at, names[1])));
        id++;
        classify(at, "history", names);
    }

    private void classify(FilePosition at, String what, String[] names) {
        rules.classify(new ClassifiedRule(id, at.line(), what + " " + String.join(".", names), Verdict.HONOURED, ""));
    }

    private static String[] names(MappingValue value, int least, int most) throws EditRefusedException {
        String fix = most == 2
                ? "write SCHEMA.TABLE, such as public.users"
                : least == 3
                        ? "write SCHEMA.TABLE.COLUMN, such as public.users.email"
                        : "write SCHEMA.TABLE or SCHEMA.TABLE.COLUMN";
        String[] names = value.asText(fix).split("\\.", -1);
        if (names.length < least || names.length > most || List.of(names).contains("")) {
            throw value.at().refused(fix);
        }
        return names;
    }

    private static NamePattern pattern(FilePosition at, String text) throws EditRefusedException {
        try {
            return NamePattern.wildcards(text);
        } catch (IllegalArgumentException e) {
            throw at.refused("'" + text + "': " + e.getMessage());
        }
    }
}
