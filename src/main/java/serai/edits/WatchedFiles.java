package serai.edits;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Lists and reads the files that may be edited, within bounds of number, size and depth. */
final class WatchedFiles {

    private static final int MAX_BYTES = 4 << 20;
    private static final int MAX_FILES = 20_000;
    private static final int MAX_DEPTH = 8;

    private final Path root;
    private final List<Path> folders;
    private final Predicate<Path> wanted;
    private final Supplier<List<Path>> single;

    /** Identifies one state of a file; the key changes when another file replaces it. */
    record Stamp(FileTime modified, long size, Object key) {
        private static Stamp of(BasicFileAttributes attributes) {
            return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        }
    }

    /**
     * @param folders relative to the root, or absolute
     * @param wanted tells by its path whether a file counts; the path is relative to the root, or absolute outside of
     *     it
     * @param single further files, anywhere; asked for at each poll
     */
    WatchedFiles(Path root, List<Path> folders, Predicate<Path> wanted, Supplier<List<Path>> single) {
        this.root = root.toAbsolutePath().normalize();
        this.folders = folders;
        this.wanted = wanted;
        this.single = single;
    }

    /**
     * The state of all wanted files, by path.
     *
     * @throws IOException when a folder cannot be read, or there are too many files
     */
    Map<Path, Stamp> stamps() throws IOException {
        Map<Path, Stamp> stamps = new TreeMap<>();
        Set<Path> starts = new TreeSet<>();
        folders.forEach(folder -> starts.add(root.resolve(folder).normalize()));
        for (Path start : starts) {
            // a folder within another one is walked with it
            if (starts.stream().noneMatch(other -> !other.equals(start) && start.startsWith(other))
                    && Files.isDirectory(start)) {
                Files.walkFileTree(start, EnumSet.of(FileVisitOption.FOLLOW_LINKS), MAX_DEPTH, new Visitor(stamps));
            }
        }
        for (Path file : single.get()) {
            try {
                stamps.put(file, Stamp.of(Files.readAttributes(root.resolve(file), BasicFileAttributes.class)));
            } catch (IOException e) {
                // it was removed, or cannot be read
                stamps.remove(file);
            }
        }
        return stamps;
    }

    /** One system call for each file: there may be thousands, twice a second. */
    private final class Visitor extends SimpleFileVisitor<Path> {

        private final Map<Path, Stamp> stamps;

        Visitor(Map<Path, Stamp> stamps) {
            this.stamps = stamps;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Path name = file.startsWith(root) ? root.relativize(file) : file;
            if (attributes.isRegularFile() && wanted.test(name)) {
                if (stamps.size() == MAX_FILES) {
                    throw new IOException("There are more than " + MAX_FILES + " files in " + folders);
                }
                stamps.put(name, Stamp.of(attributes));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
                // it was removed after it was listed; the next poll sees that
                return FileVisitResult.CONTINUE;
            }
            throw e;
        }
    }

    /** @throws EditRefusedException when the file is too large, is not UTF-8 or cannot be read */
    String read(Path file) throws EditRefusedException {
        try (InputStream in = Files.newInputStream(root.resolve(file))) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new EditRefusedException(file, null, "the file is larger than " + (MAX_BYTES >> 20) + " MB.");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new EditRefusedException(file, null, "the file is not UTF-8. Save it as UTF-8.");
        } catch (IOException e) {
            throw new EditRefusedException(file, null, "the file cannot be read: " + e.getMessage());
        }
    }
}
