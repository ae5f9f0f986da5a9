package serai.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.RunOutcome;
import serai.warehouse.TimeWindow;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;

/**
 * One run of an import, from before the request until its rows are committed. It holds the source's writer, the window
 * of days that is asked for, and the row of {@code meta.runs}.
 */
public final class ImportRun implements AutoCloseable {

    /** The exchange property that holds the run. */
    static final String PROPERTY = "importRun";

    private static final Logger LOG = LoggerFactory.getLogger(ImportRun.class);

    private final ImportSource source;
    private final Writer writer;
    private final ImportLimits limits;
    private final TimeWindow window;
    private final Instant startedAt;
    private RunOutcome outcome;

    private ImportRun(ImportSource source, Writer writer, ImportLimits limits, TimeWindow window, Instant startedAt) {
        this.source = source;
        this.writer = writer;
        this.limits = limits;
        this.window = window;
        this.startedAt = startedAt;
    }

    /**
     * Begins a run.
     *
     * @return empty when the source has another writer now
     */
    static Optional<ImportRun> begin(Warehouse warehouse, ImportLimits limits, ImportSource source, Instant now)
            throws SQLException {
        Optional<Writer> writer = warehouse.tryWriter(source.name());
        if (writer.isEmpty()) {
            return Optional.empty();
        }
        try {
            TimeWindow window = source.window(writer.get().position(), now);
            writer.get().begin(source.kind(), window);
            return Optional.of(new ImportRun(source, writer.get(), limits, window, now));
        } catch (SQLException | RuntimeException e) {
            writer.get().close();
            throw e;
        }
    }

    Writer writer() {
        return writer;
    }

    ImportLimits limits() {
        return limits;
    }

    String sourceName() {
        return source.name();
    }

    ZoneId zone() {
        return source.zone();
    }

    TimeWindow window() {
        return window;
    }

    /** First day of the window, in the source's zone. */
    public LocalDate firstDay() {
        return source.day(window.from());
    }

    /** The day after the window's last, in the source's zone. */
    public LocalDate endDay() {
        return source.day(window.to());
    }

    /** Up to when the report has all rows: the end of the window, or the time of the request if that was earlier. */
    Instant completeTo() {
        return window.to().isBefore(startedAt) ? window.to() : startedAt;
    }

    /** The newest event time of the last load, or null. */
    Instant newestBefore() {
        JsonNode newest = writer.position().get("newest");
        return newest == null || newest.isNull() ? null : Instant.parse(newest.asText());
    }

    /**
     * The source's position after this window was loaded.
     *
     * @param newest the newest event time in the report; null for a report without rows, which keeps the one before
     */
    ObjectNode position(Instant newest) {
        Instant newestNow = newest == null ? newestBefore() : newest;
        return new ObjectMapper()
                .createObjectNode()
                .put("asked", startedAt.toString())
                .put("to", window.to().toString())
                .put("newest", newestNow == null ? null : newestNow.toString());
    }

    void end(RunOutcome outcome) {
        this.outcome = outcome;
    }

    /** How the run ended, or null before it has. */
    RunOutcome outcome() {
        return outcome;
    }

    /** Ends a run that did not load its report; does nothing when the run has ended. */
    void fail(String reason) {
        if (outcome == null) {
            outcome = RunOutcome.failed(reason);
            try {
                writer.end(outcome);
            } catch (SQLException e) {
                LOG.warn(
                        "source={} The failed run could not be written to meta.runs: {}", sourceName(), e.getMessage());
            }
        }
    }

    @Override
    public void close() throws SQLException {
        writer.close();
    }
}
