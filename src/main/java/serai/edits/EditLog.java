package serai.edits;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.settings.Secrets;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Transaction;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;

/**
 * Records in the log and in {@code meta.edits} which edited files were accepted and which were refused. The page shows
 * the table. When the warehouse does not answer, the rows are written later.
 */
final class EditLog {

    private static final Logger LOG = LoggerFactory.getLogger(EditLog.class);

    private static final int MAX_LINES = 10;

    private final Warehouse warehouse;
    private final Map<Object, Map<Path, Refusal>> refusedBy = new HashMap<>();
    private Map<Path, Refusal> shown = Map.of();
    private Set<Path> files = Set.of();
    private boolean written = true;

    EditLog(Warehouse warehouse) {
        this.warehouse = warehouse;
    }

    /**
     * Sets the files that one origin refuses now.
     *
     * @param origin a kind of file, or the reading of files
     */
    void refused(Object origin, List<Refusal> refusals) {
        Map<Path, Refusal> now = new HashMap<>();
        refusals.forEach(r -> now.put(r.file(), r));
        refusedBy.put(origin, now);
    }

    boolean isRefusing(Object origin) {
        return !refusedBy.getOrDefault(origin, Map.of()).isEmpty();
    }

    /**
     * Logs and writes the state of all files.
     *
     * @param all all files that exist
     * @param changed those that were added or changed since the last call
     */
    void write(Set<Path> all, Set<Path> changed) {
        Map<Path, Refusal> now = new TreeMap<>();
        refusedBy.values().forEach(now::putAll);
        now.values().stream()
                .filter(r -> !r.equals(shown.get(r.file())))
                .forEach(r -> LOG.error(
                        "Refused file={} line={} reason=\"{}\" What ran before keeps running.",
                        r.file(),
                        r.line(),
                        r.reason()));
        // what an edit of a migration means is logged already
        logAccepted(all.stream()
                .filter(f -> !MigrationFiles.isMigration(f))
                .filter(f -> !now.containsKey(f) && (changed.contains(f) || shown.containsKey(f)))
                .toList());
        files.stream()
                .filter(f -> !all.contains(f) && !now.containsKey(f))
                .forEach(f -> LOG.info("Removed file={}", f));
        shown = now;
        files = new HashSet<>(all);
        files.addAll(now.keySet());
        written = false;
        retry();
    }

    /** One line for each file after an edit, one line for all at a start. */
    private static void logAccepted(List<Path> accepted) {
        if (accepted.size() > MAX_LINES) {
            LOG.info("Accepted {} files", accepted.size());
        } else {
            accepted.forEach(f -> LOG.info("Accepted file={}", f));
        }
    }

    /** Writes to the warehouse what could not be written before. */
    void retry() {
        if (written) {
            return;
        }
        try (Writer writer = warehouse.writer("edits")) {
            writer.commitWithState(tx -> {
                writeAll(tx);
                return RunOutcome.ok();
            });
            written = true;
        } catch (Exception e) {
            LOG.warn("The page shows the state of edited files once the warehouse answers: {}", e.getMessage());
        }
    }

    private void writeAll(Transaction tx) throws SQLException {
        Sql sql = Sql.on(tx.connection());
        sql.update(
                "delete from meta.edits where file <> all (?)",
                files.stream().map(Path::toString).toList());
        sql.batch("""
                insert into meta.edits as e (file, status, line, reason) values (?, ?, ?::int, ?)
                on conflict (file) do update set status = excluded.status, line = excluded.line,
                  reason = excluded.reason, edited_at = clock_timestamp()
                where (e.status, e.line, e.reason) is distinct from (excluded.status, excluded.line, excluded.reason)
                """, files.stream().map(this::row).toList());
    }

    private List<Object> row(Path file) {
        Refusal refusal = shown.get(file);
        return refusal == null
                ? Arrays.asList(file.toString(), "accepted", null, null)
                : Arrays.asList(file.toString(), "refused", refusal.line(), Secrets.mask(refusal.reason()));
    }
}
