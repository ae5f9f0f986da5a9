package serai.edits;

import java.nio.file.Path;
import org.apache.camel.RoutesBuilder;

/** Turns a file of one kind into Camel routes. */
public interface RouteReader {

    /** Whether this kind of file is meant; the path is relative to the project's folder. */
    boolean owns(Path file);

    /**
     * Reads the routes of one file, without touching anything else: the result is tried in a context of its own before
     * it runs. Every route has an id that does not change from one reading to the next.
     *
     * @throws EditRefusedException when the file has a mistake
     */
    RoutesBuilder read(Path file, String text) throws EditRefusedException;
}
