package serai.refresh;

import java.util.List;
import java.util.Optional;

/**
 * What a model recalculates besides the units whose input changed: {@code @late}.
 *
 * @param lookbackDays so many days before today are calculated at each refresh; 0 for none
 * @param reach how far a change of the input changes later units too; null when it does not
 * @param inputs how changes of inputs without a day of their own are followed; of others, they change all units
 */
record Late(int lookbackDays, ModelWindow.Amount reach, List<Input> inputs) {

    /** {@code dirty}: only what changed. */
    static final Late DIRTY = new Late(0, null, List.of());

    /** How changes of one input are followed. */
    sealed interface Input {
        /** The input, as the header names it. */
        String relation();
    }

    /**
     * {@code REL.COL = INPUT.COL}: changed rows change the units in which the other input has a row with their value.
     *
     * @param dated the input that dates the rows
     */
    record Keyed(String relation, String column, String dated, String datedColumn) implements Input {}

    /** {@code REL by COL..COL}: a changed row changes the units from one of its values to the other. */
    record Ranged(String relation, String from, String to) implements Input {}

    /** {@code without REL}: its changes do not touch what is already there. */
    record Without(String relation) implements Input {}

    /** How the changes of an input are followed, if the header says so. */
    Optional<Input> input(String relation) {
        return inputs.stream()
                .filter(input -> input.relation().equals(relation))
                .findFirst();
    }
}
