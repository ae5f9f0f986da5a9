package serai.spool;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A file that is written once, read as often as wanted, and deleted when it is closed. */
public final class TemporaryFile implements AutoCloseable {

    private final TemporaryFolder folder;
    private final Path path;
    private long bytes;

    /** @param bytes those that it has already, which the folder counts */
    TemporaryFile(TemporaryFolder folder, Path path, long bytes) {
        this.folder = folder;
        this.path = path;
        this.bytes = bytes;
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

    /** Moves it, when it is written, to where a process that comes later finds it; its bytes stay counted. */
    void moveTo(Path target) throws IOException {
        try (FileChannel written = FileChannel.open(path, StandardOpenOption.WRITE)) {
            written.force(true);
        }
        Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
        bytes = 0;
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
