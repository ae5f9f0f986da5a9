package serai.edits;

import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import serai.warehouse.Outcome;
import serai.warehouse.Transaction;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;

/**
 * Says in the log and in {@code meta.edits} what became of each edited file. The table is what the page shows; when the warehouse does
 * not answer, the rows are kept and written later.
 */
final class EditLog {

    private static final Logger LOG = LoggerFactory.getLogger(EditLog.class);

    private final Warehouse warehouse;
    private final Map<Path, Refusal> refused = new HashMap<>();
    private final Map<Editable, Set<Path>> refusedByKind = new HashMap<>();
    private final Set<Path> files = new HashSet<>();
    private boolean written;

    EditLog(Warehouse warehouse) {
        this.warehouse = warehouse;
    }

    /** @param refusals all files of this kind that are refused now, whichever batch they came with */
    void taken(Editable kind, Map<Path, Optional<String>> changes, List<Refusal> refusals) {
        Map<Path, Refusal> now = new TreeMap<>();
        refusals.forEach(r -> now.put(r.file(), r));
        Set<Path> before = refusedByKind.getOrDefault(kind, Set.of());
        before.stream().filter(f -> !now.containsKey(f)).forEach(refused::remove);
        now.values().forEach(r -> {
            if (!r.equals(refused.put(r.file(), r))) {
                LOG.error("Refused file={} line={} reason=\"{}\" What ran before goes on running.", r.file(), r.line(), r.reason());
            }
        });
        changes.forEach((file, text) -> {
            if (text.isEmpty()) {
                files.remove(file);
                LOG.info("Removed file={}", file);
            } else {
                files.add(file);
                if (!now.containsKey(file)) {
                    refused.remove(file);
                    LOG.info("Took file={}", file);
                }
            }
        });
        refusedByKind.put(kind, Set.copyOf(now.keySet()));
        write();
    }

    void unreadable(List<Refusal> refusals) {
        for (Refusal refusal : refusals) {
            refused.put(refusal.file(), refusal);
            files.add(refusal.file());
            LOG.error("Refused file={} reason=\"{}\"", refusal.file(), refusal.reason());
        }
        if (!refusals.isEmpty()) {
            write();
        }
    }

    void retry() {
        if (!written) {
            write();
        }
    }

    private void write() {
        written = false;
        try (Writer writer = warehouse.writer("edits")) {
            writer.commitWithState(tx -> {
                writeAll(tx);
                return Outcome.ok(files.size(), 0, 0, refused.size(), null);
            });
            written = true;
        } catch (Exception e) {
            LOG.warn("What became of the edited files will be shown on the page once the warehouse answers: {}", e.getMessage());
        }
    }

    private void writeAll(Transaction tx) throws Exception {
        try (PreparedStatement gone = tx.connection().prepareStatement("delete from meta.edits where file <> all (?)")) {
            gone.setArray(1, tx.connection().createArrayOf("text", files.stream().map(Path::toString).toArray()));
            gone.executeUpdate();
        }
        try (PreparedStatement s = tx.connection().prepareStatement("""
                insert into meta.edits as e (file, status, line, reason) values (?, ?, ?, ?)
                on conflict (file) do update set status = excluded.status, line = excluded.line, reason = excluded.reason,
                  edited_at = clock_timestamp()
                where (e.status, e.line, e.reason) is distinct from (excluded.status, excluded.line, excluded.reason)""")) {
            for (Path file : files) {
                Refusal refusal = refused.get(file);
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
