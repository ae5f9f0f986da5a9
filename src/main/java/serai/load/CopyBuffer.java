package serai.load;

import java.util.Arrays;
import org.apache.commons.codec.digest.MurmurHash3;

/**
 * Builds a row of COPY's text format, without the line end behind it. The format: docs/reference/postgresql.md, "COPY
 * text format".
 */
final class CopyBuffer {

    private byte[] bytes = new byte[1 << 12];
    private int end;

    /** Begins a row, in place of the one before; fields and the separators between them follow. */
    void startRow() {
        end = 0;
    }

    /** A hash of the row so far. */
    long rowHash() {
        return MurmurHash3.hash128x64(bytes, 0, end, 0)[0];
    }

    /** The row, as far as {@link #length()}; valid until the next one begins. */
    byte[] bytes() {
        return bytes;
    }

    /** Bytes of the row so far. */
    int length() {
        return end;
    }

    void writeSeparator() {
        ensure(1);
        bytes[end++] = '\t';
    }

    void writeNull() {
        ensure(2);
        bytes[end++] = '\\';
        bytes[end++] = 'N';
    }

    /** ASCII characters that need no escape. */
    void writeAscii(String text) {
        ensure(text.length());
        for (int i = 0; i < text.length(); i++) {
            bytes[end++] = (byte) text.charAt(i);
        }
    }

    /** ASCII characters that need no escape, such as a checked number. */
    void writeAscii(char[] chars, int from, int to) {
        ensure(to - from);
        for (int i = from; i < to; i++) {
            bytes[end++] = (byte) chars[i];
        }
    }

    /** Any text, escaped and in UTF-8. */
    void writeText(char[] chars, int from, int to) {
        ensure(4 * (to - from));
        byte[] out = bytes;
        int at = end;
        for (int i = from; i < to; i++) {
            char c = chars[i];
            if (c < 0x80) {
                int escape = switch (c) {
                    case '\\' -> '\\';
                    case '\t' -> 't';
                    case '\n' -> 'n';
                    case '\r' -> 'r';
                    default -> 0;
                };
                if (escape != 0) {
                    out[at++] = '\\';
                    out[at++] = (byte) escape;
                } else {
                    out[at++] = (byte) c;
                }
            } else if (c < 0x800) {
                out[at++] = (byte) (0xC0 | c >> 6);
                out[at++] = (byte) (0x80 | c & 0x3F);
            } else if (Character.isHighSurrogate(c) && i + 1 < to && Character.isLowSurrogate(chars[i + 1])) {
                int point = Character.toCodePoint(c, chars[++i]);
                out[at++] = (byte) (0xF0 | point >> 18);
                out[at++] = (byte) (0x80 | point >> 12 & 0x3F);
                out[at++] = (byte) (0x80 | point >> 6 & 0x3F);
                out[at++] = (byte) (0x80 | point & 0x3F);
            } else {
                out[at++] = (byte) (0xE0 | c >> 12);
                out[at++] = (byte) (0x80 | c >> 6 & 0x3F);
                out[at++] = (byte) (0x80 | c & 0x3F);
            }
        }
        end = at;
    }

    /** Makes room for more bytes. */
    private void ensure(int more) {
        if (end + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, end + more));
        }
    }
}
