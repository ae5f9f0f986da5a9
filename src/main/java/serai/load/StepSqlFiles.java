package serai.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** SQL files that steps of routes name. {@link LoadRoom} binds the one object of this class. */
public final class StepSqlFiles {

    private final Path root;

    /** @param root the project's folder */
    StepSqlFiles(Path root) {
        this.root = root;
    }

    /**
     * The present text of a file.
     *
     * @param folder in which it has to be, such as {@code sql/jobs}
     * @param file its path in the project's folder, such as {@code sql/jobs/old-logins.sql}
     * @throws IOException when it is elsewhere, or cannot be read
     */
    String read(String folder, String file) throws IOException {
        Path path = root.resolve(file).toAbsolutePath().normalize();
        if (!path.startsWith(root.resolve(folder).toAbsolutePath().normalize())) {
            throw new IOException("'" + file + "' is not a file below " + folder + ".");
        }
        if (!Files.isRegularFile(path)) {
            throw new IOException("There is no file " + file + ".");
        }
        return Files.readString(path);
    }
}
