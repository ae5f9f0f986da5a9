package serai.watch.type;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * An entry of a window: one event, count or measured value, or several merged. Whole numbers stay {@link Long},
 * fractions {@link Double}, since Python prints them differently.
 *
 * @param micros its time in microseconds since 1970; of merged ones the latest
 * @param values the number of its values; 0 when it only marks that time has passed
 * @param sum the sum of the values, 0 when there is none
 * @param min the least value, 0 when there is none
 * @param max the greatest value, 0 when there is none
 * @param fields the fields of a match made of it, of merged ones the oldest's; null where they are not kept
 */
record WindowEntry(long micros, long values, Number sum, Number min, Number max, Map<String, Object> fields) {

    private static final WindowEntry NOTHING = empty(Instant.EPOCH, null);

    /** An entry with one value. */
    static WindowEntry of(Instant time, Number value, Map<String, Object> fields) {
        Number number = value instanceof Double || value instanceof Long
                ? value
                : value instanceof Float || value.longValue() != value.doubleValue()
                        ? (Number) value.doubleValue()
                        : (Number) value.longValue();
        return new WindowEntry(Micros.of(time), 1, number, number, number, fields);
    }

    /** An entry without a value. */
    static WindowEntry empty(Instant time, Map<String, Object> fields) {
        return new WindowEntry(Micros.of(time), 0, 0L, 0L, 0L, fields);
    }

    /** All entries merged, which are in the order of time; an empty one when there are none. */
    static WindowEntry merged(List<WindowEntry> entries) {
        return entries.stream()
                .reduce((older, newer) -> newer.mergedWith(older))
                .orElse(NOTHING);
    }

    WindowEntry withoutFields() {
        return fields == null ? this : new WindowEntry(micros, values, sum, min, max, null);
    }

    WindowEntry mergedWith(WindowEntry older) {
        Map<String, Object> oldest = older.values == 0 || older.fields == null ? fields : older.fields;
        if (values == 0 || older.values == 0) {
            WindowEntry counted = values == 0 ? older : this;
            return new WindowEntry(micros, counted.values, counted.sum, counted.min, counted.max, oldest);
        }
        return new WindowEntry(
                micros,
                values + older.values,
                plus(older.sum, sum),
                min.doubleValue() < older.min.doubleValue() ? min : older.min,
                max.doubleValue() > older.max.doubleValue() ? max : older.max,
                oldest);
    }

    private static Number plus(Number a, Number b) {
        return a instanceof Long x && b instanceof Long y
                ? (Number) (x + y)
                : (Number) (a.doubleValue() + b.doubleValue());
    }
}
