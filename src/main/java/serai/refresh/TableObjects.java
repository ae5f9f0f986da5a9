package serai.refresh;

import java.sql.SQLException;
import java.util.List;
import serai.warehouse.Relation;
import serai.warehouse.Sql;

/** Objects that other people have put on the table of a model, or that refer to it: no change may take them along. */
final class TableObjects {

    private static final String REFERENCES = """
            select pg_describe_object('pg_constraint'::regclass, oid, 0) as object from pg_constraint
            where confrelid = to_regclass(?) and conrelid <> confrelid order by 1""";

    private static final String OF_COLUMNS = """
            select distinct pg_describe_object(d.classid, d.objid, d.objsubid) as object
            from pg_depend d
            join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
            where d.refclassid = 'pg_class'::regclass and d.refobjid = to_regclass(?)
              and d.classid in ('pg_constraint'::regclass, 'pg_statistic_ext'::regclass)
              and a.attname = any (?::text[]) order by 1""";

    private TableObjects() {}

    /** @throws SQLException when foreign keys refer to rows that are all to be replaced */
    static void refuseReferences(Sql sql, Relation table) throws SQLException {
        List<String> objects = sql.list(REFERENCES, row -> row.text("object"), table.sql());
        if (!objects.isEmpty()) {
            throw new SQLException("All rows of " + table + " have to be replaced, because its @grain changes, and rows"
                    + " elsewhere refer to them: " + String.join("; ", objects) + ". Drop that first.");
        }
    }

    /**
     * @throws SQLException when a constraint or statistics would vanish with a column; the server drops them silently
     */
    static void refuseLoss(Sql sql, Relation table, List<String> columns) throws SQLException {
        List<String> objects = sql.list(OF_COLUMNS, row -> row.text("object"), table.sql(), columns);
        if (!objects.isEmpty()) {
            throw new SQLException("The SELECT no longer has " + String.join(", ", columns) + ", which " + table
                    + " needs for: " + String.join("; ", objects) + ". Drop or change that first.");
        }
    }
}
