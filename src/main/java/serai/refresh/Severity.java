package serai.refresh;

/**
 * How many failing rows of a test are a warning, and how many an error.
 *
 * @param warnAbove more rows are a warning
 * @param errorAbove more rows are an error; null when none are
 */
record Severity(long warnAbove, Long errorAbove) {

    /** Each row is an error. */
    static final Severity ERROR = new Severity(0, 0L);

    /** The status of a test with this many failing rows. */
    TestResult.Status of(long rows) {
        if (errorAbove != null && rows > errorAbove) {
            return TestResult.Status.FAILED;
        }
        return rows > warnAbove ? TestResult.Status.WARNING : TestResult.Status.PASSED;
    }
}
