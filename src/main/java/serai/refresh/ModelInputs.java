package serai.refresh;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import serai.warehouse.Relation;

/**
 * How changes of the relations that a model reads, directly or through views, reach it.
 *
 * @param inputs one for each relation that is written: a table, not a view
 */
record ModelInputs(List<Input> inputs) {

    static final ModelInputs NONE = new ModelInputs(List.of());

    /** How the changes of one relation are followed. */
    enum Kind {
        /** It dates the rows of the model: its changed days are. */
        WINDOW,
        /** The units in which the dating input has a value of a changed row. */
        KEY,
        /** The units between two values of a changed row. */
        RANGE,
        /** The keys of a changed row, old and new. */
        GRAIN,
        /** The keys of a row that is deleted, or that is not the same any more. */
        GONE,
        /** All units. */
        READ,
        /** Changes do not touch what is there. */
        NONE;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One input.
     *
     * @param columns whose values are recorded of a changed row
     * @param reads the columns that the model reads
     * @param lookup for a key: where the units or the model's keys are looked up that have a value
     */
    record Input(Relation relation, Kind kind, List<String> columns, Set<String> reads, Lookup lookup) {}

    /**
     * Where the units are looked up in which a key appears.
     *
     * @param relation the table or view, as SQL
     * @param column the column of the key
     * @param dated the column that dates its rows
     * @param keys for an upsert: the columns of the model's grain; else empty
     */
    record Lookup(String relation, String column, String dated, List<String> keys) {}
}
