package serai.edits;

import java.nio.file.Path;
import java.util.Optional;

/** Something that a route takes for itself, such as the rows of a table that it replaces. */
public interface RouteClaim {

    /** The line of the step in the file; 0 when it is not known. */
    int line();

    /**
     * Whether another route may hold its claim beside this one.
     *
     * @param file the file of the other claim
     * @return empty when it may; otherwise why not, with what to do
     */
    Optional<String> conflict(RouteClaim other, Path file);
}
