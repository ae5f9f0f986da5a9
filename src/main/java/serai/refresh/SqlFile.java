package serai.refresh;

import java.nio.file.Path;
import java.util.List;
import serai.edits.EditRefusedException;

/** A file below {@code sql} that is read and edited live: a node of the {@link ModelGraph}, or a test. */
sealed interface SqlFile permits Node, DataTest {

    /** The file, relative to the project's folder. */
    Path file();

    /** The name of the file without its ending. */
    String name();

    /** What it reads, as far as the file says so. */
    List<String> reads();

    /**
     * A refusal of its file.
     *
     * @param header the header at whose line the mistake is, or null for the file as a whole
     */
    default EditRefusedException refuse(String header, String reason) {
        return new EditRefusedException(file(), null, reason);
    }
}
