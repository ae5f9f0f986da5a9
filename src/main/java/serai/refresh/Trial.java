package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import serai.status.HumanText;
import serai.warehouse.Relation;
import serai.warehouse.RowRange;
import serai.warehouse.Sql;
import serai.warehouse.TimeWindow;

/** The rows that a model's SELECT gives, beside those of its relation. Nothing is written. */
final class Trial {

    private static final String NO_ROWS = "select null::text as key, null::text as hash where false";
    /** By key: how many rows are given, how many are there, and how many of both are equal. */
    private static final String COMPARISON = """
            with tried as (%s), before as (%s), keys as (
              select key, coalesce(sum(t.rows), 0) as now, coalesce(sum(b.rows), 0) as old,
                coalesce(sum(least(t.rows, b.rows)) filter (where t.rows is not null and b.rows is not null), 0) as same
              from tried t full join before b using (key, hash) group by key)
            select coalesce(sum(now), 0)::bigint as rows,
              coalesce(sum(greatest(now - old, 0)), 0)::bigint as inserted,
              coalesce(sum(least(now, old) - same), 0)::bigint as changed,
              coalesce(sum(greatest(old - now, 0)), 0)::bigint as deleted
            from keys""";

    private final RunContext run;
    private final Model model;
    private final TimeWindow units;
    private final RelationColumns columns;

    /** @param units to calculate; null for a model that is calculated as a whole */
    Trial(RunContext run, Model model, TimeWindow units) {
        this.run = run;
        this.model = model;
        this.units = units;
        this.columns = run.graph().isSnapshot(model)
                ? run.graph().versions(model).selected()
                : run.graph().columns(model);
    }

    /**
     * How the rows differ from those that are there. Without a grain, a row that changed is one that is inserted and
     * one that is deleted.
     *
     * @param rows that the SELECT gives
     * @param columns how the columns differ, or null; the rows are then not compared
     */
    record Difference(long rows, long inserted, long changed, long deleted, String columns) {

        String text(Model model) {
            String all = HumanText.of(rows, "row") + ". ";
            if (columns != null) {
                return all + model.relation() + " differs in its columns: " + columns + ".";
            }
            return all + "To " + model.relation() + " it would be: " + inserted + " inserted, " + changed + " changed, "
                    + deleted + " deleted.";
        }
    }

    /** Shows the first rows as JSON objects. */
    void eachRow(Connection connection, int most, Consumer<String> reader) throws SQLException {
        Sql sql = Sql.on(connection);
        sql.execute("set local statement_timeout = " + run.settings().maxTime().toMillis());
        sql.each(
                "select to_json(tried)::text as row from (" + select() + "\n) as tried limit " + most,
                row -> reader.accept(row.text("row")),
                values().toArray());
    }

    /** Compares all rows. */
    Difference difference(Connection connection) throws SQLException {
        Sql sql = Sql.on(connection);
        Optional<RelationColumns> existing =
                RelationColumns.read(sql, model.relation().sql());
        RelationColumns defined = run.graph().columns(model);
        if (existing.isPresent() && !existing.get().equals(defined)) {
            long rows = sql.first(
                            "select count(*) from (" + select() + "\n) as tried",
                            row -> row.number("count"),
                            values().toArray())
                    .orElseThrow();
            return new Difference(rows, 0, 0, 0, existing.get().difference(defined));
        }
        List<Object> parameters = values();
        String before = existing.isPresent() ? existingRows(parameters) : NO_ROWS;
        return sql.first(
                        COMPARISON.formatted(
                                counted("select " + keyAndHash() + " from (" + select() + "\n) as selected"),
                                counted(before)),
                        row -> new Difference(
                                row.number("rows"),
                                row.number("inserted"),
                                row.number("changed"),
                                row.number("deleted"),
                                null),
                        parameters.toArray())
                .orElseThrow();
    }

    private String select() {
        return run.graph().select(model, "true");
    }

    /** The rows that are there, of the units that are calculated. */
    private String existingRows(List<Object> parameters) {
        String rows = "select " + keyAndHash() + " from " + model.relation().sql();
        if (units == null) {
            return run.graph().isSnapshot(model) ? rows + " where " + Versions.TO + " is null" : rows;
        }
        if (model.kind() == ModelKind.UPSERT) {
            String grain = model.grain().stream().map(Relation::quote).collect(Collectors.joining(", "));
            parameters.addAll(values());
            return rows + " where (" + grain + ") in (select " + grain + " from (" + select() + "\n) as touched)";
        }
        RowRange kept = model.window().rows(units);
        parameters.addAll(Arrays.asList(kept.parameters()));
        return rows + " where " + kept.condition();
    }

    private static String counted(String rows) {
        return "select key, hash, count(*) as rows from (" + rows + ") as listed group by key, hash";
    }

    /** Types without equality are compared by their texts. */
    private String keyAndHash() {
        String all = "row(" + columns.list() + ")::text";
        List<String> columnsOfKey = run.graph().isSnapshot(model) ? model.grain() : model.key();
        String key = columnsOfKey.isEmpty()
                ? all
                : "row(" + columnsOfKey.stream().map(Relation::quote).collect(Collectors.joining(", ")) + ")::text";
        return key + " as key, md5(" + all + ") as hash";
    }

    private List<Object> values() {
        Map<String, Object> parameters = units == null ? run.parameters() : run.parameters(units);
        return model.sql().parameters().stream().map(parameters::get).collect(Collectors.toCollection(ArrayList::new));
    }
}
