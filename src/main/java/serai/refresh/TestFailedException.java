package serai.refresh;

import java.util.List;
import java.util.stream.Collectors;

/** Rows do not pass their tests and must not be committed. */
final class TestFailedException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient List<TestResult> failed;

    TestFailedException(List<TestResult> failed) {
        super(failed.stream().map(TestResult::message).collect(Collectors.joining(" ")) + " Its old rows stay.");
        this.failed = List.copyOf(failed);
    }

    List<TestResult> failed() {
        return failed;
    }
}
