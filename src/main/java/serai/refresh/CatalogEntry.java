package serai.refresh;

import java.nio.file.Path;
import java.util.List;
import serai.warehouse.Relation;

/** A file that becomes a relation of the warehouse: a model or a seed. */
sealed interface CatalogEntry permits Model, Seed {

    Path file();

    /** The file's name without its ending, and the relation's name. */
    String name();

    ModelKind kind();

    Relation relation();

    /** What it reads, as its header says it. */
    List<String> reads();

    String about();

    /** Identifies its own definition, apart from comments and blanks. */
    String hash();
}
