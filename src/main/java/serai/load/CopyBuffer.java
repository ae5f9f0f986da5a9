package serai.load;

import java.util.Arrays;
import org.apache.commons.codec.digest.MurmurHash3;

/**
 * Builds a row of COPY's text format, without the line end behind it. The format: docs/reference/postgresql.md, "COPY
 * text format".
 */
public final class CopyBuffer {

    private byte[] bytes = new byte[1 << 12];
    private int end;

    /** Begins a row, in place of the one before; fields and the separators between them follow. */
    public void startRow() {
        end = 0;
    }

    /** A hash of the row so far. */
    long rowHash() {
        return MurmurHash3.hash128x64(bytes, 0, end, 0)[0];
    }

    /** The row, as far as {@link #length()}; valid until the next one begins. */
    public byte[] bytes() {
        return bytes;
    }

    /** Bytes of the row so far. */
    public int length() {
        return end;
    }

    /** Ends a field that another one follows. */
    public void writeSeparator() {
        ensure(1);
        bytes[end++] = '\t';
    }

    /** NULL. */
    public void writeNull() {
        ensure(2);
        bytes[end++] = '\\';
        bytes[end++] = 'N';
    }

    /** ASCII characters that need no escape. */
    public void writeAscii(String text) {
        ensure(text.length());
        for (int i = 0; i < text.length(); i++) {
            bytes[end++] = (byte) text.charAt(i);
        }
    }

    /** ASCII characters that need no escape, such as a checked number. */
    public void writeAscii(char[] chars, int from, int to) {
        ensure(to - from);
        for (int i = from; i < to; i++) {
            bytes[end++] = (byte) chars[i];
        }
    }

    /** Any text, escaped and in UTF-8. */
    public void writeText(char[] chars, int from, int to) {
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

    /** A text in UTF-8, escaped. */
    public void writeBytes(byte[] utf8, int from, int length) {
        ensure(2 * length);
        for (int i = from; i < from + length; i++) {
            byte b = utf8[i];
            if (b == '\\' || b == '\t' || b == '\n' || b == '\r') {
                bytes[end++] = '\\';
                bytes[end++] = (byte) (b == '\t' ? 't' : b == '\n' ? 'n' : b == '\r' ? 'r' : '\\');
            } else {
                bytes[end++] = b;
            }
        }
    }

    /** Makes room for more bytes. */
    private void ensure(int more) {
        if (end + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, end + more));
        }
    }
}
