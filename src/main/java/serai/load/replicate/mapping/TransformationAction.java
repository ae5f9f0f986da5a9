package serai.load.replicate.mapping;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a transformation rule does, by its word in mapping files. */
enum TransformationAction {
    RENAME("rename", Aspect.NAME),
    ADD_PREFIX("add-prefix", Aspect.NAME),
    REMOVE_PREFIX("remove-prefix", Aspect.NAME),
    REPLACE_PREFIX("replace-prefix", Aspect.NAME),
    ADD_SUFFIX("add-suffix", Aspect.NAME),
    REMOVE_SUFFIX("remove-suffix", Aspect.NAME),
    REPLACE_SUFFIX("replace-suffix", Aspect.NAME),
    CONVERT_LOWERCASE("convert-lowercase", Aspect.NAME),
    CONVERT_UPPERCASE("convert-uppercase", Aspect.NAME),
    REMOVE_COLUMN("remove-column", Aspect.PRESENCE),
    INCLUDE_COLUMN("include-column", Aspect.PRESENCE),
    ADD_COLUMN("add-column", Aspect.ADDITION),
    CHANGE_DATA_TYPE("change-data-type", Aspect.TYPE),
    DEFINE_PRIMARY_KEY("define-primary-key", Aspect.KEY),
    DIGITS_MASK("data-masking-digits-mask", Aspect.VALUE),
    DIGITS_RANDOMIZE("data-masking-digits-randomize", Aspect.VALUE),
    HASH_MASK("data-masking-hash-mask", Aspect.VALUE),
    /** Serai's own. */
    SALTED_HASH("x-hash-salted", Aspect.VALUE),
    /** Serai's own. */
    KEYLESS_APPEND("x-keyless-append", Aspect.ROWS),
    /** Serai's own. */
    KEYLESS_FULL("x-keyless-full", Aspect.ROWS),
    BEFORE_IMAGE("add-before-image-columns", Aspect.NONE);

    /** What of an object is altered. Rules conflict only within one aspect. */
    enum Aspect {
        NAME,
        PRESENCE,
        ADDITION,
        TYPE,
        KEY,
        VALUE,
        /** How rows without a key are followed. */
        ROWS,
        NONE
    }

    private final String word;
    private final Aspect aspect;

    TransformationAction(String word, Aspect aspect) {
        this.word = word;
        this.aspect = aspect;
    }

    static List<String> words() {
        return Arrays.stream(values()).map(TransformationAction::word).toList();
    }

    static TransformationAction of(String word) {
        return Arrays.stream(values())
                .filter(action -> action.word.equals(word))
                .findFirst()
                .orElseThrow();
    }

    String word() {
        return word;
    }

    Aspect aspect() {
        return aspect;
    }

    /** Whether the rule protects values. Its patterns are read widely, and it is never ignored. */
    boolean protects() {
        return this == REMOVE_COLUMN || this == INCLUDE_COLUMN || aspect == Aspect.VALUE;
    }

    boolean needsValue() {
        return aspect == Aspect.NAME && this != CONVERT_LOWERCASE && this != CONVERT_UPPERCASE
                || this == ADD_COLUMN
                || this == DIGITS_MASK;
    }

    boolean needsOldValue() {
        return this == REPLACE_PREFIX || this == REPLACE_SUFFIX;
    }

    /** The new name; empty when the rule does not apply to a name without its prefix or suffix. */
    Optional<String> rename(String name, String value, String old) {
        return switch (this) {
            case RENAME -> Optional.of(value);
            case ADD_PREFIX -> Optional.of(value + name);
            case ADD_SUFFIX -> Optional.of(name + value);
            case REMOVE_PREFIX -> prefix(name, value, "");
            case REPLACE_PREFIX -> prefix(name, old, value);
            case REMOVE_SUFFIX -> suffix(name, value, "");
            case REPLACE_SUFFIX -> suffix(name, old, value);
            case CONVERT_LOWERCASE -> Optional.of(name.toLowerCase(Locale.ROOT));
            case CONVERT_UPPERCASE -> Optional.of(name.toUpperCase(Locale.ROOT));
            default -> Optional.empty();
        };
    }

    private static Optional<String> prefix(String name, String old, String replacement) {
        return name.startsWith(old) ? Optional.of(replacement + name.substring(old.length())) : Optional.empty();
    }

    private static Optional<String> suffix(String name, String old, String replacement) {
        return name.endsWith(old)
                ? Optional.of(name.substring(0, name.length() - old.length()) + replacement)
                : Optional.empty();
    }
}
