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

/** The project's folder as far as it may be edited. */
final class WatchedFiles {

    private static final int LARGEST_FILE = 4 << 20;
    private static final int MOST_FILES = 20_000;
    private static final int DEPTH = 8;

    private final Path root;
    private final List<Path> folders;
    private final Predicate<Path> wanted;
    private final Supplier<List<Path>> single;

    /** Tells one state of a file from the next; the key changes when another file takes its place. */
    record Stamp(FileTime modified, long size, Object key) {
        private static Stamp of(BasicFileAttributes attributes) {
            return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        }
    }

    /**
     * @param folders relative to the root, or absolute
     * @param wanted which files are meant, by their path: relative to the root, or absolute when it is not in there
     * @param single files that are wanted wherever they stand; they may be others at each look
     */
    WatchedFiles(Path root, List<Path> folders, Predicate<Path> wanted, Supplier<List<Path>> single) {
        this.root = root.toAbsolutePath().normalize();
        this.folders = folders;
        this.wanted = wanted;
        this.single = single;
    }

    /** All wanted files, by their path. */
    Map<Path, Stamp> look() throws IOException {
        Map<Path, Stamp> stamps = new TreeMap<>();
        Set<Path> starts = new TreeSet<>();
        folders.forEach(folder -> starts.add(root.resolve(folder).normalize()));
        for (Path start : starts) {
            // a folder in a folder is looked at with that one
            if (starts.stream().noneMatch(other -> !other.equals(start) && start.startsWith(other))
                    && Files.isDirectory(start)) {
                Files.walkFileTree(start, EnumSet.of(FileVisitOption.FOLLOW_LINKS), DEPTH, new Look(stamps));
            }
        }
        for (Path file : single.get()) {
            try {
                stamps.put(file, Stamp.of(Files.readAttributes(root.resolve(file), BasicFileAttributes.class)));
            } catch (IOException e) {
                // it is gone, or as good as gone
                stamps.remove(file);
            }
        }
        return stamps;
    }

    /** One call to the system a file: there may be thousands, twice a second. */
    private final class Look extends SimpleFileVisitor<Path> {

        private final Map<Path, Stamp> stamps;

        Look(Map<Path, Stamp> stamps) {
            this.stamps = stamps;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Path name = file.startsWith(root) ? root.relativize(file) : file;
            if (attributes.isRegularFile() && wanted.test(name)) {
                if (stamps.size() == MOST_FILES) {
                    throw new IOException("There are more than " + MOST_FILES + " files in " + folders);
                }
                stamps.put(name, Stamp.of(attributes));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
                // between the listing and now: the next look sees what it has become
                return FileVisitResult.CONTINUE;
            }
            throw e;
        }
    }

    String read(Path file) throws EditRefusedException {
        try (InputStream in = Files.newInputStream(root.resolve(file))) {
            byte[] bytes = in.readNBytes(LARGEST_FILE + 1);
            if (bytes.length > LARGEST_FILE) {
                throw new EditRefusedException(file, null, "it is larger than " + (LARGEST_FILE >> 20) + " MB.");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new EditRefusedException(file, null, "it is not UTF-8. Save it as UTF-8.");
        } catch (IOException e) {
            throw new EditRefusedException(file, null, "it cannot be read: " + e.getMessage());
        }
    }
}
