package serai.watch.type;

import java.time.Instant;
import java.util.Map;

/**
 * One event of a window, one count or one measured value; or several that were put together.
 *
 * @param micros its time, in microseconds since 1970; of several the latest
 * @param values how many values it holds: none when it only says that the time has come so far
 * @param sum their sum, a {@link Long} or a {@link Double}
 * @param least the least of them
 * @param most the greatest
 * @param fields what a match made of it holds, of several the oldest's; null where that is not needed
 */
record Entry(long micros, long values, Number sum, Number least, Number most, Map<String, Object> fields) {

    static Entry of(Instant time, Number value, Map<String, Object> fields) {
        Number plain = value instanceof Double || value instanceof Long
                ? value
                : value instanceof Float || value.longValue() != value.doubleValue()
                        ? (Number) value.doubleValue()
                        : (Number) value.longValue();
        return new Entry(EventWindow.micros(time), 1, plain, plain, plain, fields);
    }

    /** An entry without a value. */
    static Entry empty(Instant time, Map<String, Object> fields) {
        return new Entry(EventWindow.micros(time), 0, 0L, 0L, 0L, fields);
    }

    Entry bare() {
        return fields == null ? this : new Entry(micros, values, sum, least, most, null);
    }

    /** This and an older one as one. */
    Entry after(Entry older) {
        Map<String, Object> oldest = older.values == 0 || older.fields == null ? fields : older.fields;
        if (values == 0 || older.values == 0) {
            Entry counted = values == 0 ? older : this;
            return new Entry(micros, counted.values, counted.sum, counted.least, counted.most, oldest);
        }
        return new Entry(
                micros,
                values + older.values,
                Figures.plus(older.sum, sum),
                Figures.less(older.least, least),
                Figures.greater(older.most, most),
                oldest);
    }
}
