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
import serai.warehouse.Sql;
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
    /** What the window is a part of; null for the source's usual window. */
    private final Reload reload;

    private final Instant startedAt;
    private RunOutcome outcome;

    private ImportRun(
            ImportSource source,
            Writer writer,
            ImportLimits limits,
            Reload reload,
            TimeWindow window,
            Instant startedAt) {
        this.source = source;
        this.writer = writer;
        this.limits = limits;
        this.reload = reload;
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
            Reload reload = source.lookback() == null
                    ? null
                    : writer.get().read(sql -> Reload.find(sql, source.name())).orElse(null);
            TimeWindow window = reload == null
                    ? source.window(writer.get().position(), now)
                    : source.window(reload.next(), reload.endOfPart());
            writer.get().begin(source.kind(), window);
            return Optional.of(new ImportRun(source, writer.get(), limits, reload, window, now));
        } catch (SQLException | RuntimeException e) {
            writer.get().close();
            throw e;
        }
    }

    /**
     * Begins the run that loads a reply which was held.
     *
     * @param writer of the source
     */
    static ImportRun accept(Writer writer, ImportLimits limits, HeldReply reply, HeldReplies.Held held)
            throws SQLException {
        long id = writer.begin(reply.source().kind(), reply.window());
        writer.read(sql -> sql.update(
                "update meta.runs set accepted_by = ?, accepts = ?, overruled = ? where run_id = ?",
                held.acceptedBy(),
                held.runId(),
                held.reason(),
                id));
        return new ImportRun(reply.source(), writer, limits, reply.reload(), reply.window(), reply.asked());
    }

    Writer writer() {
        return writer;
    }

    ImportSource source() {
        return source;
    }

    Instant startedAt() {
        return startedAt;
    }

    /** What the window is a part of; null for the source's usual window. */
    Reload reload() {
        return reload;
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

    /** The first day of the source's data; null when that is not known. */
    LocalDate since() {
        return source.since();
    }

    /** The day of an instant in the source's zone. */
    LocalDate day(Instant instant) {
        return source.day(instant);
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

    /** Whether it imports past days again. */
    boolean isReload() {
        return reload != null;
    }

    /** Writes with the rows that this part of a reload is done, and that a reply which was held before is outdated. */
    void advance(Sql sql) throws SQLException {
        HeldReplies.forgetOverlapping(sql, source.name(), window);
        if (reload != null) {
            reload.advance(sql, source.name());
        } else if (source.lookback() == null) {
            // each import of it is of all days
            Reload.cancel(sql, source.name());
        }
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
        Instant before = newestBefore();
        if (reload != null) {
            ObjectNode same = writer.position().deepCopy();
            return before != null && newest != null && newest.isAfter(before)
                    ? same.put("newest", newest.toString())
                    : same;
        }
        Instant newestNow = newest == null ? before : newest;
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
