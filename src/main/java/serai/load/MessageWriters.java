package serai.load;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Optional;
import serai.request.Pause;
import serai.request.Pauses;
import serai.request.Subject;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;

/**
 * The writers of flows whose rows come in messages, such as files in a folder, and not by a schedule: the source's
 * lease is taken for each message. {@link LoadRoom} binds the one object of this class.
 */
public final class MessageWriters {

    private static final long POLL_MILLIS = 200;

    private final Warehouse warehouse;
    private final long mostBytes;

    /** @param mostBytes the largest file */
    MessageWriters(Warehouse warehouse, long mostBytes) {
        this.warehouse = warehouse;
        this.mostBytes = mostBytes;
    }

    long mostBytes() {
        return mostBytes;
    }

    /**
     * Becomes the writer of a source. It waits while the source has another writer, and while the warehouse does not
     * answer.
     *
     * @param most how long it waits
     * @throws SQLException when that time is over
     */
    Writer writer(String source, Duration most) throws SQLException, InterruptedException {
        return await(source, most, Optional::empty);
    }

    /** The same; it waits also while the source is paused. */
    Writer writerUnlessPaused(String source, Duration most) throws SQLException, InterruptedException {
        return await(source, most, () -> Pauses.find(warehouse, new Subject(Subject.Kind.SOURCE, source)));
    }

    /** Looks for the pause of a source. */
    @FunctionalInterface
    private interface PauseQuery {
        Optional<Pause> find() throws SQLException;
    }

    private Writer await(String source, Duration most, PauseQuery pauses) throws SQLException, InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        while (true) {
            String obstacle;
            SQLException cause = null;
            try {
                Optional<Pause> pause = pauses.find();
                Optional<Writer> writer = pause.isPresent() ? Optional.empty() : warehouse.tryWriter(source);
                if (writer.isPresent()) {
                    return writer.get();
                }
                obstacle = pause.map(Pause::refusal).orElse("Another run or instance writes it.");
            } catch (SQLException e) {
                if (!isOutage(e)) {
                    throw e;
                }
                obstacle = e.getMessage();
                cause = e;
            }
            if (System.nanoTime() > end) {
                throw new SQLException(
                        "The message was not loaded within " + most.toSeconds() + " s (maxWait): " + obstacle, cause);
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** The server cannot be reached, or is starting or stopping. */
    private static boolean isOutage(SQLException e) {
        return e instanceof SQLTransientConnectionException
                || String.valueOf(e.getSQLState()).matches("(08|57P).*");
    }
}
