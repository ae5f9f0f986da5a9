package serai.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Timestamp;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.Date;
import java.util.Map;

/** The text of a value of a row, as {@link FieldFormat} reads it. */
final class RowValue {

    private static final ObjectMapper JSON = new ObjectMapper();

    private RowValue() {}

    /**
     * Makes the text of a value.
     *
     * @param value a text, number, boolean, date or time; a map or collection becomes JSON
     * @param column that it is for
     * @return null for null
     */
    static String text(Object value, ReportColumn column) {
        if (value == null) {
            return null;
        }
        if (value instanceof Timestamp time) {
            // JDBC has one class for times with and without a zone
            boolean local =
                    column.format() instanceof TimeFormat format && format.type() != TimeFormat.Type.TIMESTAMPTZ;
            return (local ? time.toLocalDateTime() : time.toInstant()).toString();
        }
        if (value instanceof Date && !(value instanceof java.sql.Date || value instanceof java.sql.Time)) {
            return ((Date) value).toInstant().toString();
        }
        if (value instanceof ZonedDateTime time) {
            return time.toOffsetDateTime().toString();
        }
        return value instanceof Map || value instanceof Collection ? json(value) : value.toString();
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            return String.valueOf(value);
        }
    }
}
