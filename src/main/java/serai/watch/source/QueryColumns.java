package serai.watch.source;

import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import serai.warehouse.Relation;
import serai.watch.query.Search;

/**
 * The columns of a query with their types, found by the names of fields: {@code country}, {@code country.keyword}, or
 * {@code match.user.id} within JSON.
 */
record QueryColumns(Map<String, String> types) {

    /** How values of a column are compared. */
    enum Kind {
        NUMBER,
        TIME,
        JSON,
        OTHER
    }

    static QueryColumns of(ResultSetMetaData data) throws SQLException, Search.FailedException {
        Map<String, String> types = new LinkedHashMap<>();
        for (int i = 1; i <= data.getColumnCount(); i++) {
            if (types.put(data.getColumnLabel(i), data.getColumnTypeName(i)) != null) {
                throw new Search.FailedException(
                        "the column " + data.getColumnLabel(i) + " is there twice; give one of them another name",
                        null);
            }
        }
        return new QueryColumns(types);
    }

    /**
     * A field as SQL over the rows {@code q}.
     *
     * @param type the column's type
     * @param path a part of a JSON column; else empty
     */
    record Field(String column, String type, List<String> path) {

        Kind kind() {
            return switch (type) {
                case "int2", "int4", "int8", "float4", "float8", "numeric" -> Kind.NUMBER;
                case "timestamptz", "timestamp", "date" -> Kind.TIME;
                case "json", "jsonb" -> Kind.JSON;
                default -> Kind.OTHER;
            };
        }

        private String quoted() {
            return "q." + Relation.quote(column);
        }

        String text() {
            return kind() == Kind.JSON ? "(" + quoted() + "::jsonb #>> " + literal() + ")" : quoted() + "::text";
        }

        /** As jsonb: what a document would hold. */
        String json() {
            return kind() == Kind.JSON
                    ? "(" + quoted() + "::jsonb #> " + literal() + ")"
                    : "to_jsonb(" + quoted() + ")";
        }

        /** A number, NULL where there is none; times are milliseconds, as Elasticsearch counts them. */
        String number() {
            return switch (kind()) {
                case NUMBER -> quoted() + "::float8";
                case TIME -> "(extract(epoch from " + quoted() + "::timestamptz) * 1000)::float8";
                default -> "(case when jsonb_typeof(" + json() + ") = 'number' then " + text() + "::float8 end)";
            };
        }

        /** A comparison with a value, which is bound as text and cast to what it is compared with. */
        SqlText compared(String operator, Object value) {
            String bound = String.valueOf(value);
            return switch (kind()) {
                case TIME -> SqlText.of("(" + quoted() + " " + operator + " ?::timestamptz)", bound);
                case NUMBER -> SqlText.of("(" + quoted() + " " + operator + " ?::numeric)", bound);
                case JSON ->
                    value instanceof Number
                            ? SqlText.of("(" + number() + " " + operator + " ?::float8)", bound)
                            : SqlText.of("(" + text() + " " + operator + " ?)", bound);
                case OTHER -> SqlText.of("(" + quoted() + " " + operator + " ?::" + typeName() + ")", bound);
            };
        }

        /** The driver quotes only the names of types that are not on the search path. */
        private String typeName() {
            return type.startsWith("\"") ? type : Relation.quote(type);
        }

        private String literal() {
            String[] quotedParts =
                    path.stream().map(p -> "'" + p.replace("'", "''") + "'").toArray(String[]::new);
            return "array[" + String.join(",", quotedParts) + "]::text[]";
        }
    }

    /** The longest dotted beginning that is a column; the rest is a path within it. Empty when there is none. */
    Optional<Field> field(String name) {
        for (int end = name.length(); end > 0; end = name.lastIndexOf('.', end - 1)) {
            String column = name.substring(0, end);
            String rest = end == name.length() ? "" : name.substring(end + 1);
            if (types.containsKey(column)) {
                Field field = new Field(column, types.get(column), List.of());
                if (field.kind() == Kind.JSON) {
                    return Optional.of(new Field(column, types.get(column), path(rest)));
                }
                if (rest.isEmpty() || rest.equals("keyword")) {
                    return Optional.of(field);
                }
            }
        }
        return Optional.empty();
    }

    private static List<String> path(String rest) {
        String plain = rest.replaceFirst("\\.keyword$", "");
        return plain.isEmpty() ? List.of() : Arrays.asList(plain.split("\\."));
    }

    /**
     * The column of a field.
     *
     * @throws Search.FailedException when there is none
     */
    Field require(String name) throws Search.FailedException {
        return field(name).orElseThrow(() -> new Search.FailedException(unknown(name), null));
    }

    /** That there is no such column. */
    String unknown(String name) {
        return "the query has no column '" + name + "'; its columns are " + String.join(", ", types.keySet());
    }
}
