package serai.load.replicate.mapping;

import java.util.List;

/**
 * A condition on the rows of a table: the value of a column meets one of its comparisons.
 *
 * @param column a column of the source
 */
record SourceFilter(FilePosition at, String column, List<Comparison> comparisons) {

    /**
     * A comparison with constants.
     *
     * @param first null when the operator takes no value
     * @param second the end of a range; else null
     */
    record Comparison(Operator operator, String first, String second) {}

    /** How a value is compared. Except by the last two, NULL is never met. */
    enum Operator {
        EQ(1, false),
        NOTEQ(1, true),
        GTE(1, false),
        LTE(1, false),
        /** Another word for LTE. */
        STE(1, false),
        BETWEEN(2, false),
        NOTBETWEEN(2, true),
        NULL(0, false),
        NOTNULL(0, true);

        private final int operands;
        private final boolean negative;

        Operator(int operands, boolean negative) {
            this.operands = operands;
            this.negative = negative;
        }

        int operands() {
            return operands;
        }

        /** Whether it must be the only one of its filter, since conditions are joined by OR. */
        boolean isNegative() {
            return negative;
        }
    }
}
