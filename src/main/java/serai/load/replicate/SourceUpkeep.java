package serai.load.replicate;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import serai.load.replicate.mapping.SourceTable;

/** What is done at a source beside following it. */
interface SourceUpkeep {

    /**
     * Ends what would make statements of the application fail.
     *
     * @return tables that are not followed any more
     */
    List<SourceTable> guard(Connection source) throws SQLException;

    /** Brings the log on, so that a source that is idle is known to be. */
    void heartbeat(Connection source) throws SQLException;

    /** What the log costs the source. */
    SourceMeasures.Measured measure(Connection source) throws SQLException;

    /**
     * The names of the columns of tables, by table as {@code schema.table}; also of columns that the database
     * generates.
     */
    Map<String, List<String>> columns(Connection source, List<String> tables) throws SQLException;
}
