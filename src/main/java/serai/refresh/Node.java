package serai.refresh;

import java.nio.file.Path;
import java.util.List;
import serai.edits.EditRefusedException;
import serai.warehouse.Relation;

/** A file that becomes a relation of the warehouse, a node of the {@link ModelGraph}: a model or a seed. */
sealed interface Node permits Model, Seed {

    /** The file, relative to the project's folder. */
    Path file();

    /** The name of the file without its ending, and of the relation. */
    String name();

    ModelKind kind();

    Relation relation();

    /** What it reads, as its header names it. */
    List<String> reads();

    /** What a row is, in a sentence. */
    String about();

    /** Identifies its own definition; comments and white space do not count. */
    String hash();

    /**
     * A refusal of its file.
     *
     * @param header the header at whose line the mistake is, or null for the file as a whole
     */
    default EditRefusedException refuse(String header, String reason) {
        return new EditRefusedException(file(), null, reason);
    }
}
