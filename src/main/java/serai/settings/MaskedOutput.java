package serai.settings;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Passes on whole lines of UTF-8 text, masked. What is flushed before its line has ended is passed on as it is then.
 */
final class MaskedOutput extends OutputStream {

    private static final int LONGEST = 1 << 20;

    private final PrintStream target;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    MaskedOutput(PrintStream target) {
        this.target = target;
    }

    @Override
    public synchronized void write(int b) {
        line.write(b);
        if (b == '\n' || line.size() >= LONGEST) {
            pass();
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        int start = offset;
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] == '\n') {
                line.write(bytes, start, i + 1 - start);
                start = i + 1;
                pass();
            }
        }
        line.write(bytes, start, offset + length - start);
        if (line.size() >= LONGEST) {
            pass();
        }
    }

    /** Does not pass on a part of a line: a secret could be cut in two. */
    @Override
    public synchronized void flush() {
        target.flush();
    }

    @Override
    public synchronized void close() {
        pass();
        target.flush();
    }

    private void pass() {
        byte[] masked = Secrets.mask(line.toString(StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
        target.write(masked, 0, masked.length);
        line.reset();
    }
}
