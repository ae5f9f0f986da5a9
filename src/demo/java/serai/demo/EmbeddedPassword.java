package serai.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The password of an embedded PostgreSQL, as an operator reads it. */
public final class EmbeddedPassword {

    private EmbeddedPassword() {}

    /** @param data the folder of the server, {@code warehouse.embedded.data}; the server runs */
    public static String of(Path data) {
        try {
            return Files.readString(data.resolve("password"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
