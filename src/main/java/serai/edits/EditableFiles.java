package serai.edits;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A kind of file that may be edited while Serai runs. */
public interface EditableFiles {

    /**
     * Whether this kind of file is meant; the path is relative to the project's folder, or absolute when it is not in
     * there.
     */
    boolean owns(Path file);

    /**
     * Further folders in which such files stand, beside {@code routes} and {@code sql}: relative to the project's
     * folder, or absolute.
     */
    default List<Path> folders() {
        return List.of();
    }

    /** Single files of this kind that stand elsewhere, as {@link #owns} knows them; they may be others at each look. */
    default Collection<Path> files() {
        return List.of();
    }

    /**
     * Brings a batch of edits into effect; at the start all files come as one batch. A file that is refused leaves in
     * effect what its last accepted text said. Called from one thread at a time; now and then with no changes while
     * files are refused, to try those again.
     *
     * @param changes the new text of each changed or added file; empty for a removed one
     * @return the files that are refused now, among them files of earlier batches that this batch makes wrong
     */
    List<Refusal> apply(Map<Path, Optional<String>> changes);
}
