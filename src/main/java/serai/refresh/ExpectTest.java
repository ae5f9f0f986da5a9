package serai.refresh;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.SQLException;
import serai.refresh.ModelTests.Expectation;
import serai.warehouse.Sql;

/** {@code @expect}: how many rows a table has, and by how much their number changes from one refresh to the next. */
final class ExpectTest {

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private ExpectTest() {}

    static String name(Model model) {
        return model.name() + " @expect";
    }

    /** Judges the number of rows that a model has in this transaction, and keeps it for the next time. */
    static TestResult run(Sql sql, Model model) throws SQLException {
        String count = model.kind() == ModelKind.VIEW
                ? "(select count(*) from " + model.relation().sql() + ")"
                : "rows";
        sql.update("update meta.model_state set rows = " + count + " where model = ?", model.name());
        TestResult result = sql.first(
                        "select rows, judged_rows from meta.model_state where model = ?",
                        row -> judge(model, row.numberOrNull("judged_rows"), row.number("rows")),
                        model.name())
                .orElseThrow();
        if (result.passed()) {
            sql.update("update meta.model_state set judged_rows = rows where model = ?", model.name());
        }
        return result;
    }

    /** @param before the number of rows when it was judged last; null at the first build */
    static TestResult judge(Model model, Long before, long rows) {
        Expectation expect = model.tests().expect();
        if (expect.leastRows() != null && (rows < expect.leastRows() || rows > expect.mostRows())) {
            return failed(
                    model,
                    rows,
                    "It would have " + rows + " rows; @expect allows " + expect.leastRows() + " to " + expect.mostRows()
                            + ".");
        }
        // no percentage tells how many rows follow on none
        if (expect.leastChange() != null && before != null && before > 0) {
            BigDecimal change = BigDecimal.valueOf(rows - before)
                    .multiply(HUNDRED)
                    .divide(BigDecimal.valueOf(before), 1, RoundingMode.HALF_UP);
            if (change.compareTo(expect.leastChange()) < 0 || change.compareTo(expect.mostChange()) > 0) {
                return failed(
                        model,
                        rows,
                        "It would have " + rows + " rows after " + before + ", a change of " + signed(change)
                                + " %; @expect allows " + signed(expect.leastChange()) + " % to "
                                + signed(expect.mostChange()) + " %. If that is right, widen @expect.");
            }
        }
        return TestResult.passed(name(model), model.name(), rows);
    }

    private static TestResult failed(Model model, long rows, String message) {
        return new TestResult(name(model), model.name(), TestResult.Status.FAILED, rows, message, null);
    }

    private static String signed(BigDecimal percent) {
        return (percent.signum() > 0 ? "+" : "") + percent.stripTrailingZeros().toPlainString();
    }
}
