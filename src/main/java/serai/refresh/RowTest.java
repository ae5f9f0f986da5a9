package serai.refresh;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import serai.status.HumanText;
import serai.warehouse.Relation;
import serai.warehouse.Sql;

/**
 * A query of rows that must not exist.
 *
 * @param name as in {@code meta.tests}
 * @param model the model in whose transaction it runs
 * @param select the query, with {@code ?} for each parameter
 * @param sample the columns of failing rows that may be kept
 * @param finding what the rows are, after their number, such as {@code with a channel that is not accepted}
 */
record RowTest(
        String name,
        String model,
        Severity severity,
        String select,
        List<Object> parameters,
        List<String> sample,
        String finding) {

    private static final int MOST_SAMPLES = 10;

    /** A file of {@code sql/tests}. */
    static RowTest of(DataTest test, String model, RunContext run) {
        Map<String, Object> values = run.parameters();
        return new RowTest(
                test.name(),
                model,
                test.severity(),
                test.sql().prepared(),
                test.sql().parameters().stream().map(values::get).toList(),
                test.sample(),
                "of " + test.file()
                        + (test.about() == null ? "" : ": " + test.about().replaceFirst("\\.$", "")));
    }

    /** {@code @fk}: rows of a relation whose key another relation does not have. */
    static RowTest of(Model model, ModelTests.ForeignKey key, Relation rows, ModelGraph graph) {
        String column = Relation.quote(key.column());
        Node target = graph.get(key.relation());
        String to = Relation.quote(graph.columnOf(key));
        return new RowTest(
                name(model, key),
                model.name(),
                Severity.ERROR,
                "select 1 from " + rows.sql() + " as t where t." + column + " is not null and not exists (select from "
                        + graph.relation(target).sql() + " as d where d." + to + " = t." + column + ")",
                List.of(),
                List.of(),
                "with a " + key.column() + " that " + key.relation() + " does not have (@fk)");
    }

    /** {@code @accepted}: rows of a relation with another value. */
    static RowTest of(Model model, ModelTests.AcceptedValues accepted, Relation rows) {
        String column = Relation.quote(accepted.column());
        return new RowTest(
                name(model, accepted),
                model.name(),
                Severity.ERROR,
                "select 1 from " + rows.sql() + " as t where t." + column + "::text <> all (?::text[])",
                List.of(accepted.values()),
                List.of(),
                "with a " + accepted.column() + " that is not accepted (@accepted)");
    }

    /** {@code @grain}: keys of a relation that are there several times or have a NULL. */
    static RowTest ofGrain(Model model, Relation rows) {
        String columns = model.key().stream().map(Relation::quote).collect(Collectors.joining(", "));
        String isNull =
                model.key().stream().map(c -> Relation.quote(c) + " is null").collect(Collectors.joining(" or "));
        return new RowTest(
                model.name() + " @grain",
                model.name(),
                Severity.ERROR,
                "select 1 from " + rows.sql() + " group by " + columns + " having count(*) > 1 or " + isNull,
                List.of(),
                List.of(),
                "of @grain with several rows or a NULL");
    }

    /** The result when its query failed. */
    TestResult broken(SQLException e) {
        return new TestResult(
                name,
                model,
                severity.errorAbove() == null ? TestResult.Status.WARNING : TestResult.Status.BROKEN,
                0,
                "The test " + name + " failed: " + e.getMessage() + ".",
                null);
    }

    static String name(Model model, ModelTests.ForeignKey key) {
        return model.name() + " @fk " + key.column() + " in " + key.relation();
    }

    static String name(Model model, ModelTests.AcceptedValues accepted) {
        return model.name() + " @accepted " + accepted.column();
    }

    /** Counts the failing rows, and keeps some if the test says so. */
    TestResult run(Sql sql) throws SQLException {
        Object[] values = parameters.toArray();
        long rows = sql.first("select count(*) from (" + select + "\n) as failing", row -> row.number("count"), values)
                .orElseThrow();
        TestResult.Status status = severity.of(rows);
        if (status == TestResult.Status.PASSED) {
            return TestResult.passed(name, model, rows);
        }
        return new TestResult(
                name,
                model,
                status,
                rows,
                HumanText.of(rows, "row") + " " + finding + ".",
                sample.isEmpty() ? null : sample(sql, values));
    }

    private String sample(Sql sql, Object[] values) throws SQLException {
        String columns = sample.stream().map(Relation::quote).collect(Collectors.joining(", "));
        return sql.first(
                        "select jsonb_agg(to_jsonb(s))::text as sample from (select " + columns + " from (" + select
                                + "\n) as failing limit " + MOST_SAMPLES + ") as s",
                        row -> row.text("sample"),
                        values)
                .orElse(null);
    }
}
