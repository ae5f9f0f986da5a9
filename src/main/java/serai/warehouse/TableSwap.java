package serai.warehouse;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replaces a table by another one inside one transaction: readers see the old rows or the new ones. */
final class TableSwap {

    private static final Logger LOG = LoggerFactory.getLogger(TableSwap.class);

    private record Index(String name, String definition, String constraint, boolean needsMissingColumn) {}

    private final Connection connection;
    private final Sql sql;
    private final Relation table;
    private final Relation shadow;

    TableSwap(Connection connection, Relation table, Relation shadow) {
        if (!table.schema().equals(shadow.schema())) {
            throw new IllegalArgumentException("The shadow " + shadow + " is not in the schema of " + table);
        }
        this.connection = connection;
        this.sql = Sql.on(connection);
        this.table = table;
        this.shadow = shadow;
    }

    void run(Map<Relation, String> definitions) throws SQLException {
        // views first: readers take their locks in this order too
        DependentViews views = DependentViews.drop(connection, table);
        RelationKind kind =
                RelationKind.of(connection, table).orElseThrow(() -> new SQLException("There is no relation " + table));
        if (kind == RelationKind.TABLE) {
            sql.execute("lock table " + table.sql() + " in access exclusive mode");
            copyIndexes();
        }
        RelationMetadata.read(connection, table.sql()).applyTo(connection, RelationKind.TABLE, shadow.sql());
        sql.execute("drop " + kind.sql() + " " + table.sql());
        sql.execute("alter table " + shadow.sql() + " rename to " + Relation.quote(table.name()));
        renameIndexes();
        views.restore(definitions);
    }

    /** An index that the shadow already has under the corresponding name is the new form of the old one. */
    private void copyIndexes() throws SQLException {
        List<String> existing = indexes(shadow).stream().map(Index::name).toList();
        for (Index index : indexes(table)) {
            String name = corresponding(index.name(), table, shadow);
            if (existing.contains(name)) {
                continue;
            }
            if (index.needsMissingColumn()) {
                LOG.warn("table={} index={} The index is dropped: its columns no longer exist", table, index.name());
            } else if (index.constraint() != null) {
                sql.execute("alter table " + shadow.sql() + " add constraint " + Relation.quote(name) + " "
                        + index.constraint());
            } else {
                sql.execute(index.definition()
                        .replaceFirst(
                                "INDEX .*? ON (ONLY )?\\S+ USING",
                                "INDEX " + Matcher.quoteReplacement(Relation.quote(name) + " ON " + shadow.sql())
                                        + " USING"));
            }
        }
    }

    private void renameIndexes() throws SQLException {
        for (Index index : indexes(table)) {
            String name = corresponding(index.name(), shadow, table);
            if (!name.equals(index.name())) {
                sql.execute("alter index " + Relation.quote(table.schema()) + "." + Relation.quote(index.name())
                        + " rename to " + Relation.quote(name));
            }
        }
    }

    /**
     * The name of an index with one table's name at its start replaced by the other's. Other names get a prefix, so
     * that both indexes can exist until the old table is dropped.
     */
    private static String corresponding(String index, Relation from, Relation to) {
        if (index.startsWith(from.name() + "_")) {
            return to.name() + index.substring(from.name().length());
        }
        String prefix = "shadow__";
        return index.startsWith(prefix) ? index.substring(prefix.length()) : prefix + index;
    }

    private List<Index> indexes(Relation relation) throws SQLException {
        boolean swapped = RelationKind.of(connection, shadow).isEmpty();
        return sql.list(
                """
                select c.relname, pg_get_indexdef(i.indexrelid) as definition,
                  pg_get_constraintdef(k.oid) as constraint_definition,
                  exists (select 1 from pg_attribute a
                          where a.attrelid = i.indrelid and a.attnum = any (i.indkey) and a.attnum > 0
                          and not exists (select 1 from pg_attribute b where b.attrelid = to_regclass(?)
                                          and b.attname = a.attname and not b.attisdropped)) as needs_missing_column
                from pg_index i join pg_class c on c.oid = i.indexrelid
                left join pg_constraint k on k.conindid = i.indexrelid and k.conrelid = i.indrelid
                  and k.contype in ('p', 'u', 'x')
                where i.indrelid = to_regclass(?) order by c.relname""",
                row -> new Index(
                        row.text("relname"),
                        row.text("definition"),
                        row.text("constraint_definition"),
                        row.flag("needs_missing_column")),
                (swapped ? table : shadow).sql(),
                relation.sql());
    }
}
