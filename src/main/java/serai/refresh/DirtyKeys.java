package serai.refresh;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import serai.warehouse.Relation;
import serai.warehouse.Sql;

/**
 * The keys of an upsert or scd2 whose rows have to be read again over all time, in {@code meta.model_dirty_keys}.
 *
 * @param ids of the marks
 */
record DirtyKeys(List<Long> ids) {

    /** The keys in a temporary table, with the columns of the grain and their types. */
    static final String TABLE = "pg_temp.serai_keys";

    /** How many keys are read again at most; more are compared as a whole. */
    private static final int MOST = 100_000;

    /** Marks keys of a model. No row of it has a NULL in its key. */
    static void add(Sql sql, Model model, List<List<String>> keys) throws SQLException {
        List<List<Object>> rows = new ArrayList<>();
        for (List<String> key : keys) {
            if (key.stream().allMatch(Objects::nonNull)) {
                rows.add(List.of(model.name(), key));
            }
        }
        if (!rows.isEmpty()) {
            sql.batch("insert into meta.model_dirty_keys (model, values) values (?, ?::text[])", rows);
        }
    }

    /** Marks the keys of an input's rows that have one of these values. */
    static void addOf(Sql sql, Model model, ModelInputs.Lookup lookup, Set<String> values) throws SQLException {
        List<String> keys = lookup.keys().stream().map(Relation::quote).toList();
        sql.update(
                "insert into meta.model_dirty_keys (model, values) select distinct ?, array["
                        + keys.stream().map(key -> key + "::text").collect(Collectors.joining(", ")) + "] from "
                        + lookup.relation() + " where " + Relation.quote(lookup.column()) + "::text = any (?) and "
                        + keys.stream().map(key -> key + " is not null").collect(Collectors.joining(" and ")),
                model.name(),
                List.copyOf(values));
    }

    /** Whether a model has marks. */
    static boolean areLeft(Sql sql, Model model) throws SQLException {
        return sql.first("select 1 from meta.model_dirty_keys where model = ? limit 1", row -> true, model.name())
                .isPresent();
    }

    /** The marks of a model; empty when there are so many that the whole has to be compared. */
    static Optional<DirtyKeys> read(Sql sql, Model model) throws SQLException {
        List<Long> ids = sql.list(
                "select id from meta.model_dirty_keys where model = ? limit " + (MOST + 1),
                row -> row.number("id"),
                model.name());
        return ids.size() > MOST ? Optional.empty() : Optional.of(new DirtyKeys(ids));
    }

    /** Puts the keys into {@link #TABLE}. */
    void stage(Sql sql, Model model, RelationColumns columns) throws SQLException {
        List<String> definitions = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (String column : model.grain()) {
            String type = columns.typeOf(column).orElseThrow();
            definitions.add(Relation.quote(column) + " " + type);
            values.add("values[" + definitions.size() + "]::" + type);
        }
        sql.execute("drop table if exists " + TABLE);
        sql.execute("create temp table serai_keys (" + String.join(", ", definitions) + ")");
        sql.update(
                "insert into " + TABLE + " select distinct " + String.join(", ", values)
                        + " from meta.model_dirty_keys where id = any (?)",
                ids);
        sql.execute("analyze " + TABLE);
    }

    /** A condition on rows that have one of the staged keys; column by column too, so that an index can be used. */
    static String condition(Model model) {
        String grain = model.grain().stream().map(Relation::quote).collect(Collectors.joining(", "));
        String each = model.grain().stream()
                .map(Relation::quote)
                .map(column -> column + " = any (array(select " + column + " from " + TABLE + "))")
                .collect(Collectors.joining(" and "));
        return model.grain().size() == 1
                ? each
                : each + " and (" + grain + ") in (select " + grain + " from " + TABLE + ")";
    }

    /** Removes the marks, in the transaction of the rows. */
    void clear(Sql sql) throws SQLException {
        sql.update("delete from meta.model_dirty_keys where id = any (?)", ids);
    }
}
