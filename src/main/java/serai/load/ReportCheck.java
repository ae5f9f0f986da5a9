package serai.load;

/**
 * What a source checks in its own reports, beside what holds for every CSV file. Each kind of source implements it. One
 * object checks one report; the methods are called in the order in which they stand here.
 */
public interface ReportCheck {

    /**
     * Checks the first line, which should be the header.
     *
     * @param line the line without its end; at most the first MB of it
     * @throws ReportHeldException when it is something else, such as an error message
     */
    void firstLine(String line) throws ReportHeldException;

    /**
     * Checks a record before it is loaded. A report may have millions of them, so a good one must cost no object.
     *
     * @param record valid during the call
     * @param before the number of records before it
     * @throws ReportHeldException when it is none of the report's, such as an error message after the last one
     */
    void record(CsvRecord record, long before) throws ReportHeldException;

    /**
     * Checks whether the report is complete, after its last record.
     *
     * @param records the number of records, without the header
     * @param endsWithLineEnd whether the last line has a line end
     * @throws ReportHeldException when it was cut off
     */
    void end(long records, boolean endsWithLineEnd) throws ReportHeldException;

    /** Whether the source may cut a report off at a limit of rows ({@code caps}) without a sign. */
    boolean hasRowLimits();

    /** A sentence on how the source is made to give only rows of the window that it is asked for. */
    String windowAdvice();
}
