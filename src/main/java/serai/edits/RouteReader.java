package serai.edits;

import java.nio.file.Path;
import org.apache.camel.RoutesBuilder;

/** Turns a file of one kind into Camel routes. */
public interface RouteReader {

    /** Whether a file is of this kind. The path is relative to the project's folder. */
    boolean owns(Path file);

    /**
     * Reads the routes of one file, without side effects: the result is tried in a separate context before it runs.
     * Every route has an id, the same at each reading.
     *
     * @throws EditRefusedException when the file is invalid
     */
    RoutesBuilder read(Path file, String text) throws EditRefusedException;
}
