package serai.load.replicate.mapping;

import java.util.List;

/**
 * A rule that selects tables, or leaves them out.
 *
 * @param filters a row arrives when it passes all of them; empty: all rows arrive
 */
record SelectionRule(
        FilePosition at,
        long id,
        Kind kind,
        NamePattern schema,
        NamePattern table,
        int loadOrder,
        List<SourceFilter> filters) {

    /** What the rule does with a table. */
    enum Kind {
        INCLUDE,
        EXCLUDE,
        EXPLICIT
    }

    boolean matches(SourceTable candidate) {
        return schema.matches(candidate.schema()) && table.matches(candidate.name());
    }

    boolean matchesByUnderscore(SourceTable candidate) {
        return matches(candidate)
                && (schema.matchesByUnderscore(candidate.schema()) || table.matchesByUnderscore(candidate.name()));
    }

    @Override
    public String toString() {
        return "rule " + id + " (line " + at.line() + ")";
    }
}
