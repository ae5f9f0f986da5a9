package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import serai.warehouse.Relation;
import serai.warehouse.RowRange;
import serai.warehouse.Sql;
import serai.warehouse.TimeWindow;

/** The new rows of a node in a temporary table, to be compared with the existing ones before anything is written. */
final class StagingTable {

    /** There is one for each connection. */
    static final Relation RELATION = new Relation("pg_temp", "serai_staging");

    /** Its name for SQL. */
    static final String TABLE = RELATION.sql();

    private final Connection connection;
    private final Sql sql;
    private final RelationColumns columns;

    private StagingTable(Connection connection, RelationColumns columns) {
        this.connection = connection;
        this.sql = Sql.on(connection);
        this.columns = columns;
    }

    /**
     * Stages the rows of a seed or of a table's SELECT.
     *
     * @param connection in auto-commit
     * @throws SQLException also when a table's rows do not have its grain: nothing may be written then
     */
    static StagingTable of(Connection connection, RunContext run, Node node) throws SQLException {
        return node instanceof Seed seed
                ? fill(connection, run.graph(), run.graph().columns(seed), staging -> staging.insert(seed))
                : of(connection, run, (Model) node, run.graph().columns(node), "true", run.parameters())
                        .withKey(((Model) node).key());
    }

    /**
     * Stages all rows of an upsert or of a change log, whatever their time.
     *
     * @param connection in auto-commit
     * @throws SQLException also when the rows do not have the grain
     */
    static StagingTable ofAll(Connection connection, RunContext run, Model model) throws SQLException {
        return of(connection, run, model, run.graph().columns(model), "true", run.parametersOfAll())
                .withKey(model.key());
    }

    /**
     * Stages all rows that have one of some keys, which are put into {@link DirtyKeys#TABLE}.
     *
     * @param connection in auto-commit
     * @throws SQLException also when the rows do not have the grain
     */
    static StagingTable ofKeys(Connection connection, RunContext run, Model model, DirtyKeys keys) throws SQLException {
        RelationColumns columns = run.graph().columns(model);
        inTransaction(connection, () -> {
            keys.stage(Sql.on(connection), model, columns);
            return null;
        });
        return of(connection, run, model, columns, DirtyKeys.condition(model), run.parametersOfAll())
                .withKey(model.key());
    }

    /**
     * Stages the rows of the keys that a range touched, whatever their own time.
     *
     * @param connection in auto-commit
     * @throws SQLException also when the rows do not have the grain
     */
    static StagingTable ofTouched(Connection connection, RunContext run, Model model, TimeWindow range)
            throws SQLException {
        return of(connection, run, model, run.graph().columns(model), "true", run.parameters(range))
                .withKey(model.key());
    }

    /**
     * Stages the present rows of an scd2 without a change log, without their times.
     *
     * @param connection in auto-commit
     * @throws SQLException also when the rows do not have the grain
     */
    static StagingTable ofPresent(Connection connection, RunContext run, Model model) throws SQLException {
        return of(connection, run, model, run.graph().versions(model).selected(), "true", run.parameters())
                .withKey(model.grain());
    }

    /**
     * Stages some units of a model.
     *
     * @param connection in auto-commit
     * @throws SQLException also when the SELECT gives rows of other units: they would be written again and again
     */
    static StagingTable of(Connection connection, RunContext run, Model model, TimeWindow range) throws SQLException {
        StagingTable staging = of(connection, run, model, run.graph().columns(model), "true", run.parameters(range));
        staging.requireWithin(model.window(), range);
        return staging;
    }

    private static StagingTable of(
            Connection connection,
            RunContext run,
            Model model,
            RelationColumns columns,
            String condition,
            Map<String, Object> parameters)
            throws SQLException {
        return fill(connection, run.graph(), columns, staging -> {
            staging.sql.execute(
                    "set local statement_timeout = " + run.settings().maxTime().toMillis());
            staging.insert(model, run.graph().select(model, condition), parameters);
        });
    }

    private interface Rows {
        void insert(StagingTable staging) throws SQLException;
    }

    private static StagingTable fill(Connection connection, ModelGraph graph, RelationColumns columns, Rows rows)
            throws SQLException {
        return inTransaction(connection, () -> {
            StagingTable staging = new StagingTable(connection, columns);
            SearchPath.set(staging.sql, graph);
            staging.sql.execute("drop table if exists " + TABLE + "; create temp table serai_staging ("
                    + columns.definitions() + ")");
            rows.insert(staging);
            return staging;
        });
    }

    private interface Work<T> {
        T run() throws SQLException;
    }

    private static <T> T inTransaction(Connection connection, Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            T result = work.run();
            connection.commit();
            return result;
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private void insert(Model model, String select, Map<String, Object> parameters) throws SQLException {
        sql.update(
                "insert into " + TABLE + " (" + columns.list() + ") select " + columns.list() + " from (" + select
                        + "\n) as model",
                model.sql().parameters().stream().map(parameters::get).toArray());
    }

    private void insert(Seed seed) throws SQLException {
        String marks = String.join(", ", Collections.nCopies(seed.columns().size(), "?"));
        List<List<Object>> rows = new ArrayList<>();
        seed.rows().forEach(row -> rows.add(new ArrayList<>(row)));
        sql.batch("insert into " + TABLE + " (" + columns.list() + ") values (" + marks + ")", rows);
    }

    private void requireWithin(ModelWindow window, TimeWindow range) throws SQLException {
        String column = Relation.quote(window.column());
        RowRange rows = window.rows(range);
        sql.each(
                "select count(*), coalesce(min(" + column + ")::text, 'NULL') as first from " + TABLE + " where ("
                        + rows.condition() + ") is not true having count(*) > 0",
                outside -> {
                    throw new SQLException("The SELECT gave " + outside.number("count") + " rows with "
                            + window.column() + " " + outside.text("first") + " when it was asked for the "
                            + window.unit().text() + "s from " + rows.from() + " up to and without " + rows.to()
                            + ": its where clause and its " + window.column() + " must mean the same "
                            + window.unit().text() + "s in the zone of @window.");
                },
                rows.parameters());
        requireUnits(window);
    }

    /** A date or time in the middle of a unit would be another unit for the comparison with the table. */
    private void requireUnits(ModelWindow window) throws SQLException {
        if (window.unit() == WindowUnit.DAY) {
            return;
        }
        String column = Relation.quote(window.column());
        String start = window.unitSql(
                column + (window.unit().isDate() ? "::timestamp" : ""),
                window.unit().isDate());
        sql.each(
                "select " + column + "::text as value from " + TABLE + " where " + window.unitSql() + " <> " + start
                        + " limit 1",
                row -> {
                    throw new SQLException("The SELECT gave a row with " + window.column() + " " + row.text("value")
                            + ", which is not the beginning of a "
                            + window.unit().text() + " in the zone of @window.");
                });
    }

    /**
     * Adds rows that the model's table has, which are to stay.
     *
     * @throws SQLException also when they lack a column
     */
    void addExisting(Model model, RowRange rows) throws SQLException {
        if (RelationColumns.read(sql, model.relation().sql()).isPresent()) {
            sql.update(
                    "insert into " + TABLE + " (" + columns.list() + ") select " + columns.list() + " from "
                            + model.relation().sql() + " where " + rows.condition(),
                    rows.parameters());
        }
    }

    /** The number of rows. */
    long rows() throws SQLException {
        return sql.first("select count(*) from " + TABLE, row -> row.number("count"))
                .orElseThrow();
    }

    private StagingTable withKey(List<String> key) throws SQLException {
        for (String column : key) {
            sql.execute("alter table " + TABLE + " alter column " + Relation.quote(column) + " set not null");
        }
        sql.execute("create unique index on " + TABLE + " ("
                + key.stream().map(Relation::quote).collect(Collectors.joining(", ")) + ")");
        sql.execute("analyze " + TABLE);
        return this;
    }

    /** The sum of these over rows identifies them in any order. It hashes text, since some types have no equality. */
    private String rowHash() {
        return "hashtextextended(row(" + columns.list() + ")::text, 0)";
    }

    /** The units of a range in which these rows differ from the existing ones. */
    SortedSet<Instant> changedUnits(Model model, TimeWindow range) throws SQLException {
        RowRange rows = model.window().rows(range);
        String perUnit = "select " + model.window().unitSql() + " as unit, count(*) as rows, sum(" + rowHash()
                + ") as hash from ";
        return new TreeSet<>(sql.list(
                "with before as (" + perUnit + model.relation().sql() + " where " + rows.condition()
                        + " group by 1), after as (" + perUnit + TABLE + " group by 1)"
                        + " select unit from before full join after using (unit)"
                        + " where (before.rows, before.hash) is distinct from (after.rows, after.hash)",
                row -> row.instant("unit"),
                rows.parameters()));
    }

    /** The units of a model that these rows have. */
    List<Instant> units(Model model) throws SQLException {
        return sql.list(
                "select distinct " + model.window().unitSql() + " as unit from " + TABLE, row -> row.instant("unit"));
    }

    /** The names of the columns. */
    List<String> columns() {
        return columns.names();
    }

    /** A SELECT of the rows of a range, with its parameters. */
    String select(RowRange rows) {
        return select() + " where " + rows.condition();
    }

    /** How a table with the same columns differs, in the rows of a scope. */
    TableDifference difference(Node node, TableDifference.Scope scope) throws SQLException {
        return inTransaction(connection, () -> {
            SearchPath.set(sql);
            return TableDifference.find(sql, node, this, scope);
        });
    }

    /** Copies the rows to a new table, and returns how many there are. */
    long copyTo(Relation table) throws SQLException {
        return sql.update("insert into " + table.sql() + " (" + columns.list() + ") " + select());
    }

    private String select() {
        return "select " + columns.list() + " from " + TABLE;
    }
}
