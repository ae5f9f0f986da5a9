package serai.load;

/**
 * A column of the table that a report fills.
 *
 * @param format how its fields are checked and written
 * @param required whether NULL is not allowed
 * @param emptyIsText whether an empty field is the empty text; otherwise it is NULL
 */
record ReportColumn(String name, FieldFormat format, boolean required, boolean emptyIsText) {

    /** Whether a value is NULL in the table: an empty one is, unless {@code emptyText} names the column. */
    boolean isNull(String text) {
        return text == null || text.isEmpty() && !emptyIsText;
    }

    /** Writes a value for COPY; null for NULL. Returns null, or why it does not fit, in a phrase without the value. */
    String write(String text, CopyBuffer out) {
        return isNull(text) ? writeNull(out) : format.write(text.toCharArray(), 0, text.length(), out);
    }

    /** Writes a field for COPY. Returns null, or why it does not fit, in a phrase without the value. */
    String write(CsvRecord record, int field, CopyBuffer out) {
        int from = record.start(field);
        int to = record.end(field);
        if (from < to || emptyIsText) {
            return format.write(record.chars(), from, to, out);
        }
        return writeNull(out);
    }

    private String writeNull(CopyBuffer out) {
        if (required) {
            return "is empty, and the column must have a value";
        }
        out.writeNull();
        return null;
    }
}
