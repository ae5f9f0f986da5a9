package serai.load.replicate;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import serai.load.replicate.mapping.PlannedColumn;
import serai.warehouse.Relation;
import serai.warehouse.Sql;
import serai.warehouse.Transaction;

/** The table of the warehouse that a table of the source arrives in: it is created, and follows the source's shape. */
final class TargetTable {

    /** The SQL state of an error when values do not fit the new type of their column. */
    static final String UNFITTING = "42804";

    private static final String COLUMNS = """
            select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
            where attrelid = to_regclass(?) and attnum > 0 and not attisdropped order by attnum""";

    private static final String UNIQUE = """
            select array_agg(a.attname::text) as columns from pg_index i
            join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
            where i.indrelid = to_regclass(?) and i.indisunique and i.indpred is null and i.indexprs is null
            group by i.indexrelid""";

    private final Transaction tx;
    private final ReplicatedTable table;
    private final Relation relation;
    /** Definitions of columns that are not of the source. */
    private final List<String> more;

    private final List<String> key;
    /** The names of the table's columns in this one. */
    private final UnaryOperator<String> names;

    /** @param relation the table of the warehouse, or the one in which it is copied anew */
    TargetTable(Transaction tx, ReplicatedTable table, Relation relation) {
        this(tx, table, relation, List.of(), table.plan().primaryKey(), UnaryOperator.identity());
    }

    private TargetTable(
            Transaction tx,
            ReplicatedTable table,
            Relation relation,
            List<String> more,
            List<String> key,
            UnaryOperator<String> names) {
        this.tx = tx;
        this.table = table;
        this.relation = relation;
        this.more = more;
        this.key = key;
        this.names = names;
    }

    /** The table of the versions of its rows. */
    static TargetTable ofHistory(Transaction tx, ReplicatedTable table, Relation relation) {
        List<String> key = new ArrayList<>(
                table.plan().primaryKey().stream().map(TableHistory::name).toList());
        key.addAll(List.of("position", "seq"));
        return new TargetTable(
                tx,
                table,
                relation,
                List.of(
                        "valid_from timestamptz not null",
                        "valid_to timestamptz",
                        "operation text not null",
                        "position pg_lsn not null",
                        "seq bigint not null"),
                key,
                TableHistory::name);
    }

    /**
     * Creates the table, or brings it to the source's shape: columns are added, and types changed. A column that the
     * source has no more stays, and keeps its values.
     *
     * @return names of columns that were added to a table that was there
     * @throws SQLException when a type cannot be changed, or the key is another one
     */
    List<String> prepare() throws SQLException {
        return prepare(type -> type);
    }

    /** As {@link #prepare()}, but columns whose type is another one become texts. */
    List<String> prepareAsTexts() throws SQLException {
        return prepare(type -> "text");
    }

    /** @param changed the type that a column gets which has another one than the source's */
    private List<String> prepare(UnaryOperator<String> changed) throws SQLException {
        Map<String, String> present = columns(relation.sql());
        if (present.isEmpty()) {
            create();
            return List.of();
        }
        requireKey();
        List<String> added = new ArrayList<>();
        List<String> actions = new ArrayList<>();
        wanted().forEach((name, type) -> {
            String column = Relation.quote(name);
            String next = changed.apply(type);
            if (!present.containsKey(name)) {
                added.add(name);
                actions.add("add column " + column + " " + type);
            } else if (!present.get(name).equals(type) && !present.get(name).equals(next)) {
                actions.add("alter column " + column + " type " + next + " using " + column + "::text::" + next);
            }
        });
        if (!actions.isEmpty()) {
            alter(actions);
        }
        return added;
    }

    private void alter(List<String> actions) throws SQLException {
        try {
            tx.verbs().alterColumns(relation, actions, Map.of());
        } catch (SQLException e) {
            if (!String.valueOf(e.getSQLState()).startsWith("22")) {
                throw e;
            }
            // the server's message quotes the value
            throw new SQLException(
                    "values of " + relation + " do not fit the new types of its columns. Drop the table, so that"
                            + " it is copied anew.",
                    UNFITTING);
        }
    }

    private void create() throws SQLException {
        tx.sql().execute("create schema if not exists " + Relation.quote(relation.schema()));
        List<String> columns = new ArrayList<>(
                table.plan().columns().stream().map(this::define).toList());
        columns.addAll(more);
        if (!key.isEmpty()) {
            columns.add("primary key (" + key.stream().map(Relation::quote).collect(Collectors.joining(", ")) + ")");
        }
        tx.verbs().createTable(relation, String.join(", ", columns));
    }

    private void requireKey() throws SQLException {
        boolean unique = tx.sql().list(UNIQUE, row -> row.texts("columns"), relation.sql()).stream()
                .anyMatch(columns -> columns.size() == key.size() && columns.containsAll(key));
        if (!unique && !key.isEmpty()) {
            throw new SQLException(
                    relation + " has no unique index on " + key
                            + ", the key of the source. Drop the table, so that it is copied anew.",
                    "42P10");
        }
    }

    private Map<String, String> columns(String relation) throws SQLException {
        Map<String, String> columns = new LinkedHashMap<>();
        tx.sql().each(COLUMNS, row -> columns.put(row.text("name"), row.text("type")), relation);
        return columns;
    }

    /** The planned types as the warehouse writes them. */
    private Map<String, String> wanted() throws SQLException {
        Sql sql = tx.sql();
        sql.execute("create temp table serai_shape ("
                + table.plan().columns().stream().map(this::define).collect(Collectors.joining(", ")) + ")");
        Map<String, String> wanted = columns("pg_temp.serai_shape");
        sql.execute("drop table pg_temp.serai_shape");
        return wanted;
    }

    private String define(PlannedColumn column) {
        return Relation.quote(names.apply(column.name())) + " " + column.type();
    }
}
