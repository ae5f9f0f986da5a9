package serai.watch.source;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import serai.warehouse.Relation;

/**
 * The columns of a query, found by the names of fields: {@code country}, {@code country.keyword}, or
 * {@code match.user.id} within JSON.
 */
record QueryColumns(Map<String, Kind> kinds) {

    enum Kind {
        NUMBER,
        TIME,
        JSON,
        OTHER
    }

    /** For checks before the columns are known: every name is one. */
    static final QueryColumns ANY = new QueryColumns(null);

    static QueryColumns of(ResultSetMetaData data) throws SQLException, SqlFilter.UnknownException {
        Map<String, Kind> kinds = new LinkedHashMap<>();
        for (int i = 1; i <= data.getColumnCount(); i++) {
            if (kinds.put(data.getColumnLabel(i), kind(data.getColumnTypeName(i))) != null) {
                throw new SqlFilter.UnknownException(
                        "the column " + data.getColumnLabel(i) + " is there twice; give one of them another name");
            }
        }
        return new QueryColumns(kinds);
    }

    private static Kind kind(String type) {
        return switch (type) {
            case "int2", "int4", "int8", "float4", "float8", "numeric" -> Kind.NUMBER;
            case "timestamptz", "timestamp", "date" -> Kind.TIME;
            case "json", "jsonb" -> Kind.JSON;
            default -> Kind.OTHER;
        };
    }

    /** A field as SQL over the rows {@code q}; a part of a JSON column by the {@code path} in it. */
    record Field(String column, Kind kind, List<String> path) {

        private String quoted() {
            return "q." + Relation.quote(column);
        }

        String text() {
            return kind == Kind.JSON ? "(" + quoted() + "::jsonb #>> " + literal() + ")" : quoted() + "::text";
        }

        /** As jsonb: what a document would hold. */
        String json() {
            return kind == Kind.JSON ? "(" + quoted() + "::jsonb #> " + literal() + ")" : "to_jsonb(" + quoted() + ")";
        }

        /** A number, NULL where there is none; times are milliseconds, as Elasticsearch counts them. */
        String number() {
            return switch (kind) {
                case NUMBER -> quoted() + "::float8";
                case TIME -> "(extract(epoch from " + quoted() + "::timestamptz) * 1000)::float8";
                default -> "(case when jsonb_typeof(" + json() + ") = 'number' then " + text() + "::float8 end)";
            };
        }

        SqlText compared(String operator, JsonNode value) {
            if (kind == Kind.TIME) {
                return SqlText.of("(" + quoted() + " " + operator + " ?::timestamptz)", value.asText());
            }
            if (kind == Kind.NUMBER) {
                return SqlText.of("(" + quoted() + " " + operator + " ?::numeric)", value.asText());
            }
            if (kind == Kind.JSON && value.isNumber()) {
                return SqlText.of("(" + number() + " " + operator + " ?::float8)", value.asText());
            }
            return SqlText.of("(" + (kind == Kind.JSON ? text() : quoted()) + " " + operator + " ?)", value.asText());
        }

        private String literal() {
            String[] quotedParts =
                    path.stream().map(p -> "'" + p.replace("'", "''") + "'").toArray(String[]::new);
            return "array[" + String.join(",", quotedParts) + "]::text[]";
        }
    }

    /** The longest dotted beginning that is a column wins; the rest is a path within it. */
    Optional<Field> field(String name) {
        if (kinds == null) {
            return Optional.of(new Field(name, Kind.OTHER, List.of()));
        }
        for (int end = name.length(); end > 0; end = name.lastIndexOf('.', end - 1)) {
            Kind kind = kinds.get(name.substring(0, end));
            String rest = end == name.length() ? "" : name.substring(end + 1);
            if (kind == Kind.JSON) {
                return Optional.of(new Field(name.substring(0, end), kind, path(rest)));
            }
            if (kind != null && (rest.isEmpty() || rest.equals("keyword"))) {
                return Optional.of(new Field(name.substring(0, end), kind, List.of()));
            }
        }
        return Optional.empty();
    }

    /** The field that an aggregation names. */
    Field require(JsonNode body) throws SqlFilter.UnknownException {
        String name = body.path("field").asText();
        return field(name).orElseThrow(() -> new SqlFilter.UnknownException(unknown(name)));
    }

    private static List<String> path(String rest) {
        String plain = rest.endsWith(".keyword") ? rest.substring(0, rest.length() - ".keyword".length()) : rest;
        return plain.isEmpty() ? List.of() : Arrays.asList(plain.split("\\."));
    }

    String unknown(String name) {
        return "the query has no column '" + name + "'; its columns are " + String.join(", ", kinds.keySet());
    }
}
