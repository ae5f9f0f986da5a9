package serai.spool;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that is written once, read as often as wanted, and deleted when it is closed. */
public final class TemporaryFile implements AutoCloseable {

    private final TemporaryFolder folder;
    private final Path path;
    private long bytes;

    TemporaryFile(TemporaryFolder folder, Path path) {
        this.folder = folder;
        this.path = path;
    }

    /** Where it is written, from its start. */
    public OutputStream output() throws IOException {
        OutputStream out = Files.newOutputStream(path);
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] buffer, int offset, int length) throws IOException {
                bytes += length;
                folder.reserve(length);
                try {
                    out.write(buffer, offset, length);
                } catch (IOException e) {
                    throw folder.failure(e);
                }
            }

            @Override
            public void close() throws IOException {
                out.close();
            }
        };
    }

    /** Opens it for reading. */
    public FileChannel open() throws IOException {
        return FileChannel.open(path, StandardOpenOption.READ);
    }

    @Override
    public void close() {
        folder.release(bytes);
        bytes = 0;
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
