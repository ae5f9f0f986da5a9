package serai.edits;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.edits.WatchedFiles.Stamp;
import serai.warehouse.Warehouse;

/**
 * Applies edits of the files under {@code routes}, {@code sql} and the folders that a kind of file names. It polls the
 * folders instead of listening to file events: no event can be missed, five edits within a second end in the last one,
 * and a file is read only when it has not changed since the poll before, so that no half-written file is read.
 */
public final class Edits implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Edits.class);
    private static final String READING = "reading";
    /**
     * The next poll waits this many times as long as the last one took, at most {@link #LONGEST_WAIT}: with thousands
     * of files a poll costs something.
     */
    private static final int WAIT_FACTOR = 20;

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    /** A refused file may become valid without an edit, for example when a server answers again. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(30);

    private final WatchedFiles folder;
    private final List<EditableFiles> kinds;
    private final EditLog log;
    private final ScheduledExecutorService scheduler =
            Executors.newSingleThreadScheduledExecutor(r -> new Thread(r, "edits"));
    /** All files, as of the last poll. */
    private Map<Path, Stamp> seen = Map.of();

    /** All files, as they were last applied. */
    private Map<Path, Stamp> applied = Map.of();

    private final Map<Path, Refusal> unreadable = new HashMap<>();
    private long appliedAt;
    private long nextPoll = System.nanoTime();
    private String problem = "";

    private Edits(Path root, RouteFiles routes, List<EditableFiles> others, EditLog log) {
        // routes come last: when they start, rules and models have been read
        this.kinds = new ArrayList<>(others);
        this.kinds.add(routes);
        this.log = log;
        Set<Path> folders = new LinkedHashSet<>(List.of(Path.of("routes"), Path.of("sql")));
        others.forEach(kind -> folders.addAll(kind.folders()));
        this.folder = new WatchedFiles(
                root,
                List.copyOf(folders),
                f -> kinds.stream().anyMatch(k -> k.owns(f)),
                () -> kinds.stream().flatMap(k -> k.files().stream()).toList());
    }

    /**
     * Applies all files, then polls for edits until it is closed.
     *
     * @param context the context that routes run in
     * @param readers further kinds of files that become routes, besides Camel's YAML
     * @param others kinds of files that become something else
     * @param every time between two polls; an edit takes effect after one to two of them
     */
    public static Edits start(
            CamelContext context,
            Warehouse warehouse,
            Path root,
            List<RouteReader> readers,
            List<EditableFiles> others,
            Duration every) {
        Edits edits = new Edits(root, new RouteFiles(context, readers), others, new EditLog(warehouse));
        edits.applyAll();
        edits.scheduler.scheduleWithFixedDelay(
                edits::pollSafely, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
        return edits;
    }

    private void applyAll() {
        try {
            seen = folder.stamps();
            apply(seen);
        } catch (IOException e) {
            LOG.error("The project's files cannot be read; the next poll tries again: {}", e.toString());
        }
    }

    private void pollSafely() {
        try {
            poll();
            problem = "";
        } catch (Exception | LinkageError e) {
            // logged once: the next poll is half a second away
            if (!problem.equals(e.toString())) {
                problem = e.toString();
                LOG.error(
                        "The poll for edited files failed; the next one tries again, and everything keeps running", e);
            }
        }
    }

    private void poll() throws IOException {
        long begun = System.nanoTime();
        if (begun - nextPoll < 0) {
            return;
        }
        Map<Path, Stamp> now = folder.stamps();
        long ended = System.nanoTime();
        nextPoll = ended + Math.min(LONGEST_WAIT.toNanos(), WAIT_FACTOR * (ended - begun));
        Map<Path, Stamp> unchanged = new TreeMap<>(applied);
        now.forEach((file, stamp) -> {
            if (stamp.equals(seen.get(file))) {
                unchanged.put(file, stamp);
            }
        });
        unchanged.keySet().removeIf(f -> !now.containsKey(f) && !seen.containsKey(f));
        seen = now;
        boolean again = System.nanoTime() - appliedAt > RETRY_AFTER.toNanos()
                && kinds.stream().anyMatch(log::isRefusing);
        if (again || !unchanged.equals(applied)) {
            apply(unchanged);
        }
        log.retry();
    }

    private void apply(Map<Path, Stamp> state) {
        Set<Path> edited = new TreeSet<>(state.keySet());
        edited.removeIf(f -> state.get(f).equals(applied.get(f)));
        Map<Path, Optional<String>> changes = new TreeMap<>();
        applied.keySet().stream().filter(f -> !state.containsKey(f)).forEach(f -> changes.put(f, Optional.empty()));
        changes.keySet().forEach(unreadable::remove);
        edited.forEach(f -> read(f).ifPresent(text -> changes.put(f, Optional.of(text))));
        applied = state;
        log.refused(READING, List.copyOf(unreadable.values()));
        for (EditableFiles kind : kinds) {
            Map<Path, Optional<String>> own = new TreeMap<>(changes);
            own.keySet().removeIf(f -> !kind.owns(f));
            if (!own.isEmpty() || log.isRefusing(kind)) {
                log.refused(kind, kind.apply(own));
            }
        }
        appliedAt = System.nanoTime();
        log.write(state.keySet(), edited);
    }

    private Optional<String> read(Path file) {
        unreadable.remove(file);
        try {
            return Optional.of(folder.read(file));
        } catch (EditRefusedException e) {
            unreadable.put(file, e.refusal());
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        scheduler.shutdown();
        try {
            if (!scheduler.awaitTermination(60, TimeUnit.SECONDS)) {
                scheduler.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
