package serai.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {

    @Test
    void aSecretIsMaskedInTheFormsInWhichLibrariesPrintIt() {
        Secrets.add("p\"w \u00fc/one");
        assertThat(Secrets.mask("raw p\"w \u00fc/one, json p\\\"w \u00fc/one, url p%22w+%C3%BC%2Fone,"
                        + " log p\\\\\\\"w \u00fc/one"))
                .isEqualTo("raw ***, json ***, url ***, log ***");
    }

    @Test
    void aShortSecretIsMaskedOnlyWhereAValueStands() {
        Secrets.add("abc");
        assertThat(Secrets.mask("password=abc, \"password\": \"abc\", the abc of abcde=abcd"))
                .isEqualTo("password=***, \"password\": \"***\", the abc of abcde=abcd");
    }

    @Test
    void thousandsOfSecretsAreAddedAndMaskedInAMoment() {
        assertTimeout(Duration.ofSeconds(10), () -> {
            for (int i = 0; i < 20_000; i++) {
                Secrets.addAddress("https://hooks.example.org/services/secret-" + i + "-of-many");
            }
            for (int i = 0; i < 20_000; i++) {
                assertThat(Secrets.mask("posted to https://hooks.example.org/services/secret-" + i + "-of-many: 200"))
                        .isEqualTo("posted to ***: 200");
            }
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization: Basic bG9naW46b3RoZXI=",
                "Proxy-Authorization=Bearer not-a-setting",
                "headers: [Authorization=[Bearer not-a-setting], Accept=[x]]",
                "{x-api-key=not-a-setting, a=b}",
                "http-outgoing-0 << \"{\"id\":\"71eaaee3-4da5-4abf-b487-48b4ae790380\"}\"",
                "\"X-Metabase-Session\":\"not-a-setting\"",
                "http-outgoing-0 >> \"Authorization: ApiKey not-a-setting[\\r][\\n]\""
            })
    void aLoginInAHeaderOrAnswerIsMaskedWhateverItsValue(String line) {
        assertThat(Secrets.mask(line)).contains("***").doesNotContain("not-a-setting", "bG9n", "71ea");
    }

    @ParameterizedTest
    @CsvSource({
        "http://u:secret-1@h:1/x, secret-1",
        "a:9200;https://u:secret-2@b:1/x, secret-2",
        "u:secret-3@proxy:3128, secret-3",
        "jdbc:postgresql://h/d?user=u&password=secret-4&x=y, secret-4",
        "http://u:se:cr@et-5@h, se:cr@et-5"
    })
    void theLoginInAnAddressIsSecretAndTheRestIsNot(String address, String secret) {
        SettingType<String> type = SettingType.address(text -> text, "");
        String value = address.replace(';', ',');
        assertThat(type.secrets(value)).containsExactly(secret);
        assertThat(type.shown(value)).doesNotContain(secret).contains("***");
    }

    @Test
    void outputPassesMaskedLineByLineAlsoWhenASecretComesInTwoPieces() {
        Secrets.add("in-two-pieces");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(
                new MaskedOutput(new PrintStream(bytes, true, StandardCharsets.UTF_8)), true, StandardCharsets.UTF_8);
        out.print("say in-two-");
        out.flush();
        out.println("pieces \u00fc");
        out.print("no end");
        out.close();
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .isEqualTo("say *** \u00fc" + System.lineSeparator() + "no end");
    }
}
