package serai.load;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import serai.warehouse.Reject;
import serai.warehouse.Relation;

/** Makes the reject of a record of a report. */
public final class RejectedRecord {

    private RejectedRecord() {}

    /**
     * @param place where it is in its source, such as {@code line}, from 1
     * @param column the column that did not fit, or null when the record as a whole did not
     * @param day the day of the window to which it belongs, or null when that is not known
     * @param csv the header and the record, as lines of CSV
     * @param fields the fields as they were read
     */
    static Reject of(
            Relation target,
            Map<String, Object> place,
            String column,
            LocalDate day,
            String csv,
            List<String> fields,
            String reason) {
        Map<String, Object> locator = new HashMap<>(place);
        locator.put("column", column);
        locator.put(Reject.DAY, day);
        // bytes that are not UTF-8 were read as a character that no text has
        String received = csv.replace(TextFormat.NOT_UTF8, '\uFFFD');
        return new Reject(target, locator, fields, received.getBytes(StandardCharsets.UTF_8), reason);
    }

    /** A line of CSV; NULL is an empty field without quotes. */
    public static String csv(List<String> fields) {
        return fields.stream()
                .map(field -> field == null ? "" : '"' + field.replace("\"", "\"\"") + '"')
                .collect(Collectors.joining(","));
    }
}
