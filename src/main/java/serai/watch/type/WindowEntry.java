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
record WindowEntry(long micros, long values, Number sum, Number least, Number most, Map<String, Object> fields) {

    static WindowEntry of(Instant time, Number value, Map<String, Object> fields) {
        Number plain = value instanceof Double || value instanceof Long
                ? value
                : value instanceof Float || value.longValue() != value.doubleValue()
                        ? (Number) value.doubleValue()
                        : (Number) value.longValue();
        return new WindowEntry(EventWindow.micros(time), 1, plain, plain, plain, fields);
    }

    /** An entry without a value. */
    static WindowEntry empty(Instant time, Map<String, Object> fields) {
        return new WindowEntry(EventWindow.micros(time), 0, 0L, 0L, 0L, fields);
    }

    WindowEntry bare() {
        return fields == null ? this : new WindowEntry(micros, values, sum, least, most, null);
    }

    /** This and an older one as one. */
    WindowEntry after(WindowEntry older) {
        Map<String, Object> oldest = older.values == 0 || older.fields == null ? fields : older.fields;
        if (values == 0 || older.values == 0) {
            WindowEntry counted = values == 0 ? older : this;
            return new WindowEntry(micros, counted.values, counted.sum, counted.least, counted.most, oldest);
        }
        return new WindowEntry(
                micros,
                values + older.values,
                WindowStats.plus(older.sum, sum),
                WindowStats.less(older.least, least),
                WindowStats.greater(older.most, most),
                oldest);
    }
}
