package serai.edits;

import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.RunOutcome;
import serai.warehouse.Transaction;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;

/**
 * Says in the log and in {@code meta.edits} what became of each edited file. The table is what the page shows; when the
 * warehouse does not answer, the rows are written later.
 */
final class EditLog {

    private static final Logger LOG = LoggerFactory.getLogger(EditLog.class);

    private static final int MOST_LINES = 10;

    private final Warehouse warehouse;
    private final Map<Object, Map<Path, Refusal>> refusedBy = new HashMap<>();
    private Map<Path, Refusal> shown = Map.of();
    private Set<Path> files = Set.of();
    private boolean written = true;

    EditLog(Warehouse warehouse) {
        this.warehouse = warehouse;
    }

    /** Notes all files that one judge refuses now: a kind of file, or the reading of files. */
    void refused(Object judge, List<Refusal> refusals) {
        Map<Path, Refusal> now = new HashMap<>();
        refusals.forEach(r -> now.put(r.file(), r));
        refusedBy.put(judge, now);
    }

    boolean isRefusing(Object judge) {
        return !refusedBy.getOrDefault(judge, Map.of()).isEmpty();
    }

    /**
     * Writes down what has been noted.
     *
     * @param all the files that there are
     * @param changed those of them that were added or changed since the last time
     */
    void write(Set<Path> all, Set<Path> changed) {
        Map<Path, Refusal> now = new TreeMap<>();
        refusedBy.values().forEach(now::putAll);
        now.values().stream()
                .filter(r -> !r.equals(shown.get(r.file())))
                .forEach(r -> LOG.error(
                        "Refused file={} line={} reason=\"{}\" What ran before goes on running.",
                        r.file(),
                        r.line(),
                        r.reason()));
        sayTaken(all.stream()
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

    /** A line a file after an edit, one line for all at a start. */
    private static void sayTaken(List<Path> taken) {
        if (taken.size() > MOST_LINES) {
            LOG.info("Took {} files", taken.size());
        } else {
            taken.forEach(f -> LOG.info("Took file={}", f));
        }
    }

    /** Writes again what could not be written. */
    void retry() {
        if (written) {
            return;
        }
        try (Writer writer = warehouse.writer("edits")) {
            writer.commitWithState(tx -> {
                writeAll(tx);
                return RunOutcome.ok(files.size(), 0, 0, shown.size(), null);
            });
            written = true;
        } catch (Exception e) {
            LOG.warn(
                    "What became of the edited files will be shown on the page once the warehouse answers: {}",
                    e.getMessage());
        }
    }

    private void writeAll(Transaction tx) throws Exception {
        try (PreparedStatement gone =
                tx.connection().prepareStatement("delete from meta.edits where file <> all (?)")) {
            gone.setArray(
                    1,
                    tx.connection()
                            .createArrayOf(
                                    "text", files.stream().map(Path::toString).toArray()));
            gone.executeUpdate();
        }
        try (PreparedStatement s = tx.connection().prepareStatement("""
                insert into meta.edits as e (file, status, line, reason) values (?, ?, ?, ?)
                on conflict (file) do update set status = excluded.status, line = excluded.line, reason = excluded.reason,
                  edited_at = clock_timestamp()
                where (e.status, e.line, e.reason) is distinct from (excluded.status, excluded.line, excluded.reason)""")) {
            for (Path file : files) {
                Refusal refusal = shown.get(file);
                s.setString(1, file.toString());
                s.setString(2, refusal == null ? "accepted" : "refused");
                s.setObject(3, refusal == null ? null : refusal.line(), java.sql.Types.INTEGER);
                s.setString(4, refusal == null ? null : refusal.reason());
                s.addBatch();
            }
            s.executeBatch();
        }
    }
}
