package serai.warehouse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a table in another's place inside one transaction: readers see the old rows or the new ones. */
final class TableSwap {

    private static final Logger LOG = LoggerFactory.getLogger(TableSwap.class);

    private record Index(String name, String definition, String constraint, boolean needsMissingColumn) {}

    private final Connection connection;
    private final Relation table;
    private final Relation shadow;

    TableSwap(Connection connection, Relation table, Relation shadow) {
        if (!table.schema().equals(shadow.schema())) {
            throw new IllegalArgumentException("The shadow " + shadow + " is not in the schema of " + table);
        }
        this.connection = connection;
        this.table = table;
        this.shadow = shadow;
    }

    void run(Map<Relation, String> definitions) throws SQLException {
        // views first: a reader takes its locks in this order too
        DependentViews views = DependentViews.drop(connection, table);
        String kind = ViewChange.kindOf(connection, table)
                .orElseThrow(() -> new SQLException("There is no relation " + table));
        if (kind.equals("table")) {
            execute("lock table " + table.sql() + " in access exclusive mode");
            carryIndexes();
        }
        RelationPrivileges.of(connection, table.sql()).giveTo(connection, "table", shadow.sql());
        execute("drop " + kind + " " + table.sql());
        execute("alter table " + shadow.sql() + " rename to " + Relation.quote(table.name()));
        renameIndexes();
        views.restore(definitions);
    }

    /** An index that the shadow has already under the corresponding name is the new form of the old one. */
    private void carryIndexes() throws SQLException {
        List<String> has = indexes(shadow).stream().map(Index::name).toList();
        for (Index index : indexes(table)) {
            String name = corresponding(index.name(), table, shadow);
            if (has.contains(name)) {
                continue;
            }
            if (index.needsMissingColumn()) {
                LOG.warn("table={} index={} is left out: the table no longer has its columns", table, index.name());
            } else if (index.constraint() != null) {
                execute("alter table " + shadow.sql() + " add constraint " + Relation.quote(name) + " "
                        + index.constraint());
            } else {
                execute(index.definition()
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
                execute("alter index " + Relation.quote(table.schema()) + "." + Relation.quote(index.name())
                        + " rename to " + Relation.quote(name));
            }
        }
    }

    /**
     * The name with one table's name at its start put in place of the other's, else with a mark that takes it out of
     * the way.
     */
    private static String corresponding(String index, Relation from, Relation to) {
        if (index.startsWith(from.name() + "_")) {
            return to.name() + index.substring(from.name().length());
        }
        String mark = "shadow__";
        return index.startsWith(mark) ? index.substring(mark.length()) : mark + index;
    }

    private List<Index> indexes(Relation relation) throws SQLException {
        List<Index> found = new ArrayList<>();
        boolean compared =
                relation.equals(table) && ViewChange.kindOf(connection, shadow).isPresent();
        try (PreparedStatement s = RelationPrivileges.query(
                        connection, """
                select c.relname, pg_get_indexdef(i.indexrelid), pg_get_constraintdef(k.oid),
                  exists (select 1 from pg_attribute a where a.attrelid = i.indrelid and a.attnum = any (i.indkey) and a.attnum > 0
                          and not exists (select 1 from pg_attribute b where b.attrelid = to_regclass(?) and b.attname = a.attname
                                          and not b.attisdropped))
                from pg_index i join pg_class c on c.oid = i.indexrelid
                left join pg_constraint k on k.conindid = i.indexrelid and k.conrelid = i.indrelid and k.contype in ('p', 'u', 'x')
                where i.indrelid = to_regclass(?) order by c.relname""", (compared ? shadow : relation).sql(), relation.sql());
                ResultSet r = s.executeQuery()) {
            while (r.next()) {
                found.add(new Index(r.getString(1), r.getString(2), r.getString(3), r.getBoolean(4)));
            }
        }
        return found;
    }

    private void execute(String sql) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute(sql);
        }
    }
}
