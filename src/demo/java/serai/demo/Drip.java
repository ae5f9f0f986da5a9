package serai.demo;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.LockSupport;

/** Lets some bytes through a second, ten times a second a tenth of them. */
final class Drip extends FilterOutputStream {
    private final int bytes;

    Drip(OutputStream out, int bytesPerSecond) {
        super(out);
        this.bytes = Math.max(1, bytesPerSecond / 10);
    }

    @Override
    public void write(byte[] buffer, int from, int length) throws IOException {
        for (int i = 0; i < length; i += bytes) {
            out.write(buffer, from + i, Math.min(bytes, length - i));
            out.flush();
            LockSupport.parkNanos(100_000_000);
        }
    }
}
