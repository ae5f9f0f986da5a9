package serai.watch.python;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import serai.watch.rule.Recordings;

/** Against what Python printed, kept in {@code python.json}. */
class PythonPrintingTest {

    private static Stream<Named<JsonNode>> cases(String kind, String label) {
        try (InputStream file = PythonPrintingTest.class.getResourceAsStream("python.json")) {
            JsonNode cases = Recordings.JSON.readTree(file).get(kind);
            return StreamSupport.stream(cases.spliterator(), false)
                    .map(c -> Named.of(c.path(label).asText() + " " + c.get("value"), c));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static Stream<Named<JsonNode>> formats() {
        return cases("format", "format");
    }

    static Stream<Named<JsonNode>> percents() {
        return cases("percent", "format");
    }

    static Stream<Named<JsonNode>> values() {
        return cases("repr", "repr");
    }

    static Stream<Named<JsonNode>> documents() {
        return cases("json", "compact");
    }

    private static Object value(JsonNode recorded) {
        return Recordings.JSON.convertValue(recorded.get("value"), Object.class);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("formats")
    void strFormatPrintsWhatPythonPrints(JsonNode recorded) {
        String text = new PythonFormat(recorded.get("format").asText()).apply(List.of(value(recorded)), Map.of());

        assertThat(text).isEqualTo(recorded.get("text").asText());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("percents")
    void percentFormatsPrintWhatPythonPrints(JsonNode recorded) {
        String text = new PythonPercent(recorded.get("format").asText()).apply(value(recorded));

        assertThat(text).isEqualTo(recorded.get("text").asText());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("values")
    void valuesPrintAsInPython(JsonNode recorded) {
        Object value = value(recorded);

        assertThat(Python.repr(value)).isEqualTo(recorded.get("repr").asText());
        assertThat(Python.ascii(value)).isEqualTo(recorded.get("ascii").asText());
        assertThat(Python.str(value)).isEqualTo(recorded.get("str").asText());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("documents")
    void jsonIsThatOfPython(JsonNode recorded) {
        Object value = value(recorded);

        assertThat(PythonJson.COMPACT.text(value))
                .isEqualTo(recorded.get("compact").asText());
        assertThat(PythonJson.sorted(-1).text(value))
                .isEqualTo(recorded.get("sorted").asText());
        assertThat(PythonJson.sorted(2).text(value))
                .isEqualTo(recorded.get("indented").asText());
        assertThat(PythonJson.PRETTY.text(value))
                .isEqualTo(recorded.get("pretty").asText());
    }
}
