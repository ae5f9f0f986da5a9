package serai.load.replicate;

import java.util.Arrays;
import serai.load.replicate.pgoutput.RowImage;

/** Reads lines of COPY's text format. */
final class CopiedLine {

    private final RowImage image = new RowImage();
    private byte[] texts = new byte[1 << 12];

    /**
     * The values of a line, valid until the next one is read.
     *
     * @param line with its line end
     */
    RowImage read(byte[] line) {
        if (texts.length < line.length) {
            texts = Arrays.copyOf(texts, 2 * line.length);
        }
        image.start(texts);
        int end = line.length > 0 && line[line.length - 1] == '\n' ? line.length - 1 : line.length;
        int out = 0;
        int from = 0;
        int start = 0;
        for (int at = 0; at <= end; at++) {
            if (at == end || line[at] == '\t') {
                boolean isNull = at - from == 2 && line[from] == '\\' && line[from + 1] == 'N';
                image.add(isNull ? RowImage.NULL : RowImage.TEXT, start, isNull ? 0 : out - start);
                from = at + 1;
                start = out;
            } else if (line[at] == '\\') {
                texts[out++] = unescaped(line[++at]);
            } else {
                texts[out++] = line[at];
            }
        }
        return image;
    }

    private static byte unescaped(byte escaped) {
        return switch (escaped) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> 0x0b;
            default -> escaped;
        };
    }
}
