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
 * Keeps what runs in step with the files under {@code routes}, {@code sql} and the folders that a kind of file names.
 * It compares instead of listening: each look takes the folders as they are, so no event can be missed, five edits in a
 * second end in the last one, and a file half-written is left until it has been still for one look.
 */
public final class Edits implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Edits.class);
    private static final String READING = "reading";
    /**
     * With thousands of files a look takes its time: the next one waits this many times as long, at most
     * {@link #LONGEST_WAIT}.
     */
    private static final int WAIT_FOR_LOOK = 20;

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    /** What is refused may be right later: a server that was down, a bean that came late. */
    private static final Duration NEXT_TRY = Duration.ofSeconds(30);

    private final WatchedFiles folder;
    private final List<EditableFiles> kinds;
    private final EditLog log;
    private final ScheduledExecutorService scheduler =
            Executors.newSingleThreadScheduledExecutor(r -> new Thread(r, "edits"));
    /** As of the last look, and as it was taken into effect. */
    private Map<Path, Stamp> seen = Map.of();

    private Map<Path, Stamp> applied = Map.of();
    private final Map<Path, Refusal> unreadable = new HashMap<>();
    private long triedAt;
    private long nextLook = System.nanoTime();
    private String problem = "";

    private Edits(Path root, RouteFiles routes, List<EditableFiles> others, EditLog log) {
        // what routes ask for when they start is there first
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
     * Takes all files into effect and then goes on looking for edits.
     *
     * @param context where routes run
     * @param readers further kinds of files that become routes, beside Camel's YAML
     * @param others kinds of files that become something else
     * @param every time between two looks; an edit takes effect after one to two of them
     */
    public static Edits start(
            CamelContext context,
            Warehouse warehouse,
            Path root,
            List<RouteReader> readers,
            List<EditableFiles> others,
            Duration every) {
        Edits edits = new Edits(root, new RouteFiles(context, readers), others, new EditLog(warehouse));
        edits.first();
        edits.scheduler.scheduleWithFixedDelay(
                edits::lookAgain, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
        return edits;
    }

    private void first() {
        try {
            seen = folder.look();
            take(seen);
        } catch (IOException e) {
            LOG.error("The project's files cannot be read; the look for them will be repeated: {}", e.toString());
        }
    }

    private void lookAgain() {
        try {
            look();
            problem = "";
        } catch (Exception | LinkageError e) {
            // said once: the next look is half a second away
            if (!problem.equals(e.toString())) {
                problem = e.toString();
                LOG.error("The look for edited files failed and will be repeated; all goes on as it is", e);
            }
        }
    }

    private void look() throws IOException {
        long begun = System.nanoTime();
        if (begun - nextLook < 0) {
            return;
        }
        Map<Path, Stamp> now = folder.look();
        long ended = System.nanoTime();
        nextLook = ended + Math.min(LONGEST_WAIT.toNanos(), WAIT_FOR_LOOK * (ended - begun));
        Map<Path, Stamp> still = new TreeMap<>(applied);
        now.forEach((file, stamp) -> {
            if (stamp.equals(seen.get(file))) {
                still.put(file, stamp);
            }
        });
        still.keySet().removeIf(f -> !now.containsKey(f) && !seen.containsKey(f));
        seen = now;
        boolean again = System.nanoTime() - triedAt > NEXT_TRY.toNanos()
                && kinds.stream().anyMatch(log::isRefusing);
        if (again || !still.equals(applied)) {
            take(still);
        }
        log.retry();
    }

    private void take(Map<Path, Stamp> state) {
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
        triedAt = System.nanoTime();
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
