package serai.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Temporary files that stay when their process ends, in a folder of this instance, by names. They count among those of
 * a {@link TemporaryFolder}, whose bound holds for all together.
 */
public final class KeptFiles {

    private final Path folder;
    private final TemporaryFolder counted;

    /**
     * Counts the files that are there.
     *
     * @param folder on the file system of {@code counted}; it is created with the first file
     */
    public KeptFiles(Path folder, TemporaryFolder counted) throws IOException {
        this.folder = folder;
        this.counted = counted;
        for (String name : names()) {
            counted.count(Files.size(folder.resolve(name)));
        }
    }

    /** Keeps a file that was written, in place of one with the same name. */
    public void keep(TemporaryFile file, String name) throws IOException {
        Files.createDirectories(folder, TemporaryFolder.readableByUser("rwx------"));
        delete(name);
        file.moveTo(folder.resolve(name));
    }

    /** A file that was kept; closing it deletes it. */
    public Optional<TemporaryFile> find(String name) throws IOException {
        Path path = folder.resolve(name);
        return Files.isRegularFile(path)
                ? Optional.of(new TemporaryFile(counted, path, Files.size(path)))
                : Optional.empty();
    }

    /** Deletes a file, if there is one. */
    public void delete(String name) throws IOException {
        find(name).ifPresent(TemporaryFile::close);
    }

    /** When a file was written, in milliseconds since 1970. */
    public long writtenAt(String name) throws IOException {
        return Files.getLastModifiedTime(folder.resolve(name)).toMillis();
    }

    /** The names of all files. */
    public List<String> names() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
