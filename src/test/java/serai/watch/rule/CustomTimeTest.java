package serai.watch.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CustomTimeTest {

    private static final Instant NOON = Instant.parse("2024-03-01T12:00:00Z");

    private static CustomTime time(String option, String expression) throws RuleException {
        return new CustomTime(new Options(new HashMap<>(Map.of(option, expression)), Map.of(option, 7)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "ts[:10] + ts[-1];2024-03-01Z",
                "(ts + 'x')[-2:];Zx",
                "ts[3];4",
                "ts.replace('T', ' ').rstrip('Z');2024-03-01 12:00:00",
                "'  a '.strip() + \"b\".upper() + ts.lower()[-1:];aBz",
                "dt.strftime('%d/%m') + 'T';01/03T"
            })
    void aTimeIsChangedByTheExpressionAfterItIsWritten(String expression, String written) throws RuleException {
        assertThat(time("timestamp_format_expr", expression).write(NOON, ZoneOffset.UTC))
                .isEqualTo(written);
    }

    @Test
    void aTextIsChangedByTheExpressionBeforeItIsRead() throws RuleException {
        CustomTime time = time("timestamp_to_datetime_format_expr", "ts[:19] + 'Z'");

        assertThat(time.read("2024-03-01T12:00:00.123456789+00")).isEqualTo(NOON);
        assertThatThrownBy(() -> time.read("2024-03-01")).isInstanceOf(DateTimeException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ts[",
                "ts[]",
                "ts[40]",
                "ts + 1",
                "ts ts",
                "ts)",
                "name",
                "dt.isoformat()",
                "'a",
                "ts }}{{ ts",
                "ts %} {% include 'x'",
                "open('/etc/passwd')",
                "__import__('os')",
                "ts.__class__",
                "''"
            })
    void anExpressionThatCannotBeEvaluatedIsRefusedWithItsLine(String expression) {
        assertThatThrownBy(() -> time("timestamp_format_expr", expression))
                .isInstanceOfSatisfying(RuleException.class, e -> {
                    assertThat(e.line()).isEqualTo(7);
                    assertThat(e.field()).isEqualTo("timestamp_format_expr");
                });
    }

    @Test
    void anExpressionOfATextThatIsReadHasNoTime() {
        assertThatThrownBy(() -> time("timestamp_to_datetime_format_expr", "dt.strftime('%Y')"))
                .isInstanceOfSatisfying(
                        RuleException.class, e -> assertThat(e.field()).isEqualTo("timestamp_to_datetime_format_expr"));
    }
}
