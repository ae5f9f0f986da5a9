package serai.load.replicate;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.load.replicate.mapping.SourceTable;
import serai.warehouse.RunOutcome;
import serai.warehouse.Transaction;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;

/**
 * Follows a source from the position in the warehouse until something fails or its tables change; then another session
 * begins from the position. Tables that are to be copied are copied between its changes.
 */
final class ReplicationSession implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReplicationSession.class);
    private static final Duration SLICE_WAIT = Duration.ofSeconds(1);
    private static final Duration IDLE = Duration.ofSeconds(10);
    /** How long a table may be published that lost its key, which makes updates of the application fail. */
    private static final Duration GUARD = Duration.ofSeconds(5);

    private static final Duration COMPLETENESS = Duration.ofSeconds(5);
    private static final Duration WISHES = Duration.ofSeconds(1);
    /** How long a copy waits for changes that come all the time. */
    private static final Duration COPY_PAUSE = Duration.ofSeconds(2);

    private static final String MISSED =
            "it was not in the publication for a while (it was made anew, or had no key, or"
                    + " was taken out), and its changes of that time are lost.";

    private final ReplicationPlan plan;
    private final Writer writer;
    private final TableStates states;
    private final Connection source;
    private final TableCopy copy;
    private final Reloads reloads;
    private final Adoption adoption;
    private final Validations validations;
    private final SourceRows rows;
    private final SourceLog log;
    private final ChunkQueue queue = new ChunkQueue();
    private List<ReplicatedTable> tables = List.of();
    private Set<String> catalogNames = Set.of();
    private volatile LogPosition position;
    private volatile long written;
    private long lastGuard = System.nanoTime();
    private long lastIdle = System.nanoTime();
    private long lastWishes;
    private long lastCopy;
    private boolean copyable;
    private long lastCompleteness;

    private ReplicationSession(
            Warehouse warehouse, ReplicationPlan plan, Writer writer, TableStates states, Connection source) {
        this.plan = plan;
        this.writer = writer;
        this.states = states;
        this.source = source;
        this.copy = new TableCopy(warehouse, plan, writer, states);
        this.reloads = new Reloads(plan, writer, states);
        this.adoption = new Adoption(plan.source(), writer, states, reloads);
        this.validations = new Validations(warehouse, plan);
        this.rows = plan.database().rows(source);
        this.log = plan.database().log(plan, source);
    }

    /**
     * Connects as the writer of a source.
     *
     * @param writer stays the caller's to close
     */
    static ReplicationSession connect(Warehouse warehouse, ReplicationPlan plan, Writer writer) throws SQLException {
        TableStates states = writer.read(sql -> TableStates.read(sql, plan.source()));
        return new ReplicationSession(
                warehouse, plan, writer, states, plan.database().connect());
    }

    /**
     * Begins to read the log.
     *
     * @throws LostPositionException when changes since the position are gone
     */
    void start() throws Exception {
        TableCatalog catalog = new TableCatalog(plan.database(), source, plan.mapping());
        catalog.read();
        tables = catalog.tables();
        catalogNames = names(catalog);
        position = LogPosition.of(writer.position());
        if (position != null && log.isSame(position)) {
            parkMissed();
        }
        log.carry(tables);
        StartPosition start = StartPosition.find(plan, writer, log, adoption, tables, position);
        position = log.complete(start.position());
        tables = tables.stream().filter(log::follows).toList();
        prepare(catalog.refused(), start.tables());
        log.follow(position, queue);
    }

    /** Tables that somebody took out of the log. */
    private List<ReplicatedTable> missed() throws SQLException {
        List<ReplicatedTable> carried = log.carried(tables);
        return tables.stream()
                .filter(table -> !carried.contains(table))
                .filter(table -> states.of(table.source()) != null && !states.isParked(table.source()))
                .toList();
    }

    private void parkMissed() throws Exception {
        List<ReplicatedTable> missed = missed();
        if (!missed.isEmpty()) {
            writer.commitWithState(tx -> {
                for (ReplicatedTable table : missed) {
                    states.park(tx.sql(), table.source(), table.target(), MISSED);
                }
                return RunOutcome.ok();
            });
        }
    }

    private static Set<String> names(TableCatalog catalog) {
        Set<String> names = catalog.refused().keySet().stream()
                .map(table -> "refused " + table)
                .collect(Collectors.toCollection(HashSet::new));
        catalog.tables().forEach(table -> names.add(table.toString()));
        return names;
    }

    /** Creates the tables of the warehouse, with the position, from which on nothing is lost. */
    private void prepare(Map<SourceTable, String> refused, StartPosition.Tables fate) throws Exception {
        writer.commitWithState(tx -> {
            for (Map.Entry<SourceTable, String> table : refused.entrySet()) {
                if (!states.isParked(table.getKey())) {
                    states.park(tx.sql(), table.getKey(), null, table.getValue());
                }
            }
            states.parkVanished(tx.sql(), catalogNames);
            ChunkWriter out = new ChunkWriter(tx, states, null, plan.refusedRow(), null);
            TargetTables targets = new TargetTables(states);
            for (ReplicatedTable table : tables) {
                AddedProtections protections = new AddedProtections(tx, table);
                boolean anew = protections.apply();
                if (states.of(table.source()) == null) {
                    out.writeOrPark(table, () -> targets.begin(tx, table));
                } else if (fate == StartPosition.Tables.COPY_ANEW) {
                    reloads.begin(tx, table, true, position.lsn());
                } else {
                    out.writeOrPark(table, () -> targets.shape(tx, table, position.lsn()));
                    if (fate == StartPosition.Tables.COMPARE) {
                        adoption.begin(tx, table, position.lsn());
                    } else if (anew && !states.isParked(table.source())) {
                        boolean whole = states.of(table.source()) == TableStates.State.COMPLETE;
                        reloads.begin(tx, table, !whole, position.lsn());
                    }
                }
                protections.save();
            }
            if (fate == StartPosition.Tables.COMPARE) {
                adoption.take(tx);
            }
            tx.position(position.json());
            return RunOutcome.ok();
        });
    }

    /**
     * The next changes.
     *
     * @return null when there are none
     * @throws SQLException when the log cannot be read any more
     */
    Chunk next(Duration most) throws SQLException, InterruptedException {
        return queue.take(most);
    }

    /**
     * How long to wait for changes: not at all while ranges can be copied.
     *
     * @param usual in other cases
     */
    Duration patience(Duration usual) {
        return copyable ? Duration.ZERO : usual;
    }

    /** Applies changes, up to the end of the transaction of which they may be a part, and then acknowledges them. */
    void apply(Chunk first) throws Exception {
        LogPosition[] end = {null};
        writer.commitWithState(tx -> {
            tx.sql().execute(PostgresDatabase.localTextFormats() + "; " + StagedChanges.PROBES);
            Chunk chunk = first;
            log.applied(chunk.transactions());
            write(tx, chunk);
            while (!chunk.isWhole()) {
                Chunk next = queue.take(SLICE_WAIT);
                if (next != null) {
                    chunk = next;
                    log.applied(chunk.transactions());
                    write(tx, chunk);
                }
            }
            end[0] = log.at(position, chunk);
            advance(tx, end[0], chunk.committedAt());
            return RunOutcome.ok();
        });
        position = end[0];
        log.acknowledge(position.lsn());
        lastIdle = System.nanoTime();
    }

    /** What is in the log may not be seen yet. */
    private TableChanges readAgain(ReplicatedTable table, List<List<String>> keys) throws SQLException {
        log.awaitVisible();
        return rows.read(table, keys);
    }

    private void write(Transaction tx, Chunk chunk) throws SQLException {
        new ChunkWriter(tx, states, this::readAgain, plan.refusedRow(), LogPosition.text(position.lsn())).write(chunk);
        written += chunk.changes();
    }

    private void advance(Transaction tx, LogPosition to, Instant committedAt) throws SQLException {
        tx.position(to.json());
        new TargetTables(states).reach(tx, tables, to.lsn());
        boolean due = System.nanoTime() - lastCompleteness > COMPLETENESS.toNanos();
        if (committedAt != null && due && states.areAllComplete()) {
            tables.forEach(table -> tx.completeTo(table.target(), committedAt));
            lastCompleteness = System.nanoTime();
        }
    }

    /**
     * What is done between changes.
     *
     * @return false when the session has to begin anew: tables of the source came, went, or lost their key
     */
    boolean goOn() throws Exception {
        if (states.isReshaped()) {
            LOG.info("source={} A table is copied in its new shape.", plan.source());
            return false;
        }
        copyOn();
        if (System.nanoTime() - lastWishes > WISHES.toNanos()) {
            lastWishes = System.nanoTime();
            if (reloads.beginWished(tables, position.lsn())) {
                return false;
            }
            adoption.decline();
            adoption.settle(tables, position.lsn());
            writer.read(sql -> {
                validations.poll(sql, tables, states);
                return null;
            });
        }
        if (System.nanoTime() - lastGuard > GUARD.toNanos()) {
            lastGuard = System.nanoTime();
            log.forgetVisible();
            if (log.looksForTables() && looksDifferent()) {
                LOG.info("source={} The source has other tables than before.", plan.source());
                return false;
            }
        }
        if (log.hasOtherTables()) {
            LOG.info("source={} Tables of the source came, went or changed.", plan.source());
            return false;
        }
        if (System.nanoTime() - lastIdle > IDLE.toNanos()) {
            lastIdle = System.nanoTime();
            idle();
        }
        return true;
    }

    private boolean looksDifferent() throws SQLException {
        TableCatalog now = new TableCatalog(plan.database(), source, plan.mapping());
        now.read();
        return !names(now).equals(catalogNames) || !missed().isEmpty();
    }

    /** Copies ranges when no changes wait, but at least every few seconds. */
    private void copyOn() throws Exception {
        if (tables.stream().anyMatch(table -> states.isCopying(table.source()))) {
            boolean due = queue.isIdle() || System.nanoTime() - lastCopy > COPY_PAUSE.toNanos();
            copyable = log.isAppliedVisible();
            if (due && copyable) {
                if (copy.step(tables)) {
                    // or an idle source would not come to the end of the copy
                    rows.bringOn();
                }
                lastCopy = System.nanoTime();
            }
        } else {
            copyable = false;
        }
        reloads.settle(tables, position.lsn());
    }

    /** An idle source moves on, too: it need not keep its log, and its tables are complete up to now. */
    private void idle() throws Exception {
        long received = log.receivedLsn();
        if (queue.isIdle() && Long.compareUnsigned(received, position.lsn()) > 0) {
            LogPosition to = position.at(received, null);
            writer.commitWithState(tx -> {
                advance(tx, to, null);
                return RunOutcome.ok();
            });
            position = to;
            log.acknowledge(received);
        }
    }

    /** Up to where the log was received. */
    String receivedLsn() {
        return LogPosition.text(log.receivedLsn());
    }

    /** Changes that were received and are not written yet. */
    long pending() {
        return queue.changes();
    }

    /** Changes that this session has written, also those of a transaction that is not over. */
    long written() {
        return written;
    }

    /** Up to where the log is applied. */
    String lsn() {
        return LogPosition.text(position.lsn());
    }

    /** Ends what it may be waiting for at the source; only {@link #close} is of use afterwards. */
    void abort() {
        copy.abort();
        log.abort();
    }

    @Override
    public void close() throws SQLException, InterruptedException {
        validations.close();
        log.close();
        copy.close();
        source.close();
    }
}
