package serai.refresh;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postgresql.util.PSQLException;
import serai.edits.EditRefusedException;
import serai.warehouse.Relation;
import serai.warehouse.Row;
import serai.warehouse.ServerErrors;
import serai.warehouse.Sql;

/** The rows of a CSV file of a case as values of a relation's types, to be inserted, or compared with its rows. */
final class CaseRows {

    private static final int MOST_ROWS = 100_000;
    private static final int MOST_DIFFERENCES = 50;
    private static final String TEXTS = "pg_temp.serai_case_texts";
    private static final String ROWS = "pg_temp.serai_case_rows";
    private static final String NO_ORDERING = "42883";

    /**
     * Rows of both sides are matched by their key, which is all columns where the relation has none, and numbered where
     * several have the same. Values are compared by the ordering of their type, in which NULL equals NULL.
     */
    private static final String DIFFERENCES = """
            with both_sides as (
              select true as serai_expected, serai_line, %1$s from %5$s
              union all select false, null, %1$s from %6$s),
            ranked as (
              select *, dense_rank() over (order by %2$s) as serai_key, dense_rank() over (order by %3$s) as serai_row
              from both_sides),
            numbered as (
              select *, row_number() over (
                partition by serai_expected, serai_key order by serai_row, serai_line) as serai_number
              from ranked)
            select e.serai_line as line, e.serai_expected is null as is_unexpected,
              f.serai_expected is null as is_missing, %4$s
            from (select * from numbered where serai_expected) e
            full join (select * from numbered where not serai_expected) f using (serai_key, serai_number)
            where e.serai_row is distinct from f.serai_row
            order by e.serai_line nulls last, f.serai_row, f.serai_number limit %7$d""";

    private final Sql sql;
    private final CsvFile csv;
    private final Relation relation;
    private final List<RelationColumns.Column> columns = new ArrayList<>();

    /**
     * @param sql in a transaction
     * @throws EditRefusedException when there is no such relation, it lacks a column, or a field is no value of it
     */
    CaseRows(Sql sql, CsvFile csv, Relation relation) throws SQLException, EditRefusedException {
        this.sql = sql;
        this.csv = csv;
        this.relation = relation;
        RelationColumns existing = RelationColumns.read(sql, relation.sql())
                .orElseThrow(() -> refuse(null, "there is no " + relation + ": rename the file"));
        for (String name : csv.columns()) {
            String type = existing.typeOf(name)
                    .orElseThrow(() -> refuse(
                            1,
                            relation + " has no column " + name + "; it has " + String.join(", ", existing.names())));
            columns.add(new RelationColumns.Column(name, type));
        }
        load();
    }

    private EditRefusedException refuse(Integer line, String reason) {
        return new EditRefusedException(csv.file(), line, reason);
    }

    private String each(String separator, BiFunction<RelationColumns.Column, Integer, String> text) {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> text.apply(columns.get(i), i))
                .collect(Collectors.joining(separator));
    }

    private static String quote(RelationColumns.Column column) {
        return Relation.quote(column.name());
    }

    private void load() throws SQLException, EditRefusedException {
        sql.execute("create temp table serai_case_texts (serai_line integer, "
                + each(", ", (column, i) -> quote(column) + " text") + ") on commit drop");
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < csv.rows().size(); i++) {
            List<Object> row = new ArrayList<>(csv.rows().get(i));
            row.add(0, csv.lines().get(i));
            rows.add(row);
        }
        sql.batch("insert into " + TEXTS + " values (?" + ", ?".repeat(columns.size()) + ")", rows);
        Optional<EditRefusedException> wrong = sql.first(
                "select serai_line, name, value, type from " + TEXTS + ", lateral (values "
                        + each(
                                ", ",
                                (column, i) -> "(" + Sql.literal(column.name()) + ", " + quote(column) + ", "
                                        + Sql.literal(column.type()) + ")")
                        + ") as field(name, value, type)"
                        + " where value is not null and not pg_input_is_valid(value, type) order by serai_line limit 1",
                row -> refuse(
                        (int) row.number("serai_line"),
                        "'" + row.text("value") + "' is no " + row.text("type") + " for the column "
                                + row.text("name")));
        if (wrong.isPresent()) {
            throw wrong.get();
        }
        sql.execute("create temp table serai_case_rows on commit drop as select serai_line, "
                + each(", ", (column, i) -> quote(column) + "::" + column.type() + " as " + quote(column)) + " from "
                + TEXTS);
    }

    private void drop() throws SQLException {
        sql.execute("drop table " + TEXTS + ", " + ROWS);
    }

    /** Adds the rows to the relation. */
    void insert() throws SQLException, EditRefusedException {
        String names = each(", ", (column, i) -> quote(column));
        try {
            sql.execute("insert into " + relation.sql() + " (" + names + ") select " + names + " from " + ROWS
                    + " order by serai_line");
            drop();
        } catch (PSQLException e) {
            throw refuse(null, relation + " does not take these rows: " + message(e));
        }
    }

    private static String message(PSQLException e) {
        return e.getServerErrorMessage() == null ? e.getMessage() : ServerErrors.message(e.getServerErrorMessage());
    }

    /**
     * How the rows of the relation differ, of its columns that the file has.
     *
     * @param grain the columns that identify a row; empty when nothing does
     */
    List<CaseDifference> differences(List<String> grain) throws SQLException, EditRefusedException {
        boolean tooMany = sql.first(
                        "select 1 from " + relation.sql() + " offset " + MOST_ROWS + " limit 1", row -> true)
                .isPresent();
        if (tooMany) {
            throw refuse(null, relation + " has more than " + MOST_ROWS + " rows: a case shows a thing with few rows");
        }
        List<String> names = csv.columns();
        List<String> key = grain.isEmpty() || !names.containsAll(grain) ? names : grain;
        List<List<CaseDifference>> rows;
        try {
            rows = sql.list(
                    DIFFERENCES.formatted(
                            each(", ", (column, i) -> comparable(column) + " as " + quote(column)),
                            key.stream().map(Relation::quote).collect(Collectors.joining(", ")),
                            each(", ", (column, i) -> quote(column)),
                            each(
                                    ", ",
                                    (column, i) -> "e." + quote(column) + "::text as expected_" + i + ", f."
                                            + quote(column) + "::text as found_" + i + ", e." + quote(column)
                                            + " is distinct from f." + quote(column) + " as differs_" + i),
                            ROWS,
                            relation.sql(),
                            MOST_DIFFERENCES + 1),
                    this::differences);
        } catch (PSQLException e) {
            if (NO_ORDERING.equals(e.getSQLState())) {
                throw refuse(1, "a column cannot be compared, leave it out: " + message(e));
            }
            throw e;
        }
        drop();
        List<CaseDifference> differences = rows.stream()
                .limit(MOST_DIFFERENCES)
                .flatMap(List::stream)
                .collect(Collectors.toCollection(ArrayList::new));
        if (rows.size() > MOST_DIFFERENCES) {
            differences.add(new CaseDifference(csv.file(), null, null, null, null, "more rows differ"));
        }
        return differences;
    }

    /** A {@code json} has no ordering, and its text is not its value. */
    private static String comparable(RelationColumns.Column column) {
        return quote(column) + (column.type().equals("json") ? "::jsonb" : "");
    }

    private List<CaseDifference> differences(Row row) throws SQLException {
        String[] expected = new String[columns.size()];
        String[] found = new String[columns.size()];
        boolean[] differs = new boolean[columns.size()];
        for (int i = 0; i < columns.size(); i++) {
            expected[i] = row.text("expected_" + i);
            found[i] = row.text("found_" + i);
            differs[i] = row.flag("differs_" + i);
        }
        if (row.flag("is_unexpected")) {
            return List.of(CaseDifference.unexpected(csv.file(), text(found)));
        }
        int line = (int) row.number("line");
        if (row.flag("is_missing")) {
            return List.of(CaseDifference.missing(csv.file(), line, text(expected)));
        }
        return IntStream.range(0, columns.size())
                .filter(i -> differs[i])
                .mapToObj(i -> CaseDifference.other(
                        csv.file(), line, columns.get(i).name(), shown(expected[i]), shown(found[i])))
                .toList();
    }

    private String text(String[] values) {
        return IntStream.range(0, values.length)
                .mapToObj(i -> columns.get(i).name() + "=" + shown(values[i]))
                .collect(Collectors.joining(", "));
    }

    private static String shown(String value) {
        return value == null ? "NULL" : value;
    }
}
