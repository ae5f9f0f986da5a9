package serai.load;

import java.util.List;

/**
 * A report that was read to its end and is trusted to be complete.
 *
 * @param columns that it fills, in its order
 * @param read its records, with those rejected
 * @param hasRowLimits whether the source may have cut it off at a limit of rows
 * @param rejects the records that cannot be loaded
 * @param totals its other rows by day
 * @param rows where these are
 * @param all the part of {@code rows} that has them all
 */
record SpooledReport(
        ReportTable table,
        List<String> columns,
        long read,
        boolean hasRowLimits,
        RejectList rejects,
        WindowTotals totals,
        RowSpool rows,
        RowSpool.Part all) {}
