package serai.refresh;

import java.sql.SQLException;
import java.util.Optional;
import serai.warehouse.TimeWindow;
import serai.warehouse.Writer;

/** Brings one entry up to date, in one or several transactions. */
interface Materialization {

    /**
     * Looks for what is to be written next; may stage rows in temporary tables of the writer's connection.
     *
     * @return empty when there is nothing (more) to do
     */
    Optional<Change> next(Writer writer) throws SQLException;

    /**
     * What one transaction does.
     *
     * @param visible whether rows or definitions change; else only the state does, and the ledger has nothing to tell
     * @param window the days that it covers, or null
     */
    record Change(boolean visible, TimeWindow window, Writer.Work work) {}
}
