package serai.load.replicate.mapping;

import java.nio.file.Path;
import serai.edits.EditRefusedException;

/**
 * A place in a mapping file.
 *
 * @param line from 1
 */
record FilePosition(Path file, int line) {

    /** @param reason names the field and the fix */
    EditRefusedException refused(String reason) {
        return new EditRefusedException(file, line, reason);
    }
}
