package serai.watch.elastalert;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.function.Consumer;
import serai.warehouse.Warehouse;
import serai.watch.alert.AlertRule;
import serai.watch.engine.RunRecorder;
import serai.watch.rule.Options;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.search.BatchingSearch;

/**
 * ElastAlert's own indices: what a stopped one left there is taken over by rules that never ran here, and what rules do
 * here may be written there, so that dashboards, and rules over these indices, go on.
 */
public final class ElastAlertState implements AutoCloseable {

    /** There are no such indices. */
    public static final ElastAlertState NONE = new ElastAlertState(null, null, null);

    private static final Duration NEXT_TRY = Duration.ofSeconds(5);

    private final StateImport takeOver;
    private final StateLog log;
    private final StateDelivery delivery;
    private MigrationBarrier gate;

    /**
     * What is wanted of it.
     *
     * @param index ElastAlert's {@code writeback_index}
     * @param written whether what rules do is written there
     * @param metadata {@code add_metadata_alert}: whether alerts carry what the rule says of itself
     * @param oldQueryLimit a last run that is longer ago is as if it had not been
     * @param alertTimeLimit alerts that should have been delivered longer ago are given up
     */
    public record Wanted(
            String index, boolean written, boolean metadata, Duration oldQueryLimit, Duration alertTimeLimit) {}

    private ElastAlertState(StateImport takeOver, StateLog log, StateDelivery delivery) {
        this.takeOver = takeOver;
        this.log = log;
        this.delivery = delivery;
    }

    /**
     * @param defaults options of all rules: they say at which server the indices are
     * @throws RuleException when these options are wrong
     */
    public static ElastAlertState open(Warehouse warehouse, BatchingSearch search, Options defaults, Wanted wanted)
            throws RuleException {
        // like a rule that says nothing of its own
        Options asking = new Options(
                Map.of("name", "ElastAlert's state", "type", "any", "index", wanted.index(), "alert", "debug"),
                Map.of());
        Rule asker = Rule.of(asking, Path.of("application.properties"), defaults, ZoneOffset.UTC);
        StateIndices indices = new StateIndices(wanted.index());
        StateImport takeOver = new StateImport(
                warehouse, new StateReader(search, asker), indices, wanted.oldQueryLimit(), wanted.alertTimeLimit());
        StateLog log = wanted.written() ? new StateLog(wanted.metadata()) : null;
        StateServer server = (method, path, query, body) -> search.send(asker, method, path, query, body);
        return new ElastAlertState(
                takeOver, log, log == null ? null : new StateDelivery(warehouse, server, indices, log));
    }

    /**
     * Stands before those who run rules: rules come through when what ElastAlert left of them is taken over.
     *
     * @param next takes the rules that may run, whenever they change; called from one thread
     */
    public Consumer<Map<String, AlertRule>> before(Consumer<Map<String, AlertRule>> next) {
        if (takeOver == null) {
            return next;
        }
        gate = new MigrationBarrier(takeOver, next, NEXT_TRY, Clock.systemUTC());
        return gate::want;
    }

    /** Records what runs do. */
    public RunRecorder recorder() {
        return log == null ? RunRecorder.NONE : log;
    }

    /** Brings what was told since to Elasticsearch; fails never. To be called now and then, by one thread at a time. */
    public void deliver() {
        if (delivery != null) {
            delivery.deliver();
        }
    }

    @Override
    public void close() {
        if (gate != null) {
            gate.close();
        }
    }
}
