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
 * That one process at a time has a folder, from before the database in it is made until its server has stopped. The
 * embedded server's own lock begins only when the database is made, and does not wait for one who only looks.
 */
final class FolderLock implements AutoCloseable {

    private static final String FILE = "serai.lock";
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the folder, which is made if need be; waits so long for another process to let go of it. Empty when it does
     * not.
     */
    static Optional<FolderLock> take(Path folder, Duration patience) throws IOException {
        Files.createDirectories(folder);
        long end = System.nanoTime() + patience.toNanos();
        Optional<FolderLock> taken = attempt(folder);
        while (taken.isEmpty() && System.nanoTime() < end) {
            pause();
            taken = attempt(folder);
        }
        return taken;
    }

    /** Whether a process has the folder. */
    static boolean taken(Path folder) throws IOException {
        if (!Files.isRegularFile(folder.resolve(FILE))) {
            return false;
        }
        Optional<FolderLock> free = attempt(folder);
        if (free.isPresent()) {
            free.get().close();
        }
        return free.isEmpty();
    }

    private static Optional<FolderLock> attempt(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // held by this very process
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        return lock == null ? Optional.empty() : Optional.of(new FolderLock(channel));
    }

    private static void pause() {
        try {
            Thread.sleep(BETWEEN_TRIES.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while it waited for the warehouse's folder", e);
        }
    }

    /** Closing the channel lets the lock go. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
