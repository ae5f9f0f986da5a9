package serai.status;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javax.sql.DataSource;
import serai.warehouse.Sql;

/** Reads a {@link Status} in one read-only snapshot, by a fixed number of queries, each bounded in rows and time. */
public final class StatusReader {

    /** Rows of a section that the page lists at most; there may be thousands of rules. */
    public static final int PAGE_ROWS = 100;

    private static final int STATEMENT_MILLIS = 3_000;
    // a server may vanish without closing the connection: then only a socket time-out ends the wait
    private static final int SOCKET_MILLIS = 4_000;

    private final DataSource warehouse;
    private final Supplier<List<StatusSection>> sections;

    /** @param sections asked at each reading: rooms are opened one after the other */
    public StatusReader(DataSource warehouse, Supplier<List<StatusSection>> sections) {
        this.warehouse = warehouse;
        this.sections = sections;
    }

    /**
     * Reads all sections.
     *
     * @param most the most rows of a section, worst first
     * @throws SQLException when the warehouse does not answer, or not in time
     */
    public Status read(int most) throws SQLException {
        try (Connection c = warehouse.getConnection()) {
            c.setNetworkTimeout(Runnable::run, SOCKET_MILLIS);
            c.setReadOnly(true);
            c.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            c.setAutoCommit(false);
            try {
                Sql sql = Sql.on(c);
                sql.execute("set local statement_timeout = " + STATEMENT_MILLIS);
                return read(sql, most);
            } finally {
                c.rollback();
            }
        }
    }

    private Status read(Sql sql, int most) throws SQLException {
        Instant now = sql.list("select clock_timestamp() as now", r -> r.instant("now"))
                .get(0);
        List<Status.Part> parts = new ArrayList<>();
        for (StatusSection section : sections.get()) {
            parts.add(new Status.Part(section, section.read(sql, now, most)));
        }
        return new Status(now, parts);
    }
}
