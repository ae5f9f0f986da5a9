package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import serai.edits.EditRefusedException;
import serai.refresh.TestResult.Status;

class DataTestFileTest {

    private static final Path FILE = Path.of("sql/tests/logins_have_users.sql");

    private static DataTest parse(String text) throws EditRefusedException {
        return DataTestFile.parse(FILE, text);
    }

    @Test
    void aTestWithoutHeaderIsAnErrorForEachRowAndKeepsNone() throws Exception {
        DataTest test = parse("select 1 from fact_logins where user_key is null");
        assertThat(test.name()).isEqualTo("logins_have_users");
        assertThat(test.severity()).isEqualTo(Severity.ERROR);
        assertThat(test.sample()).isEmpty();
        assertThat(test.reads()).contains("fact_logins");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    error |       |        | 0,PASSED 1,FAILED
                    warn  |       |        | 0,PASSED 1,WARNING
                    warn  | > 5   |        | 5,PASSED 6,WARNING
                    error |       | > 10   | 0,PASSED 1,WARNING 10,WARNING 11,FAILED
                    error | > 5   | >= 10  | 5,PASSED 6,WARNING 9,WARNING 10,FAILED
                    error | > 99  | >10    | 10,PASSED 11,FAILED
                    """)
    void theRowsOfATestAreJudgedByItsLimits(String severity, String warnIf, String errorIf, String expected)
            throws Exception {
        DataTest test = parse("-- @severity " + severity + "\n" + (warnIf == null ? "" : "-- @warn_if " + warnIf + "\n")
                + (errorIf == null ? "" : "-- @error_if " + errorIf + "\n") + "select 1 from fact");
        for (String pair : expected.split(" ")) {
            String[] parts = pair.split(",");
            assertThat(test.severity().of(Long.parseLong(parts[0]))).as(pair).isEqualTo(Status.valueOf(parts[1]));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    @severity high   | write: @severity error, or warn
                    @error_if 10     | such as @error_if > 10
                    @error_if >= 0   | such as @error_if > 10
                    @on a, b         | name one
                    @kind view       | there is no header @kind
                    """)
    void aWrongHeaderIsRefusedAtItsLine(String header, String reason) {
        assertThatThrownBy(() -> parse("-- @about x\n-- " + header + "\nselect 1 from fact"))
                .isInstanceOfSatisfying(EditRefusedException.class, e -> {
                    assertThat(e.refusal().line()).isEqualTo(2);
                    assertThat(e.refusal().reason()).contains(reason);
                });
    }

    @Test
    void aWarningWithALimitOfErrorsIsRefused() {
        assertThatThrownBy(() -> parse("-- @severity warn\n-- @error_if > 1\nselect 1 from fact"))
                .hasMessageContaining("@severity warn has no errors");
    }

    @Test
    void aTestHasNoRangeOfTime() {
        assertThatThrownBy(() -> parse("select 1\nfrom fact where t < :to"))
                .isInstanceOfSatisfying(
                        EditRefusedException.class,
                        e -> assertThat(e.refusal().line()).isEqualTo(2));
    }
}
