package serai.load.ga4;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The rows of one day (or week, or month) on disk, until all pages of it are there: a page that was cut can be asked
 * for again, and a day be begun again, before anybody reads a row of it. The file has no name after it was opened (on
 * Linux), so a process that is killed leaves none.
 */
final class PeriodFile implements Closeable {

    private static final int BUFFER = 1 << 16;

    private final FileChannel channel;
    private final OutputStream out;
    private final InputStream in;

    private PeriodFile(FileChannel channel) {
        this.channel = channel;
        this.out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
        this.in = Channels.newInputStream(channel);
    }

    /** A new file that only this user can read, in a folder, which is created if there is none. */
    static PeriodFile create(Path folder) throws IOException {
        Path file = Files.createTempFile(Files.createDirectories(folder), "ga4-", ".csv");
        return new PeriodFile(FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE));
    }

    void write(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    /** The place after what was written so far. */
    long mark() throws IOException {
        out.flush();
        return channel.position();
    }

    /** Forgets what was written after a place. */
    void reset(long mark) throws IOException {
        out.flush();
        channel.truncate(mark);
        channel.position(mark);
    }

    /** Goes back to the beginning, to be read. */
    void rewind() throws IOException {
        out.flush();
        channel.position(0);
    }

    /** The next bytes, or -1 at the end. */
    int read(byte[] buffer, int offset, int length) throws IOException {
        return in.read(buffer, offset, length);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
