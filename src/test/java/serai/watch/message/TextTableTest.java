package serai.watch.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import serai.watch.rule.Recordings;

/** Against what Python's libraries drew, kept in {@code tables.json}. */
class TextTableTest {

    private static Stream<JsonNode> recorded(String kind) {
        try (InputStream file = TextTableTest.class.getResourceAsStream("tables.json")) {
            return StreamSupport.stream(Recordings.JSON.readTree(file).get(kind).spliterator(), false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<JsonNode> tables() {
        return recorded("tables");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "a-", "x", " ", ".--", "-a"})
    void cellsOfAnyLengthAreDrawnFast(String piece) {
        TextTable table =
                new TextTable(List.of("a", "count"), List.of(List.of(piece.repeat(300_000 / piece.length()), "1")), 80);
        assertTimeoutPreemptively(Duration.ofSeconds(10), table::draw);
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\u00a0", "\u2003\u2028", "\u0085"})
    void spacesOfAnyKindAreAnEmptyCell(String spaces) {
        assertThat(new TextTable(List.of("ab"), List.of(List.of(spaces)), 80).draw())
                .contains("\n|    |\n");
    }

    @ParameterizedTest
    @MethodSource("tables")
    void tablesAreDrawnAsPythonDid(JsonNode recorded) {
        List<List<String>> rows = new ArrayList<>();
        recorded.get("rows").forEach(row -> rows.add(texts(row)));

        String drawn = new TextTable(
                        texts(recorded.get("header")),
                        rows,
                        recorded.get("width").asInt())
                .draw();

        assertThat(drawn).isEqualTo(recorded.get("text").asText());
    }

    @Property(tries = 300)
    void anyTextIsDrawnWithinItsWidth(
            @ForAll @Size(min = 1, max = 4) List<String> cells, @ForAll @IntRange(min = 30, max = 90) int width) {
        List<String> header = cells.stream().map(cell -> "h").toList();

        String drawn = new TextTable(header, List.of(cells), width).draw();

        assertThat(drawn.lines()).allSatisfy(line -> assertThat(line).matches("(?s)[+|].*"));
        assertThat(drawn.lines().findFirst().orElseThrow()).hasSizeLessThanOrEqualTo(width);
    }
}
