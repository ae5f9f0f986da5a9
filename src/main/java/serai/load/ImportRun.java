package serai.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.time.Duration;
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
 * One poll of a source, from before the question until its rows are committed: the writer's lock, the window that is
 * asked for, and the ledger row. The window is whole days in the source's zone. It reaches back {@code lookback} from
 * now, or from the last poll that succeeded if that is longer ago, so that what was missed while Serai was down is
 * asked for again.
 */
public final class ImportRun implements AutoCloseable {

    /** The exchange property that carries it. */
    public static final String PROPERTY = "poll";

    private static final Logger LOG = LoggerFactory.getLogger(ImportRun.class);
    private static final LocalDate BEGINNING = LocalDate.of(2000, 1, 1);

    private final Writer writer;
    private final ZoneId zone;
    private final TimeWindow window;
    private final Instant asked;
    private long expected = -1;
    private RunOutcome outcome;

    private ImportRun(Writer writer, ZoneId zone, TimeWindow window, Instant asked) {
        this.writer = writer;
        this.zone = zone;
        this.window = window;
        this.asked = asked;
    }

    /**
     * @param lookback how far back rows may still change; null for everything since {@code since}
     * @param since first day of the source's data, or null
     * @return empty when another process polls the source now
     */
    public static Optional<ImportRun> begin(
            Warehouse warehouse, String source, Duration lookback, LocalDate since, ZoneId zone, Instant now)
            throws SQLException {
        Optional<Writer> writer = warehouse.tryWriter(source);
        if (writer.isEmpty()) {
            return Optional.empty();
        }
        try {
            TimeWindow window = window(writer.get().position(), lookback, since, zone, now);
            writer.get().begin("metabase-report", window);
            return Optional.of(new ImportRun(writer.get(), zone, window, now));
        } catch (SQLException | RuntimeException e) {
            writer.get().close();
            throw e;
        }
    }

    static TimeWindow window(JsonNode position, Duration lookback, LocalDate since, ZoneId zone, Instant now) {
        LocalDate tomorrow = LocalDate.ofInstant(now, zone).plusDays(1);
        LocalDate first;
        if (lookback == null) {
            first = since == null ? BEGINNING : since;
        } else if (position.hasNonNull("asked")) {
            Instant last = Instant.parse(position.get("asked").asText());
            first = LocalDate.ofInstant((last.isBefore(now) ? last : now).minus(lookback), zone);
        } else {
            first = since == null ? LocalDate.ofInstant(now.minus(lookback), zone) : since;
        }
        return new TimeWindow(
                first.atStartOfDay(zone).toInstant(),
                tomorrow.atStartOfDay(zone).toInstant());
    }

    public Writer writer() {
        return writer;
    }

    ZoneId zone() {
        return zone;
    }

    TimeWindow window() {
        return window;
    }

    public LocalDate firstDay() {
        return LocalDate.ofInstant(window.from(), zone);
    }

    public LocalDate endDay() {
        return LocalDate.ofInstant(window.to(), zone);
    }

    /** The newest event time of the last load, or null. */
    Instant newestBefore() {
        JsonNode newest = writer.position().get("newest");
        return newest == null || newest.isNull() ? null : Instant.parse(newest.asText());
    }

    public void expect(long rows) {
        expected = rows;
    }

    /** The rows that the report should have, or -1 when nobody counted them. */
    long expected() {
        return expected;
    }

    /** The position that a load of this window leaves; an empty window does not make the newest row unknown. */
    ObjectNode position(Instant newestNow) {
        Instant newest = newestNow == null ? newestBefore() : newestNow;
        ObjectNode position = new ObjectMapper().createObjectNode();
        position.put("asked", asked.toString());
        position.put("to", window.to().toString());
        position.put("newest", newest == null ? null : newest.toString());
        return position;
    }

    void settle(RunOutcome outcome) {
        this.outcome = outcome;
    }

    /** How it ended, or null when it has not. */
    RunOutcome outcome() {
        return outcome;
    }

    /** Ends a poll that did not come to its load; one that did is left as it is. */
    public void fail(String reason) {
        if (outcome == null) {
            outcome = RunOutcome.failed(reason);
            try {
                writer.end(outcome);
            } catch (SQLException e) {
                LOG.warn(
                        "source={} The failed poll could not be written to the ledger: {}",
                        writer.source(),
                        e.getMessage());
            }
        }
    }

    @Override
    public void close() throws SQLException {
        writer.close();
    }
}
