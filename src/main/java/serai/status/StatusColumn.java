package serai.status;

import java.util.function.Function;

/**
 * A column of a section's table.
 *
 * @param label its heading
 * @param value what it shows of a row: a {@code Long}, {@code String}, {@code Instant} or {@code Duration}, or null
 * @param isNumber whether it is aligned as a number
 */
public record StatusColumn(String label, Function<StatusRow, Object> value, boolean isNumber) {

    /** A column of text or times. */
    public static StatusColumn of(String label, Function<StatusRow, Object> value) {
        return new StatusColumn(label, value, false);
    }

    /** A column of counts or durations, from a figure. */
    public static StatusColumn number(String label, String figure) {
        return new StatusColumn(label, row -> row.figure(figure), true);
    }
}
