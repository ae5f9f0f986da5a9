package serai.load;

import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import serai.warehouse.Relation;
import serai.warehouse.Sql;

/**
 * Columns of a table whose values are compared and hashed by PostgreSQL. A value of a type without a hash function,
 * such as {@code json}, is compared as text.
 */
final class ComparedColumns {

    /** By {@code pg_type.typname}. */
    private static final Set<String> HASHED = Set.of(
            "bool",
            "int2",
            "int4",
            "int8",
            "numeric",
            "float4",
            "float8",
            "date",
            "timestamp",
            "timestamptz",
            "text",
            "varchar",
            "bpchar",
            "uuid",
            "jsonb");

    private static final String AS_TEXT = """
            select a.attname from pg_attribute a join pg_type t on t.oid = a.atttypid
            where a.attrelid = to_regclass(?) and a.attnum > 0 and not a.attisdropped and t.typname <> all (?)""";

    private final Set<String> asText;

    private ComparedColumns(Set<String> asText) {
        this.asText = asText;
    }

    static ComparedColumns of(Sql sql, Relation relation) throws SQLException {
        return new ComparedColumns(
                Set.copyOf(sql.list(AS_TEXT, row -> row.text("attname"), relation.sql(), List.copyOf(HASHED))));
    }

    /**
     * SQL for a hash of a row's values, a {@code bigint}.
     *
     * @param alias of the relation; empty for none
     */
    String hash(String alias, List<String> columns) {
        return "hash_record_extended(" + row(alias, columns) + ", 0)";
    }

    /** SQL for a row of values that can be compared with one of another alias. */
    String row(String alias, List<String> columns) {
        return columns.stream().map(column -> value(alias, column)).collect(Collectors.joining(", ", "row(", ")"));
    }

    private String value(String alias, String column) {
        String name = (alias.isEmpty() ? "" : alias + ".") + Relation.quote(column);
        return asText.contains(column) ? name + "::text" : name;
    }
}
