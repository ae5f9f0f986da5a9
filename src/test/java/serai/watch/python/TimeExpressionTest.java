package serai.watch.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeExpressionTest {

    private static final ZonedDateTime NOON = ZonedDateTime.of(2024, 3, 1, 12, 0, 0, 0, ZoneOffset.UTC);

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "ts[:10] + ts[-1];2024-03-01Z",
                "(ts + 'x')[-2:];Zx",
                "ts[3];4",
                "ts[20:10];''",
                "ts.replace('T', ' ').rstrip('Z');2024-03-01 12:00:00",
                "'  a '.strip() + \"b\".upper() + ts.lower()[-1:];aBz",
                "dt.strftime('%d/%m') + 'T';01/03T",
            })
    void expressionsHaveTheValueThatPythonComputes(String expression, String value) {
        assertThat(new TimeExpression(expression).apply("2024-03-01T12:00:00Z", NOON))
                .isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ts[",
                "ts[]",
                "ts[a]",
                "ts + 1",
                "ts ts",
                "ts)",
                "dt",
                "dt.isoformat()",
                "'a\\n'",
                "'a",
                "ts.replace('a')",
                "ts.format('a')",
                "open('/etc/passwd')",
                "__import__('os')"
            })
    void otherPythonIsRefused(String expression) {
        assertThatThrownBy(() -> new TimeExpression(expression)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTextThatIsTooShortHasNoValue() {
        assertThatThrownBy(() -> new TimeExpression("ts[5]").apply("abc", NOON)).isInstanceOf(DateTimeException.class);
        assertThatThrownBy(() -> new TimeExpression("dt.strftime('%Y')").apply("abc", null))
                .isInstanceOf(DateTimeException.class);
    }
}
