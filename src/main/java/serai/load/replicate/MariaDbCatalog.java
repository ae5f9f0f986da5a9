package serai.load.replicate;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.load.replicate.mapping.SourceColumn;
import serai.load.replicate.mapping.SourceTable;
import serai.load.replicate.mariadb.MariaDbType;

/** Reads the catalog of a MariaDB server. A database of it is a schema here. */
final class MariaDbCatalog {

    private static final String OWN = "('mysql', 'information_schema', 'performance_schema', 'sys')";

    private static final String COLUMNS = """
            select c.table_schema, c.table_name, c.column_name, c.column_type,
              exists (select 1 from information_schema.check_constraints k
                where k.constraint_schema = c.table_schema and k.table_name = c.table_name
                  and k.check_clause = concat('json_valid(`', c.column_name, '`)')) as json
            from information_schema.tables t join information_schema.columns c
              on c.table_schema = t.table_schema and c.table_name = t.table_name
            where t.table_type in ('BASE TABLE', 'SYSTEM VERSIONED') and t.table_schema not in %s
            order by c.table_schema, c.table_name, c.ordinal_position""".formatted(OWN);

    /** Keys that are unique and never NULL, the primary key first. */
    private static final String KEYS = """
            select s.table_schema, s.table_name, s.index_name, s.column_name,
              s.sub_part is null and s.nullable <> 'YES' as whole
            from information_schema.statistics s
            where s.non_unique = 0 and s.table_schema not in %s
            order by s.table_schema, s.table_name, s.index_name <> 'PRIMARY', s.index_name,
              s.seq_in_index""".formatted(OWN);

    private final Connection source;

    MariaDbCatalog(Connection source) {
        this.source = source;
    }

    /** @return all tables; rows are found by the primary key, or else by the first key that is never NULL */
    List<CatalogTable> tables() throws SQLException {
        Map<String, List<List<String>>> keys = keys();
        Map<String, List<SourceColumn>> columns = new LinkedHashMap<>();
        Map<String, String[]> names = new HashMap<>();
        query(COLUMNS, row -> {
            String table = row.getString(1) + "." + row.getString(2);
            names.put(table, new String[] {row.getString(1), row.getString(2)});
            MariaDbType type = MariaDbType.of(row.getString(4), row.getBoolean(5));
            columns.computeIfAbsent(table, none -> new ArrayList<>())
                    .add(new SourceColumn(row.getString(3), type.postgres()));
        });
        List<CatalogTable> tables = new ArrayList<>();
        columns.forEach((table, own) -> {
            List<List<String>> unique = keys.getOrDefault(table, List.of());
            List<String> key = unique.isEmpty() ? List.of() : unique.get(0);
            SourceTable described =
                    new SourceTable(names.get(table)[0], names.get(table)[1], own, key, List.of(), false);
            // an added column may have values in all rows
            List<String> all = own.stream().map(SourceColumn::name).toList();
            tables.add(new CatalogTable(described, 'f', all));
        });
        return tables;
    }

    private Map<String, List<List<String>>> keys() throws SQLException {
        Map<String, Map<String, List<String>>> found = new HashMap<>();
        Map<String, List<String>> unfit = new HashMap<>();
        query(KEYS, row -> {
            String table = row.getString(1) + "." + row.getString(2);
            found.computeIfAbsent(table, none -> new LinkedHashMap<>())
                    .computeIfAbsent(row.getString(3), none -> new ArrayList<>())
                    .add(row.getString(4));
            if (!row.getBoolean(5)) {
                unfit.computeIfAbsent(table, none -> new ArrayList<>()).add(row.getString(3));
            }
        });
        Map<String, List<List<String>>> keys = new HashMap<>();
        found.forEach((table, indexes) -> {
            indexes.keySet().removeAll(unfit.getOrDefault(table, List.of()));
            keys.put(table, List.copyOf(indexes.values()));
        });
        return keys;
    }

    /** What MariaDB declares columns of a table as, by name. */
    Map<String, MariaDbType> types(SourceTable table) throws SQLException {
        Map<String, MariaDbType> types = new HashMap<>();
        String one = COLUMNS.replace(
                "order by",
                "and t.table_schema = " + MariaDbRows.literal(table.schema()) + " and t.table_name = "
                        + MariaDbRows.literal(table.name()) + " order by");
        query(one, row -> types.put(row.getString(3), MariaDbType.of(row.getString(4), row.getBoolean(5))));
        return types;
    }

    /** The names of the server's character sets, by the numbers of their collations. */
    Map<Integer, String> charsets() throws SQLException {
        Map<Integer, String> charsets = new HashMap<>();
        query(
                "select id, character_set_name from information_schema.collations where id is not null",
                row -> charsets.put(row.getInt(1), row.getString(2)));
        try {
            query(
                    "select id, character_set_name from information_schema.collation_character_set_applicability"
                            + " where id is not null",
                    row -> charsets.put(row.getInt(1), row.getString(2)));
        } catch (SQLException e) {
            // before 10.10 all are in the first one
            if (e.getErrorCode() != UNKNOWN_COLUMN) {
                throw e;
            }
        }
        return charsets;
    }

    private static final int UNKNOWN_COLUMN = 1054;

    /** What is done with a row. */
    @FunctionalInterface
    interface RowWork {
        /** @param row the present one */
        void with(ResultSet row) throws SQLException;
    }

    void query(String sql, RowWork work) throws SQLException {
        try (Statement statement = source.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                work.with(rows);
            }
        }
    }
}
