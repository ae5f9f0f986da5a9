package serai.load.replicate.mariadb;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, -0",
        "1, 1",
        "0.0001, 0.0001",
        "0.00001, 1e-05",
        "100000, 100000",
        "1e14, 100000000000000",
        "1e15, 1e+15",
        "-1.5e-7, -1.5e-07",
        "1e100, 1e+100",
        "2e-323, 2e-323",
        "2.0E-3, 0.002"
    })
    void numbersAreWrittenAsPostgresDoes(double number, String text) {
        assertThat(Numbers.text(number)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"3.14, 3.14", "16777216, 1.6777216e+07", "999999, 999999", "1000000, 1e+06", "1e-45, 1e-45"})
    void floatsAreWrittenAsPostgresDoes(float number, String text) {
        assertThat(Numbers.text(number)).isEqualTo(text);
    }

    @Property
    void aNumberIsReadAgain(@ForAll double number) {
        assertThat(Double.parseDouble(Numbers.text(number))).isEqualTo(number);
    }

    @Property
    void aFloatIsReadAgain(@ForAll float number) {
        assertThat(Float.parseFloat(Numbers.text(number))).isEqualTo(number);
    }
}
