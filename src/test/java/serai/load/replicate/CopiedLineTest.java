package serai.load.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import serai.load.CopyBuffer;
import serai.load.replicate.pgoutput.RowImage;

/** Lines of COPY's text format. */
class CopiedLineTest {

    private final CopiedLine reader = new CopiedLine();

    private List<String> read(byte[] line) {
        RowImage image = reader.read(line);
        List<String> values = new ArrayList<>();
        for (int i = 0; i < image.size(); i++) {
            values.add(image.text(i));
        }
        return values;
    }

    @Property(tries = 300)
    void whatIsWrittenIsRead(@ForAll("rows") List<String> values) {
        CopyBuffer out = new CopyBuffer();
        out.startRow();
        for (int i = 0; i < values.size(); i++) {
            if (i > 0) {
                out.writeSeparator();
            }
            if (values.get(i) == null) {
                out.writeNull();
            } else {
                byte[] utf8 = values.get(i).getBytes(StandardCharsets.UTF_8);
                out.writeBytes(utf8, 0, utf8.length);
            }
        }
        byte[] line = Arrays.copyOf(out.bytes(), out.length() + 1);
        line[line.length - 1] = '\n';
        assertThat(read(line)).isEqualTo(values);
    }

    @Example
    void escapesOfTheServerAreRead() {
        assertThat(read("a\\b\\f\\n\\r\\t\\v\\\\N\t\\N\t\t\\\\N\n".getBytes(StandardCharsets.UTF_8)))
                .containsExactly("a\b\f\n\r\t\u000b\\N", null, "", "\\N");
    }

    @Provide
    Arbitrary<List<String>> rows() {
        return Arbitraries.oneOf(
                        Arbitraries.of("", "\\N", "\\", "\t", "\n", "\r\n", "N", "é😀"),
                        Arbitraries.strings().withCharRange('\u0001', '\u00ff').ofMaxLength(12))
                .injectNull(0.2)
                .list()
                .ofMinSize(1)
                .ofMaxSize(12);
    }
}
