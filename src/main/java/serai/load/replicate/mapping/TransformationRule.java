package serai.load.replicate.mapping;

import java.util.List;

/**
 * A rule that alters what arrives.
 *
 * @param column null when the rule is about schemas or tables
 * @param sourceType null, or the type, in DMS's words, that a column must have
 * @param value null when the action has none
 * @param oldValue null when the action has none
 * @param type null when the action has none
 * @param expression null when the rule has none
 * @param key columns of the key that the rule defines; else empty
 * @param uniqueIndex whether this key is a unique index only
 */
record TransformationRule(
        FilePosition at,
        long id,
        TransformationAction action,
        Level level,
        NamePattern schema,
        NamePattern table,
        NamePattern column,
        String sourceType,
        String value,
        String oldValue,
        ChangedType type,
        ColumnExpression expression,
        List<String> key,
        boolean uniqueIndex) {

    /** What the rule is about. */
    enum Level {
        SCHEMA,
        TABLE,
        COLUMN
    }

    boolean matches(SourceTable candidate) {
        return schema.matches(candidate.schema()) && (level == Level.SCHEMA || table.matches(candidate.name()));
    }

    /** Whether it is about a column of a table that it matches. */
    boolean matches(SourceColumn candidate) {
        return matchesName(candidate.name())
                && (sourceType == null || ChangedType.describes(sourceType, candidate.type()));
    }

    boolean matchesName(String name) {
        return level == Level.COLUMN && column.matches(name);
    }

    @Override
    public String toString() {
        return "rule " + id + " (line " + at.line() + ", " + action.word() + ")";
    }
}
