package serai.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The parser and the count of records against a parser that is too simple to be wrong. */
class CsvReadingTest {

    private static final char[] CHARACTERS = {'a', ',', '"', '\r', '\n'};
    private static final int LONGEST = 7;

    @Test
    void eachTextOfUpToSevenCharactersIsReadRight() throws IOException {
        int texts = 0;
        for (int length = 0; length <= LONGEST; length++) {
            for (int number = 0; number < Math.pow(CHARACTERS.length, length); number++) {
                assertReadRight(text(number, length));
                texts++;
            }
        }
        assertThat(texts).isEqualTo(97_656);
    }

    private static String text(int number, int length) {
        StringBuilder text = new StringBuilder();
        int rest = number;
        for (int i = 0; i < length; i++) {
            text.append(CHARACTERS[rest % CHARACTERS.length]);
            rest /= CHARACTERS.length;
        }
        return text.toString();
    }

    /** The parser's buffer is refilled in the middle of anything. */
    @Property(tries = 2000)
    void aLongTextIsReadRight(@ForAll("records") String text, @ForAll @IntRange(min = 8_150, max = 8_200) int before)
            throws IOException {
        assertReadRight("x".repeat(before) + "\n" + text);
        assertReadRight("x".repeat(before * 2) + ",\"" + "y".repeat(before) + "\"\n" + text);
    }

    @Provide
    Arbitrary<String> records() {
        return Arbitraries.of(
                        "a", "b", ",", "\"", "\"\"", "\r", "\n", "\r\n", "\"x\ry\"", "\"x\ny\"", "\ud83d\ude00", "é")
                .list()
                .ofMaxSize(60)
                .map(parts -> String.join("", parts));
    }

    @Test
    void aQuotedCarriageReturnInTheLastFieldDoesNotMergeTwoRecords() throws IOException {
        assertThat(read("d1,1,\"x\ry\"\nd2,2,z\n"))
                .containsExactly(List.of("d1", "1", "x\ry"), List.of("d2", "2", "z"));
    }

    @Test
    void blankLinesAtTheEndAreNoRecordsAndKeepTheLinesOfOthersRight() throws IOException {
        assertThat(read("a,b\n\n\r\nc,d\n\n\r\n\n"))
                .containsExactly(List.of("a", "b"), List.of(""), List.of(""), List.of("c", "d"));
        CsvParser csv = new CsvParser(new StringReader("\n\na\n"), ',');
        CsvRecord record = new CsvRecord();
        List<Long> lines = new ArrayList<>();
        while (csv.next(record)) {
            lines.add(record.line());
        }
        assertThat(lines).containsExactly(1L, 2L, 3L);
    }

    private static void assertReadRight(String text) throws IOException {
        Reference reference = new Reference(text);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        RecordCount count = new RecordCount(',');
        count.add(bytes, 0, bytes.length / 2);
        count.add(bytes, bytes.length / 2, bytes.length);
        assertThat(count.isOpen()).isEqualTo(reference.open);
        if (!reference.open) {
            assertThat(count.records()).isEqualTo(reference.records.size());
            // without a description by AssertJ, which would print the long texts
            if (!read(text).equals(reference.records)) {
                throw new AssertionError("read wrong: " + text.substring(Math.max(0, text.length() - 200)));
            }
        }
    }

    private static List<List<String>> read(String text) throws IOException {
        List<List<String>> records = new ArrayList<>();
        CsvParser csv = new CsvParser(new StringReader(text), ',');
        CsvRecord record = new CsvRecord();
        while (csv.next(record)) {
            records.add(record.texts());
        }
        return records;
    }

    /** Character by character, without any buffer. */
    private static final class Reference {

        private static final List<String> BLANK = List.of("");

        final List<List<String>> records = new ArrayList<>();
        boolean open;
        private List<String> fields = new ArrayList<>();
        private StringBuilder field = new StringBuilder();
        private boolean begun;

        Reference(String text) {
            int i = 0;
            while (i < text.length()) {
                char c = text.charAt(i);
                if (c == '"' && field.isEmpty() && !begun) {
                    i = quoted(text, i + 1);
                } else if (c == ',') {
                    endField();
                    i++;
                } else if (c == '\n' || c == '\r') {
                    endRecord();
                    i += text.startsWith("\r\n", i) ? 2 : 1;
                } else {
                    field.append(c);
                    begun = true;
                    i++;
                }
            }
            if (begun || !fields.isEmpty()) {
                endRecord();
            }
            while (!records.isEmpty() && records.get(records.size() - 1) == BLANK) {
                records.remove(records.size() - 1);
            }
        }

        /** Reads to the quote that ends the field. */
        private int quoted(String text, int from) {
            begun = true;
            int i = from;
            while (i < text.length()) {
                if (text.startsWith("\"\"", i)) {
                    field.append('"');
                    i += 2;
                } else if (text.charAt(i) == '"') {
                    return i + 1;
                } else {
                    field.append(text.charAt(i++));
                }
            }
            open = true;
            return i;
        }

        private void endField() {
            fields.add(field.toString());
            field = new StringBuilder();
            begun = false;
        }

        private void endRecord() {
            boolean blank = !begun && fields.isEmpty();
            endField();
            records.add(blank ? BLANK : fields);
            fields = new ArrayList<>();
        }
    }
}
