package serai.status;

import java.util.function.Function;

/**
 * A metric of a section, with one value for each row, or one for all.
 *
 * @param name as Prometheus shows it
 * @param tag the label that has the row's name; null for one value
 * @param ofRow the value of a row: a number, or an {@code Instant}, whose age in seconds is the value; null for none
 * @param ofAll the one value of the section
 */
public record StatusGauge(
        String name,
        String description,
        String tag,
        Function<StatusRow, Object> ofRow,
        Function<SectionRows, Number> ofAll) {

    /** A metric with one value for each row. */
    public static StatusGauge each(String name, String description, String tag, Function<StatusRow, Object> value) {
        return new StatusGauge(name, description, tag, value, null);
    }

    /** A metric with one value for the section. */
    public static StatusGauge all(String name, String description, Function<SectionRows, Number> value) {
        return new StatusGauge(name, description, null, null, value);
    }
}
