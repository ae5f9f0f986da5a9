package serai.warehouse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/**
 * A lock on a folder, held by one process at a time: from before the database in it is created until its server has
 * stopped. PostgreSQL's own lock begins later, and cannot be waited for.
 */
public final class FolderLock implements AutoCloseable {

    private static final String FILE = "serai.lock";
    private static final Duration RETRY_INTERVAL = Duration.ofMillis(100);

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Locks the folder, which is created if it does not exist.
     *
     * @param timeout how long to wait for another process to release it
     * @return empty when it is still held after that time
     */
    public static Optional<FolderLock> acquire(Path folder, Duration timeout) throws IOException {
        Files.createDirectories(folder);
        long end = System.nanoTime() + timeout.toNanos();
        Optional<FolderLock> lock = tryAcquire(folder);
        while (lock.isEmpty() && System.nanoTime() < end) {
            pause();
            lock = tryAcquire(folder);
        }
        return lock;
    }

    /** Whether a process holds the folder's lock. */
    static boolean isHeld(Path folder) throws IOException {
        if (!Files.isRegularFile(folder.resolve(FILE))) {
            return false;
        }
        Optional<FolderLock> lock = tryAcquire(folder);
        lock.ifPresent(FolderLock::close);
        return lock.isEmpty();
    }

    private static Optional<FolderLock> tryAcquire(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // held by this process itself
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        return lock == null ? Optional.empty() : Optional.of(new FolderLock(channel));
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY_INTERVAL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for the warehouse's folder", e);
        }
    }

    /** Closing the channel releases the lock. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
