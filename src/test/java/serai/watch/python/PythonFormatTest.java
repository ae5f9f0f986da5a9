package serai.watch.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The right column is what Python 3.11 prints. */
class PythonFormatTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "{:05d};00042", "{:>6};    42", "{:<6}|;42    |", "{:^6}|;  42  |", "{:+d};+42", "{:x};2a",
                        "{:#x};0x2a", "{:b};101010",
                "{:,};42", "{:.2f};42.00", "{:e};4.200000e+01", "{:%};4200.000000%", "{:*^7};**42***", "{!r:>5};   42",
                        "{0}{0};4242", "{:g};42"
            })
    void aWholeNumberIsFormatted(String format, String printed) {
        assertThat(new PythonFormat(format).apply(List.of(42), Map.of())).isEqualTo(printed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "{};1234567.891",
                "{:,.2f};1,234,567.89",
                "{:.3g};1.23e+06",
                "{:.0f};1234568",
                "{:12.1f};   1234567.9",
                "{:012.1f};0001234567.9",
                "{:.1%};123456789.1%",
                "{!s:.4};1234"
            })
    void aFractionIsFormatted(String format, String printed) {
        assertThat(new PythonFormat(format).apply(List.of(1234567.891), Map.of()))
                .isEqualTo(printed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {"{:>5};  abc", "{:.2};ab", "{!r};'abc'", "{:-^9};---abc---", "{{{}}};{abc}"})
    void aTextIsFormatted(String format, String printed) {
        assertThat(new PythonFormat(format).apply(List.of("abc"), Map.of())).isEqualTo(printed);
    }

    @Test
    void aValueThatDoesNotFitIsPrintedWithoutFormat() {
        assertThat(new PythonFormat("{:d} {:.2f}").apply(List.of("abc", List.of(1)), Map.of()))
                .isEqualTo("abc [1]");
    }

    @ParameterizedTest
    @CsvSource({
        "3.0,{:.0},3e+00",
        "3.0,{:.1},3e+00",
        "3.0,{:.2},3.0",
        "0.5,{:.1},0.5",
        "12.5,{:.2},1.2e+01",
        "0.0,{:.1},0e+00"
    })
    void aFractionWithoutATypeIsRoundedToItsDigits(double value, String format, String printed) {
        assertThat(new PythonFormat(format).apply(List.of(value), Map.of())).isEqualTo(printed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "PT1M;0:01:00;datetime.timedelta(seconds=60)",
                "PT0S;0:00:00;datetime.timedelta(0)",
                "P1DT0.5S;1 day, 0:00:00.500000;datetime.timedelta(days=1, microseconds=500000)"
            })
    void aTimedeltaIsPrintedByStrAndRepr(Duration time, String printed, String exact) {
        assertThat(new PythonFormat("{0}|{0!r}|{1}").apply(List.of(time, List.of(time)), Map.of()))
                .isEqualTo(printed + "|" + exact + "|[" + exact + "]");
    }

    @Test
    void anIndexSelectsACharacterOfAText() {
        assertThat(new PythonFormat("{0[1]}").apply(List.of("a\uD83D\uDE00b"), Map.of()))
                .isEqualTo("\uD83D\uDE00");
    }

    @Test
    void aKeySelectsAnElement() {
        assertThat(new PythonFormat("{0[a]} {x[1]}").apply(List.of(Map.of("a", 1)), Map.of("x", List.of(2, 3))))
                .isEqualTo("1 3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "a } b", "{0.attribute}", "{0:{1}", "{:k}", "{ {0} }"})
    void aWrongFormatIsRefused(String format) {
        assertThatThrownBy(() -> new PythonFormat(format)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "0.1,0.1",
        "100000000000000000000.0,1e+20",
        "0.0000001,1e-07",
        "2.0E-3,0.002",
        "1.0E16,1e+16",
        "123456789012345680.0,1.2345678901234568e+17",
        "5.0E-324,5e-324",
        "9007199254740993.0,9007199254740992.0",
        "-0.0,-0.0",
        "0.30000000000000004,0.30000000000000004"
    })
    void aFractionIsPrintedWithTheFewestDigits(double value, String printed) {
        assertThat(Python.str(value)).isEqualTo(printed);
    }
}
