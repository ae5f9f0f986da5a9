package serai.edits;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.edits.WatchedFiles.Stamp;
import serai.settings.Setting;
import serai.settings.SettingType;
import serai.settings.Settings;
import serai.warehouse.Warehouse;

/**
 * Applies edits of the files under {@code routes}, {@code sql} and the folders that a kind of file names. It polls the
 * folders instead of listening to file events: no event can be missed, five edits within a second end in the last one,
 * and a file is read only when it has not changed since the poll before, so that no half-written file is read.
 */
public final class Edits implements AutoCloseable {

    private static final Setting<Duration> EVERY = Setting.of(
            "edits.every",
            SettingType.duration(Duration.ofMillis(10), Duration.ofHours(1)),
            "500ms",
            "How often the files in routes/ and sql/ are compared. An edit takes effect after one or two comparisons.");
    private static final Setting<Duration> LET_FINISH = Setting.of(
            "edits.let-finish",
            SettingType.duration(Duration.ofMillis(1), Duration.ofDays(1)),
            "30s",
            "How long work in progress in an edited route may take before the route is stopped. Other edits wait for"
                    + " it.");

    /** The settings {@code edits.*}. */
    public static final List<Setting<?>> SETTINGS = List.of(EVERY, LET_FINISH);

    private static final Logger LOG = LoggerFactory.getLogger(Edits.class);
    private static final List<Path> FOLDERS = List.of(Path.of("routes"), Path.of("sql"));
    private static final String READING = "reading";
    /**
     * The next poll waits this many times as long as the last one took, at most {@link #LONGEST_WAIT}: with thousands
     * of files a poll costs something.
     */
    private static final int WAIT_FACTOR = 20;

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    /** A refused file may become valid without an edit, for example when a server answers again. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(30);

    private final Duration every;
    private final WatchedFiles folder;
    private final RouteFiles routes;
    private final List<EditableFiles> others;
    private final EditLog log;
    private final RouteLeases leases;
    private final ScheduledExecutorService scheduler =
            Executors.newSingleThreadScheduledExecutor(r -> new Thread(r, "edits"));
    /** All files, as of the last poll. */
    private Map<Path, Stamp> seen = Map.of();

    /** All files, as they were last applied. */
    private Map<Path, Stamp> applied = Map.of();

    /** The batch of the start: all files, of which the routes are not applied yet; empty when they cannot be read. */
    private CompletableFuture<Optional<Batch>> first;

    private final Map<Path, Refusal> unreadable = new HashMap<>();
    private long triedAt;
    private long nextPoll = System.nanoTime();
    private String problem = "";

    /**
     * One batch of edits.
     *
     * @param all all files that exist
     * @param edited those that were added or changed
     * @param changes the new text of each, empty for a removed file
     */
    private record Batch(Set<Path> all, Set<Path> edited, Map<Path, Optional<String>> changes) {}

    private Edits(
            Path root,
            Duration every,
            RouteFiles routes,
            List<EditableFiles> others,
            MigrationFiles migrations,
            EditLog log,
            RouteLeases leases) {
        this.leases = leases;
        this.every = every;
        this.routes = routes;
        this.others = withMigrations(others, migrations);
        this.log = log;
        this.folder = folder(root, routes, this.others);
    }

    private static List<EditableFiles> withMigrations(List<EditableFiles> others, MigrationFiles migrations) {
        return Stream.concat(Stream.of(migrations), others.stream()).toList();
    }

    private static WatchedFiles folder(Path root, RouteFiles routes, List<EditableFiles> others) {
        Set<Path> folders = new LinkedHashSet<>(FOLDERS);
        others.forEach(kind -> folders.addAll(kind.folders()));
        return new WatchedFiles(
                root,
                List.copyOf(folders),
                file -> routes.owns(file) || others.stream().anyMatch(kind -> kind.owns(file)),
                () -> others.stream().flatMap(kind -> kind.files().stream()).toList());
    }

    /**
     * Checks all files as far as no server is needed. No route starts and nothing is written.
     *
     * @param context not started; routes are tried with its beans and settings
     * @param readers as in {@link #open}
     * @param claims as in {@link #open}
     * @param others as in {@link #open}
     * @return what is refused, by file
     * @throws IOException when the folders cannot be read
     */
    public static List<Refusal> check(
            CamelContext context,
            Settings settings,
            Path root,
            List<RouteReader> readers,
            List<RouteClaims> claims,
            List<EditableFiles> others)
            throws IOException {
        RouteFiles routes = new RouteFiles(context, null, readers, claims, settings.get(LET_FINISH));
        List<EditableFiles> kinds = withMigrations(others, new MigrationFiles(Optional::empty));
        WatchedFiles folder = folder(root, routes, kinds);
        List<Refusal> refusals = new ArrayList<>();
        Map<Path, String> texts = texts(folder, refusals);
        for (EditableFiles kind :
                Stream.concat(kinds.stream(), Stream.of(routes)).toList()) {
            Map<Path, String> own = new TreeMap<>(texts);
            own.keySet().removeIf(file -> !kind.owns(file));
            refusals.addAll(kind.check(own));
        }
        refusals.sort(Comparator.comparing(Refusal::file));
        return refusals;
    }

    /**
     * Reads all files of a kind, for a command that applies them itself.
     *
     * @return the texts, as for {@link EditableFiles#apply} at a start
     * @throws IOException when the folders cannot be read
     * @throws IllegalStateException when a file cannot be read
     */
    public static Map<Path, Optional<String>> read(Path root, EditableFiles kind) throws IOException {
        List<Refusal> refusals = new ArrayList<>();
        Map<Path, Optional<String>> texts = new TreeMap<>();
        WatchedFiles folder = new WatchedFiles(root, FOLDERS, kind::owns, List::of);
        texts(folder, refusals).forEach((file, text) -> texts.put(file, Optional.of(text)));
        if (!refusals.isEmpty()) {
            throw new IllegalStateException(
                    refusals.get(0).file() + ": " + refusals.get(0).reason());
        }
        return texts;
    }

    /**
     * Starts one route, with the kamelets and the error handling, for a command while no process runs. It is stopped
     * with its context.
     *
     * @param context started, without routes
     * @return what is refused
     * @throws IOException when the folders cannot be read
     * @throws IllegalStateException when no file has the route
     */
    public static List<Refusal> startRoute(
            CamelContext context,
            Settings settings,
            Warehouse warehouse,
            Path root,
            String id,
            List<RouteClaims> claims)
            throws IOException {
        RouteLeases leases = new RouteLeases(context, warehouse);
        RouteFiles routes = new RouteFiles(context, leases, List.of(), claims, settings.get(LET_FINISH));
        List<Refusal> refusals = new ArrayList<>();
        Map<Path, String> texts = texts(new WatchedFiles(root, FOLDERS, routes::owns, List::of), refusals);
        RouteSources sources = new RouteSources(texts);
        Pattern route = Pattern.compile("\\bid:\\s*[\"']?" + Pattern.quote(id) + "[\"']?\\s");
        Map<Path, Optional<String>> needed = new TreeMap<>();
        texts.forEach((file, text) -> {
            if (RouteSources.isKamelet(file)
                    || sources.hasErrorHandling(file)
                    || route.matcher(text).find()) {
                needed.put(file, Optional.of(text));
            }
        });
        refusals.addAll(routes.apply(needed));
        if (refusals.isEmpty() && context.getRoute(id) == null) {
            throw new IllegalStateException("No file under routes/ has a route with the id " + id + ".");
        }
        return refusals;
    }

    private static Map<Path, String> texts(WatchedFiles folder, List<Refusal> refusals) throws IOException {
        Map<Path, String> texts = new TreeMap<>();
        for (Path file : folder.stamps().keySet()) {
            try {
                texts.put(file, folder.read(file));
            } catch (EditRefusedException e) {
                refusals.add(e.refusal());
            }
        }
        return texts;
    }

    /**
     * Reads all files, and applies those that become no routes: in a thread of its own, as soon as the warehouse is
     * open, while Camel starts.
     *
     * @param context the context that routes will run in
     * @param readers further kinds of files that become routes, besides Camel's YAML
     * @param claims what routes take for themselves: a second one that wants the same is refused
     * @param others kinds of files that become something else
     */
    public static Edits open(
            CamelContext context,
            Settings settings,
            Warehouse warehouse,
            Path root,
            List<RouteReader> readers,
            List<RouteClaims> claims,
            List<EditableFiles> others) {
        RouteLeases leases = new RouteLeases(context, warehouse);
        RouteFiles routes = new RouteFiles(context, leases, readers, claims, settings.get(LET_FINISH));
        Edits edits = new Edits(
                root,
                settings.get(EVERY),
                routes,
                others,
                new MigrationFiles(warehouse::failedMigration),
                new EditLog(warehouse),
                leases);
        edits.first = CompletableFuture.supplyAsync(() -> edits.applyOthers(warehouse), edits.scheduler);
        return edits;
    }

    /**
     * Adds the routes of the files, then polls for edits until it is closed. Call it once Camel runs.
     *
     * @throws IllegalStateException when the warehouse could not be opened
     */
    public void start() {
        applyRoutes();
        scheduler.scheduleWithFixedDelay(this::pollSafely, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Optional<Batch> applyOthers(Warehouse warehouse) {
        try {
            seen = folder.stamps();
            Batch batch = changesTo(seen);
            warehouse.awaitOpen();
            others.forEach(kind -> apply(kind, batch));
            return Optional.of(batch);
        } catch (IOException e) {
            LOG.error("The project's files cannot be read; the next poll tries again: {}", e.toString());
            return Optional.empty();
        }
    }

    private void applyRoutes() {
        try {
            first.join().ifPresent(this::finish);
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : e;
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
        boolean due = System.nanoTime() - triedAt > RETRY_AFTER.toNanos();
        if (due) {
            triedAt = System.nanoTime();
        }
        boolean again = due && (log.isRefusing(routes) || others.stream().anyMatch(this::isToBeTried));
        if (again || !unchanged.equals(applied)) {
            Batch batch = changesTo(unchanged);
            others.forEach(kind -> apply(kind, batch));
            finish(batch);
        }
        log.retry();
    }

    /** What a batch changes; a file that cannot be read is not among the changes. */
    private Batch changesTo(Map<Path, Stamp> state) {
        Set<Path> edited = new TreeSet<>(state.keySet());
        edited.removeIf(f -> state.get(f).equals(applied.get(f)));
        Map<Path, Optional<String>> changes = new TreeMap<>();
        applied.keySet().stream().filter(f -> !state.containsKey(f)).forEach(f -> changes.put(f, Optional.empty()));
        changes.keySet().forEach(unreadable::remove);
        edited.forEach(f -> read(f).ifPresent(text -> changes.put(f, Optional.of(text))));
        applied = state;
        log.refused(READING, List.copyOf(unreadable.values()));
        return new Batch(state.keySet(), edited, changes);
    }

    private boolean isToBeTried(EditableFiles kind) {
        return log.isRefusing(kind) || kind.canGoOn();
    }

    private void apply(EditableFiles kind, Batch batch) {
        Map<Path, Optional<String>> own = new TreeMap<>(batch.changes());
        own.keySet().removeIf(f -> !kind.owns(f));
        if (!own.isEmpty() || isToBeTried(kind)) {
            log.refused(kind, kind.apply(own));
        }
    }

    /** Routes come last: when they start, rules and models have been read. */
    private void finish(Batch batch) {
        apply(routes, batch);
        triedAt = System.nanoTime();
        log.write(batch.all(), batch.edited());
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

    /** Ends the polls, and the routes that run on one instance: another one may take them over. */
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
        leases.close();
    }
}
