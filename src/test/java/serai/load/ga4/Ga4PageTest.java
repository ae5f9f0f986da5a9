package serai.load.ga4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How an answer of the Data API becomes lines of CSV. */
class Ga4PageTest {

    private static final LocalDate DAY = LocalDate.of(2026, 1, 31);
    private static final Ga4Query QUERY = new Ga4Query(List.of("dateHour", "landingPage"), List.of("sessions"), "", "");
    private static final String HEADERS =
            "{'dimensionHeaders':[{'name':'dateHour'},{'name':'landingPage'}],'metricHeaders':[{'name':'sessions'}],";

    @TempDir
    private Path folder;

    private PeriodFile file;

    @BeforeEach
    void open() throws IOException {
        file = PeriodFile.create(folder);
    }

    @AfterEach
    void close() throws IOException {
        file.close();
    }

    private Ga4Page read(String json) throws IOException {
        byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return Ga4Page.read(new ByteArrayInputStream(bytes), QUERY, DAY, file);
    }

    private String written() throws IOException {
        file.rewind();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        byte[] buffer = new byte[3];
        for (int n = file.read(buffer, 0, 3); n >= 0; n = file.read(buffer, 0, 3)) {
            text.write(buffer, 0, n);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private static String row(String hour, String page, String sessions) {
        return "{'dimensionValues':[{'value':'" + hour + "'},{'value':'" + page + "'}],'metricValues':[{'value':'"
                + sessions + "'}]}";
    }

    @Test
    void valuesAreWrittenAsGoogleHasThemButTimesInIso() throws IOException {
        Ga4Page page = read(HEADERS + "'rows':["
                + row("2026013113", "/", "1") + ","
                + row("(other)", "(not set)", "0.97348484848484851") + ","
                + row("2026013100", "a,b\\n\\\"c\\\"\\rd \u00e9", "2") + ","
                + "{'dimensionValues':[{},{'value':''}],'metricValues':[{'value':'3'}]}"
                + "],'rowCount':9,'metadata':{'timeZone':'UTC'},'kind':'x','later':[{'a':[1]}]}");
        assertThat(page.rows()).isEqualTo(4);
        assertThat(page.rowCount()).isEqualTo(9);
        assertThat(page.metadata().path("timeZone").asText()).isEqualTo("UTC");
        assertThat(written()).isEqualTo("""
                2026-01-31,2026-01-31T13:00:00,/,1
                2026-01-31,(other),(not set),0.97348484848484851
                2026-01-31,2026-01-31T00:00:00,"a,b
                ""c""\rd \u00e9",2
                2026-01-31,,,3
                """);
    }

    @Test
    void anAnswerWithoutRowsHasNone() throws IOException {
        Ga4Page page = read(HEADERS + "'metadata':{},'kind':'analyticsData#runReport'}");
        assertThat(page.rows()).isZero();
        assertThat(page.rowCount()).isZero();
        assertThat(written()).isEmpty();
    }

    @Test
    void anAnswerThatIsCutAtAnyPlaceIsNoPage() throws IOException {
        String whole = HEADERS + "'rows':[" + row("2026013113", "/", "1") + "],'rowCount':1,'metadata':{}}";
        assertThat(read(whole).rows()).isEqualTo(1);
        for (int length = 0; length < whole.length(); length++) {
            String cut = whole.substring(0, length);
            long mark = file.mark();
            assertThatThrownBy(() -> read(cut)).as(cut).isInstanceOf(IOException.class);
            file.reset(mark);
        }
        assertThat(written()).isEqualTo("2026-01-31,2026-01-31T13:00:00,/,1\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "'text'",
                "{'dimensionHeaders':[{'name':'landingPage'},{'name':'dateHour'}]}",
                "{'rows':{}}",
                "{'rows':[{'dimensionValues':[{'value':'a'}],'metricValues':[{'value':'1'}]}]}",
                "{'rows':[{'metricValues':[{'value':'1'}],'dimensionValues':[{'value':'a'},{'value':'b'}]}]}",
                "{'rows':[{'dimensionValues':[{'value':'a'},{'value':'b'}]}]}",
                "{'rows':[{'dimensionValues':[{'value':'a'},{'value':'b'}],'x':[]}]}"
            })
    void anAnswerOfAnotherFormIsNoPage(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(JsonProcessingException.class);
    }

    @Test
    void theFileHasNoNameWhileItIsOpen() throws IOException {
        assertThat(Files.list(folder)).isEmpty();
    }
}
