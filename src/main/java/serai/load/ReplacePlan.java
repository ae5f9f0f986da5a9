package serai.load;

import java.util.List;
import java.util.Map;
import serai.warehouse.Relation;

/**
 * What a route specifies of a {@code replace-window}.
 *
 * @param window the table's date or time column
 * @param key columns that identify a row; empty for a table without a key
 * @param emptyText text columns in which an empty field is the empty text
 * @param renamed column names by the report's names
 * @param scope which of the table's rows the source has
 * @param restoreEdits whether rows that someone has changed in the table are written again
 */
record ReplacePlan(
        Relation relation,
        String window,
        List<String> key,
        List<String> emptyText,
        Map<String, String> renamed,
        Scope scope,
        boolean restoreEdits,
        ReportGuard guard) {

    /** The same for a report that an operator has accepted. */
    ReplacePlan accepted() {
        return new ReplacePlan(relation, window, key, emptyText, renamed, scope, restoreEdits, guard.accepted());
    }
}
