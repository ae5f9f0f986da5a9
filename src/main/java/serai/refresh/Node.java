package serai.refresh;

import serai.warehouse.Relation;

/** A file that becomes a relation of the warehouse, a node of the {@link ModelGraph}: a model, a script or a seed. */
sealed interface Node extends SqlFile permits Model, Script, Seed {

    ModelKind kind();

    /** Its name is that of the file. */
    Relation relation();

    /** What a row is, in a sentence. */
    String about();

    /** Identifies its own definition; comments and white space do not count. */
    String hash();
}
