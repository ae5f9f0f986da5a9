package serai.edits;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import serai.warehouse.Warehouse;

/**
 * Keeps what runs in step with the files under {@code routes} and {@code sql}. It compares instead of listening: each look takes the
 * folder as it is, so no event can be missed, five edits in a second end in the last one, and a file half-written is left until it has
 * been still for one look.
 */
public final class Edits implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Edits.class);
    private static final long LARGEST_FILE = 4L << 20;
    private static final int MOST_FILES = 20_000;

    private final Path root;
    private final List<Path> folders;
    private final List<Editable> kinds;
    private final EditLog log;
    private final ScheduledExecutorService scheduler =
            Executors.newSingleThreadScheduledExecutor(r -> new Thread(r, "edits"));
    /** As of the last look, and as it was taken into effect. */
    private Map<Path, Stamp> seen = Map.of();
    private final Map<Path, Stamp> applied = new HashMap<>();

    private record Stamp(FileTime modified, long size) {
    }

    private Edits(Path root, List<Path> folders, List<Editable> kinds, EditLog log) {
        this.root = root;
        this.folders = folders;
        this.kinds = kinds;
        this.log = log;
    }

    /**
     * Takes all files into effect and then goes on looking for edits.
     *
     * @param context where routes run
     * @param readers further kinds of files that become routes, beside Camel's YAML
     * @param others  kinds of files that become something else
     * @param every   time between two looks; an edit takes effect after one to two of them
     */
    public static Edits start(CamelContext context, Warehouse warehouse, Path root, List<RouteReader> readers, List<Editable> others,
            Duration every) {
        List<RouteReader> allReaders = new ArrayList<>(readers);
        allReaders.add(new CamelYaml(context));
        // what routes ask for when they start is there first
        List<Editable> kinds = new ArrayList<>(others);
        kinds.add(new RouteFiles(context, allReaders));
        Edits edits = new Edits(root, List.of(Path.of("routes"), Path.of("sql")), kinds, new EditLog(warehouse));
        edits.first();
        edits.scheduler.scheduleWithFixedDelay(edits::look, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
        return edits;
    }

    private void first() {
        seen = stamps();
        take(seen);
    }

    private void look() {
        try {
            Map<Path, Stamp> now = stamps();
            Map<Path, Stamp> still = new TreeMap<>(applied);
            for (Path file : now.keySet()) {
                if (now.get(file).equals(seen.get(file))) {
                    still.put(file, now.get(file));
                }
            }
            applied.keySet().stream().filter(f -> !now.containsKey(f) && !seen.containsKey(f)).forEach(still::remove);
            seen = now;
            if (!still.equals(applied)) {
                take(still);
            }
            log.retry();
        } catch (Exception | LinkageError e) {
            LOG.error("The look for edited files failed and will be repeated", e);
        }
    }

    private void take(Map<Path, Stamp> state) {
        Map<Path, Optional<String>> changes = new TreeMap<>();
        List<Refusal> unreadable = new ArrayList<>();
        for (Path file : state.keySet()) {
            if (!state.get(file).equals(applied.get(file))) {
                read(file, state.get(file), unreadable).ifPresent(text -> changes.put(file, Optional.of(text)));
            }
        }
        applied.keySet().stream().filter(f -> !state.containsKey(f)).forEach(f -> changes.put(f, Optional.empty()));
        applied.clear();
        applied.putAll(state);
        log.unreadable(unreadable);
        for (Editable kind : kinds) {
            Map<Path, Optional<String>> own = new TreeMap<>(changes);
            own.keySet().removeIf(f -> !kind.owns(f));
            if (!own.isEmpty()) {
                log.taken(kind, own, kind.apply(own));
            }
        }
    }

    private Optional<String> read(Path file, Stamp stamp, List<Refusal> unreadable) {
        if (stamp.size() > LARGEST_FILE) {
            unreadable.add(new Refusal(file, null, "it is larger than " + (LARGEST_FILE >> 20) + " MB."));
            return Optional.empty();
        }
        try {
            byte[] bytes = Files.readAllBytes(root.resolve(file));
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            unreadable.add(new Refusal(file, null, "it is not UTF-8. Save it as UTF-8."));
        } catch (IOException e) {
            unreadable.add(new Refusal(file, null, "it cannot be read: " + e.getMessage()));
        }
        return Optional.empty();
    }

    private Map<Path, Stamp> stamps() {
        Map<Path, Stamp> stamps = new TreeMap<>();
        for (Path folder : folders) {
            Path start = root.resolve(folder);
            if (Files.isDirectory(start)) {
                try (Stream<Path> files = Files.walk(start, 8, FileVisitOption.FOLLOW_LINKS)) {
                    files.limit(MOST_FILES).forEach(file -> stamp(file, stamps));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException("The folder " + folder + " cannot be read", e);
                }
            }
        }
        return stamps;
    }

    private void stamp(Path file, Map<Path, Stamp> stamps) {
        Path name = root.toAbsolutePath().relativize(file.toAbsolutePath());
        if (kinds.stream().noneMatch(k -> k.owns(name))) {
            return;
        }
        try {
            if (Files.isRegularFile(file)) {
                stamps.put(name, new Stamp(Files.getLastModifiedTime(file), Files.size(file)));
            }
        } catch (IOException e) {
            // gone between the listing and the look: the next look sees what it has become
            LOG.debug("file={} {}", name, e.getMessage());
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
