package serai.refresh;

import java.sql.SQLException;
import serai.warehouse.TimeWindow;
import serai.warehouse.Writer;

/** Brings one node up to date, in one or several transactions. */
interface Materialization {

    /**
     * Finds what the next transaction has to write. May stage rows in temporary tables of the writer's connection. Not
     * called again after the last change.
     *
     * @param writer the writer of this node
     */
    Change next(Writer writer) throws SQLException;

    /**
     * One transaction.
     *
     * @param last whether the node is up to date after it
     * @param recorded whether it gets a row in {@code meta.runs}, because rows or definitions change and not only the
     *     state
     * @param window the days that it covers, or null
     */
    record Change(boolean last, boolean recorded, TimeWindow window, Writer.Work work) {}
}
