package serai.refresh;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.edits.EditRefusedException;
import serai.edits.EditableFiles;
import serai.room.Room;
import serai.room.RoomContext;
import serai.warehouse.RunOutcome;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;

/**
 * The room that turns what landed into the star schema. The kamelet {@code refresh-models} calls it by the name
 * {@code refreshModels}.
 */
public final class RefreshRoom implements Room {

    private static final Logger LOG = LoggerFactory.getLogger(RefreshRoom.class);

    private final Warehouse warehouse;
    private final RefreshSettings settings;
    private final Clock clock;
    private final SqlFiles files;
    private final ReentrantLock ticking = new ReentrantLock();
    private volatile boolean stopping;

    RefreshRoom(Warehouse warehouse, RefreshSettings settings, Clock clock) {
        this.warehouse = warehouse;
        this.settings = settings;
        this.clock = clock;
        this.files = new SqlFiles(warehouse);
    }

    /**
     * Opens the room: reads {@code refresh.max-days}, {@code refresh.lock-timeout} and {@code refresh.max-time} and
     * binds {@code refreshModels}.
     */
    public static RefreshRoom open(RoomContext opened) {
        CamelContext context = opened.camel();
        Warehouse warehouse = opened.warehouse();
        RefreshSettings settings = new RefreshSettings(
                Integer.parseInt(context.resolvePropertyPlaceholders("{{refresh.max-days:40}}")),
                duration(context, "{{refresh.lock-timeout:2s}}"),
                duration(context, "{{refresh.max-time:10m}}"));
        RefreshRoom refresh = new RefreshRoom(warehouse, settings, Clock.systemUTC());
        context.getRegistry().bind("refreshModels", refresh);
        return refresh;
    }

    private static Duration duration(CamelContext context, String setting) {
        return context.getTypeConverter().convertTo(Duration.class, context.resolvePropertyPlaceholders(setting));
    }

    /** The SQL files and seeds; until their first batch a tick does nothing. */
    @Override
    public List<EditableFiles> editableFiles() {
        return List.of(files);
    }

    /** One firing of the timer: runs until no days are left that wait, or {@code refresh.max-time} is over. */
    public void tick() throws Exception {
        if (!ticking.tryLock()) {
            LOG.info("Skipped: the refresh before this one is still at work.");
            return;
        }
        try {
            Instant end = clock.instant().plus(settings.maxTime());
            boolean rest = true;
            while (rest && !stopping && clock.instant().isBefore(end)) {
                rest = run();
            }
        } finally {
            ticking.unlock();
        }
    }

    /**
     * One run through all models, each for at most {@code refresh.max-days} days.
     *
     * @return whether days are left for the next run
     */
    boolean run() throws Exception {
        Catalog catalog = files.catalog();
        if (catalog == null) {
            LOG.info("Skipped: no SQL file has been read yet.");
            return false;
        }
        Optional<Writer> taken = warehouse.tryWriter("refresh");
        if (taken.isEmpty()) {
            LOG.info("Skipped: another process refreshes this warehouse now.");
            return false;
        }
        try (Writer writer = taken.get()) {
            return run(catalog, writer);
        }
    }

    private boolean run(Catalog catalog, Writer writer) throws Exception {
        long id = catalog.asksForRunId() ? writer.begin("refresh", null) : 0;
        boolean rest = new RefreshRun(
                        new RunContext(warehouse, catalog, settings, clock.instant(), id), writer, () -> stopping)
                .go();
        if (id != 0) {
            writer.end(RunOutcome.ok(0, 0, 0, 0, null));
        }
        return rest;
    }

    /**
     * Calculates a model's whole history by the newest text of its file and puts it in place, also with other columns
     * than before.
     *
     * @throws EditRefusedException when the file is wrong
     * @throws IllegalArgumentException when there is no such model, or its kind has nothing to rebuild or must not be
     *     rebuilt
     * @throws IllegalStateException when a refresh is at work, or when the input no longer reaches back to the table's
     *     first day
     */
    public void rebuild(String name) throws Exception {
        EditBatch settlement = files.allowingNewColumns(name);
        CatalogEntry entry = settlement.catalog().get(name);
        if (entry == null) {
            throw new IllegalArgumentException("There is no model " + name + ".");
        }
        if (entry.kind() != ModelKind.RECALC) {
            throw new IllegalArgumentException(
                    entry.kind() == ModelKind.ONCE
                            ? name
                                    + " is a once: it holds what was true then, and no input has that any more. It cannot be rebuilt."
                            : name + " is a " + entry.kind().word()
                                    + ": each refresh makes it whole, there is nothing to rebuild.");
        }
        try (Writer all = warehouse
                        .tryWriter("refresh")
                        .orElseThrow(() -> new IllegalStateException("A refresh is at work; try again."));
                Writer own = warehouse.writer("refresh:" + name)) {
            ActiveModels.update(all, settlement.catalog());
            new ModelRebuild(new RunContext(warehouse, settlement.catalog(), settings, clock.instant(), 0), (Model)
                            entry)
                    .run(own);
            files.accept(settlement);
        }
    }

    /** Stops after the model that is at work. */
    @Override
    public void close() {
        stopping = true;
        ticking.lock();
        ticking.unlock();
    }
}
