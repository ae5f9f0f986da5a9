package serai.edits;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A kind of file that may be edited while Serai runs. */
public interface EditableFiles {

    /**
     * Whether a file is of this kind.
     *
     * @param file relative to the project's folder, or absolute outside of it
     */
    boolean owns(Path file);

    /**
     * Folders with such files besides {@code routes} and {@code sql}: relative to the project's folder, or absolute.
     */
    default List<Path> folders() {
        return List.of();
    }

    /** Single files of this kind in other folders. Asked for at each poll, since they may change. */
    default Collection<Path> files() {
        return List.of();
    }

    /**
     * Applies a batch of edits; at the start, all files come as one batch. For a refused file, its last accepted text
     * stays in effect. Called by one thread at a time. While files are refused it is also called without changes from
     * time to time, to try them again.
     *
     * @param changes the new text of each changed or added file; empty for a removed one
     * @return all files that are refused now, including files of earlier batches that this batch makes invalid
     */
    List<Refusal> apply(Map<Path, Optional<String>> changes);

    /**
     * Checks files as far as no server is needed. Nothing takes effect.
     *
     * @param texts all files of this kind
     */
    List<Refusal> check(Map<Path, String> texts);

    /** Whether something has come for which files wait that are not refused. Then {@link #apply} is called, too. */
    default boolean canGoOn() {
        return false;
    }
}
