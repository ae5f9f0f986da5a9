package serai.refresh;

import java.util.Set;

/**
 * What a model recalculates besides the units whose input changed: {@code @late}.
 *
 * @param lookbackDays so many days before today are calculated at each refresh; 0 for none
 * @param reach how far a change of the input changes later units too; null when it does not
 * @param without inputs whose changes do not touch what is already there; a change of another input that does not date
 *     the rows changes all units
 */
record Late(int lookbackDays, ModelWindow.Amount reach, Set<String> without) {

    /** {@code dirty}: only what changed. */
    static final Late DIRTY = new Late(0, null, Set.of());
}
