package serai.status;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import serai.warehouse.Sql;

/** The rows of one kind, such as sources or rules, and how they are shown. A room publishes one for each kind. */
public interface StatusSection {

    /** How the page shows a section. */
    enum Form {
        /** A table with a row for each. */
        TABLE,
        /** One row as a line at the foot of the page; an object in {@code /status.json}. */
        LINE,
        /** A notice at the head of the page while there are rows. */
        NOTICE,
        /** Only in {@code /status.json}. */
        DATA
    }

    /** The key in {@code /status.json}, such as {@code sources}. */
    String name();

    /** The heading on the page. */
    String title();

    /** What one row is, in the singular. */
    String noun();

    /** How the page shows it. */
    default Form form() {
        return Form.TABLE;
    }

    /** What the page says while there is no row; empty for a section that is left out then. */
    default String empty() {
        return "";
    }

    /** The columns of the table, or the values of the line, in order. Name and condition always come first. */
    default List<StatusColumn> columns() {
        return List.of();
    }

    /** The section's metrics. */
    default List<StatusGauge> gauges() {
        return List.of();
    }

    /** Whether the rows bring the data that readers wait for: the page's first sentence counts them. */
    default boolean isData() {
        return false;
    }

    /** Whether operators get a message when a row is held, late or failed for long, and when that is over. */
    default boolean isNotified() {
        return false;
    }

    /**
     * Reads the rows.
     *
     * @param sql in a read-only transaction with a time limit
     * @param now the warehouse's clock
     * @param most the most rows that are wanted, worst first
     */
    SectionRows read(Sql sql, Instant now, int most) throws SQLException;
}
