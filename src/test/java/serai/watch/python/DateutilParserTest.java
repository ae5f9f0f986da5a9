package serai.watch.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class DateutilParserTest {

    @Test
    void eachRecordedTextIsReadAsDateutilReadsIt() throws IOException {
        Map<String, List<String>> different = new TreeMap<>();
        for (JsonNode time : recordedTimes()) {
            String text = time.get(0).textValue();
            String expected = time.get(1).isNull()
                    ? "refused"
                    : Instant.parse(time.get(1).textValue()).toString();
            String read = read(text);
            if (!read.equals(expected)) {
                different.put(text, List.of(expected, read));
            }
        }
        assertThat(different).isEmpty();
    }

    @Property
    void anyTextIsReadOrRefusedAsNoTime(@ForAll String text) {
        read(text);
        read("2026-03-01T12:00:05" + text);
    }

    @Test
    void aTextWithoutAWholeDateIsRefused() {
        assertThatThrownBy(() -> DateutilParser.parse("Mar  1 12:00:05")).isInstanceOf(DateTimeException.class);
        assertThatThrownBy(() -> DateutilParser.parse("12:00")).isInstanceOf(DateTimeException.class);
    }

    private static String read(String text) {
        try {
            return DateutilParser.parse(text).toString();
        } catch (DateTimeException e) {
            return "refused";
        }
    }

    private static JsonNode recordedTimes() throws IOException {
        try (InputStream file = DateutilParserTest.class.getResourceAsStream("/recordings/times/times.json")) {
            return new ObjectMapper().readTree(file).get("times");
        }
    }
}
