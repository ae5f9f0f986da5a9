package serai.refresh;

import java.util.List;

/**
 * How a test ended.
 *
 * @param test its name
 * @param model the model in whose transaction it runs
 * @param rows how many rows fail; of {@code @expect} the rows of the table
 * @param message what is wrong, in a sentence; null when it passed
 * @param sample some failing rows as a JSON array, or null
 */
record TestResult(String test, String model, Status status, long rows, String message, String sample) {

    /** The values of {@code meta.tests.status}. */
    enum Status {
        PASSED,
        WARNING,
        FAILED,
        /** Its SELECT failed. */
        BROKEN
    }

    boolean passed() {
        return status == Status.PASSED;
    }

    /** Whether the rows that it tested must not be committed. */
    boolean blocks() {
        return status == Status.FAILED || status == Status.BROKEN;
    }

    /** @param differences of its units from their seals, in sentences */
    static TestResult ofSeals(Model model, List<String> differences) {
        String name = model.name() + " seals";
        return differences.isEmpty()
                ? passed(name, model.name(), 0)
                : new TestResult(
                        name, model.name(), Status.FAILED, differences.size(), String.join(" ", differences), null);
    }

    static TestResult passed(String test, String model, long rows) {
        return new TestResult(test, model, Status.PASSED, rows, null, null);
    }
}
