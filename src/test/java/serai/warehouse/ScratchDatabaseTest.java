package serai.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The address of another database of the same server. */
class ScratchDatabaseTest {

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://db.example.org/warehouse, jdbc:postgresql://db.example.org/x",
        "jdbc:postgresql://db.example.org:5433/, jdbc:postgresql://db.example.org:5433/x",
        "jdbc:postgresql://db.example.org, jdbc:postgresql://db.example.org/x",
        "jdbc:postgresql://a:1;b:2/warehouse?ssl=true&user=u, jdbc:postgresql://a:1;b:2/x?ssl=true&user=u",
        "jdbc:postgresql:warehouse, jdbc:postgresql:x",
        "jdbc:postgresql:warehouse?user=u, jdbc:postgresql:x?user=u"
    })
    void keepsServerAndParameters(String url, String expected) {
        assertThat(ScratchDatabase.address(url.replace(';', ','), "x")).isEqualTo(expected.replace(';', ','));
    }

    @Test
    void aPasswordInTheAddressIsNotAPartOfTheName() {
        assertThat(ScratchDatabase.address("jdbc:postgresql://h/db?password=a/b?c", "x"))
                .isEqualTo("jdbc:postgresql://h/x?password=a/b?c");
    }
}
