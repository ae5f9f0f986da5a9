package serai.watch.python;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import serai.watch.rule.Recordings;

/** Against what Python's textwrap did, kept in {@code textwrap.json}. */
class TextWrapTest {

    private static final String SPACE = "[\\s\\p{Z}\\x1c-\\x1f\\x85]";

    static Stream<JsonNode> recorded() {
        try (InputStream file = TextWrapTest.class.getResourceAsStream("textwrap.json")) {
            return StreamSupport.stream(
                    Recordings.JSON.readTree(file).get("lines").spliterator(), false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void linesBreakWherePythonBreaksThem(JsonNode recorded) {
        ListAssert<String> lines = assertThat(TextWrap.wrap(
                recorded.get("text").asText(), recorded.get("width").asInt()));

        lines.containsExactlyElementsOf(
                StreamSupport.stream(recorded.get("lines").spliterator(), false)
                        .map(JsonNode::asText)
                        .toList());
    }

    @Property(tries = 300)
    void everyCharacterThatIsNotASpaceIsKept(@ForAll String text, @ForAll @IntRange(min = 1, max = 40) int width) {
        var lines = TextWrap.wrap(text, width);

        assertThat(String.join("", lines).replaceAll(SPACE, "")).isEqualTo(text.replaceAll(SPACE, ""));
        assertThat(lines)
                .allSatisfy(line ->
                        assertThat(line.codePointCount(0, line.length())).isLessThanOrEqualTo(width));
    }
}
