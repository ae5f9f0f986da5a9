package serai.load;

/**
 * A column of the table that a report fills.
 *
 * @param format how its fields are checked and written
 * @param required whether NULL is not allowed
 * @param emptyIsText whether an empty field is the empty text; otherwise it is NULL
 */
record ReportColumn(String name, FieldFormat format, boolean required, boolean emptyIsText) {

    /** Writes a field for COPY. Returns null, or why it does not fit, in a phrase without the value. */
    String write(CsvRecord record, int field, CopyBuffer out) {
        int from = record.start(field);
        int to = record.end(field);
        if (from < to || emptyIsText) {
            return format.write(record.chars(), from, to, out);
        }
        if (required) {
            return "is empty, and the column must have a value";
        }
        out.writeNull();
        return null;
    }
}
