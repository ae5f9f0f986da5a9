package serai.warehouse;

import java.util.List;

/**
 * A record that could not be applied.
 *
 * @param relation the table that it was meant for
 * @param line its line in the input, from 1
 * @param column the column that did not fit, or null when the record as a whole did not
 * @param reason why, without the value, which may be personal
 * @param columns names of the fields, as far as they are known
 * @param record the fields as they were read
 */
public record Reject(
        Relation relation, long line, String column, String reason, List<String> columns, List<String> record) {}
