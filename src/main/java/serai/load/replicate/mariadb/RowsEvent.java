package serai.load.replicate.mariadb;

import com.github.shyiko.mysql.binlog.event.EventData;
import java.io.Serializable;
import java.util.List;

/**
 * Rows that were written.
 *
 * @param table its number in the log
 * @param whole whether the log has all columns of them; else there are no rows
 * @param rows of an update, each row before and after it in turn
 */
record RowsEvent(Kind kind, long table, boolean whole, List<Serializable[]> rows) implements EventData {

    /** What was done with them. */
    enum Kind {
        INSERT,
        UPDATE,
        DELETE
    }
}
