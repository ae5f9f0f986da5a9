package serai.warehouse;

import java.util.regex.Pattern;

/** A table or view by its schema and name, both plain lower-case identifiers: {@code landing.web_sessions}. */
public record Relation(String schema, String name) {

    private static final Pattern IDENTIFIER = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    /** @throws IllegalArgumentException when a name is no plain lower-case identifier */
    public Relation {
        requireIdentifier(schema);
        requireIdentifier(name);
    }

    /**
     * Reads {@code schema.name}.
     *
     * @throws IllegalArgumentException when the text is anything else
     */
    public static Relation of(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a relation: write schema.name, such as landing.web_sessions");
        }
        return new Relation(parts[0], parts[1]);
    }

    /** The name quoted for SQL. */
    public String sql() {
        return quote(schema) + "." + quote(name);
    }

    /** An identifier quoted for SQL. */
    public static String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    private static void requireIdentifier(String text) {
        if (!IDENTIFIER.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a plain lower-case identifier (a-z, 0-9, _; at most 63)");
        }
    }

    @Override
    public String toString() {
        return schema + "." + name;
    }
}
