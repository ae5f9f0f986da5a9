package serai.warehouse;

import java.util.List;

/**
 * A record that could not be applied.
 *
 * @param relation where it should have gone
 * @param line its line in what was read, from 1
 * @param column the column that did not fit, or null when the whole record did not
 * @param reason why, in a sentence without the value
 * @param columns names of the fields, as far as known
 * @param record the fields as they came
 */
public record Reject(
        Relation relation, long line, String column, String reason, List<String> columns, List<String> record) {}
