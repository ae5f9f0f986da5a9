package serai.spool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.io.FileUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.FolderLock;

/**
 * A folder for this process's temporary files, which only its user can read. It is created with the first file. What a
 * process has left that was killed is then removed; a folder whose process lives is recognised by its lock.
 */
public final class TemporaryFolder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TemporaryFolder.class);

    private static final Duration OTHERS = Duration.ofSeconds(10);

    private final Path parent;
    private final long mostBytes;
    private final String setting;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong files = new AtomicLong();
    private Path folder;
    private FolderLock lock;

    /**
     * A folder below one that processes may share.
     *
     * @param mostBytes the largest size of all files together
     * @param setting the name of the setting that says so, for the message
     */
    public TemporaryFolder(Path parent, long mostBytes, String setting) {
        this.parent = parent;
        this.mostBytes = mostBytes;
        this.setting = setting;
    }

    /** Creates an empty file. Closing it deletes it. */
    public TemporaryFile create() throws IOException {
        return new TemporaryFile(
                this,
                Files.createFile(folder().resolve(files.incrementAndGet() + ".rows"), readableByUser("rw-------")),
                0);
    }

    private synchronized Path folder() throws IOException {
        if (folder == null || !Files.isDirectory(folder)) {
            Files.createDirectories(parent, readableByUser("rwx------"));
            if (lock != null) {
                // someone has deleted the folder
                lock.close();
            }
            // another process must not take a folder for abandoned that is not locked yet
            try (FolderLock all = FolderLock.acquire(parent, OTHERS).orElseThrow(() -> busy())) {
                removeAbandoned();
                folder = Files.createTempDirectory(
                        parent, ProcessHandle.current().pid() + "-", readableByUser("rwx------"));
                lock = FolderLock.acquire(folder, Duration.ZERO).orElseThrow();
            }
        }
        return folder;
    }

    private IOException busy() {
        return new IOException("Other processes hold the lock of " + parent + ".");
    }

    private void removeAbandoned() throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, Files::isDirectory)) {
            for (Path other : folders) {
                Optional<FolderLock> free = FolderLock.acquire(other, Duration.ZERO);
                if (free.isPresent()) {
                    free.get().close();
                    FileUtils.deleteDirectory(other.toFile());
                    LOG.info("Removed the temporary files of a process that is gone: {}", other.getFileName());
                }
            }
        }
    }

    static FileAttribute<?>[] readableByUser(String permissions) {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    /** Counts bytes that a file is about to have. */
    void reserve(long more) throws IOException {
        if (bytes.addAndGet(more) > mostBytes) {
            throw new IOException(
                    "The temporary files of this process have reached " + mostBytes + " bytes, the limit of " + setting
                            + ". Raise it, or have fewer sources imported at the same time.");
        }
    }

    /** What the operating system says, such as that the disk is full, with the folder that it is about. */
    IOException failure(IOException e) {
        return new IOException("Writing to " + parent + " failed: " + e.getMessage(), e);
    }

    /** Counts a file that is there already. */
    void count(long more) {
        bytes.addAndGet(more);
    }

    void release(long fewer) {
        bytes.addAndGet(-fewer);
    }

    @Override
    public synchronized void close() {
        if (folder != null) {
            try {
                lock.close();
                FileUtils.deleteDirectory(folder.toFile());
                folder = null;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
