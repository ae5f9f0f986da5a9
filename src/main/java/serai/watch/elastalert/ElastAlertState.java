package serai.watch.elastalert;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import serai.elasticsearch.ElasticsearchClient;
import serai.warehouse.Warehouse;
import serai.watch.alert.AlertRule;
import serai.watch.engine.RunRecorder;

/**
 * ElastAlert's own indices. Rules that never ran here take over what a stopped ElastAlert left there. When the settings
 * ask for it, what rules do here is written there too, so that dashboards and rules over these indices go on.
 */
public final class ElastAlertState implements AutoCloseable {

    /** Without such indices. */
    public static final ElastAlertState NONE = new ElastAlertState(null, null, null);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final StateImport stateImport;
    private final StateRecorder recorder;
    private final StateDelivery delivery;
    private MigrationBarrier barrier;

    /**
     * Settings.
     *
     * @param writebackIndex ElastAlert's {@code writeback_index}
     * @param written whether what rules do is written there
     * @param metadata {@code add_metadata_alert}: whether documents of alerts have {@code category},
     *     {@code description}, {@code owner} and {@code priority} of the rule
     * @param oldQueryLimit a last run that is longer ago is ignored
     * @param alertTimeLimit alerts that were due longer ago are dropped
     */
    public record Settings(
            String writebackIndex,
            boolean written,
            boolean metadata,
            Duration oldQueryLimit,
            Duration alertTimeLimit) {}

    private ElastAlertState(StateImport stateImport, StateRecorder recorder, StateDelivery delivery) {
        this.stateImport = stateImport;
        this.recorder = recorder;
        this.delivery = delivery;
    }

    /** @param client of the server that has the indices */
    public static ElastAlertState open(Warehouse warehouse, ElasticsearchClient client, Settings settings) {
        String index = settings.writebackIndex();
        StateServer server = client::send;
        StateImport stateImport = new StateImport(
                warehouse, new StateReader(server), index, settings.oldQueryLimit(), settings.alertTimeLimit());
        StateRecorder recorder = settings.written() ? new StateRecorder(settings.metadata()) : null;
        StateDelivery delivery = recorder == null ? null : new StateDelivery(warehouse, server, index, recorder);
        return new ElastAlertState(stateImport, recorder, delivery);
    }

    /**
     * A consumer of rules that passes them on when their state is imported.
     *
     * @param next takes the rules that may run, whenever they change; called from one thread
     */
    public Consumer<Map<String, AlertRule>> importBefore(Consumer<Map<String, AlertRule>> next) {
        if (stateImport == null) {
            return next;
        }
        barrier = new MigrationBarrier(stateImport, next, RETRY_AFTER, Clock.systemUTC());
        return barrier::setRules;
    }

    /** Records what runs do, when it is to be written. */
    public RunRecorder recorder() {
        return recorder == null ? RunRecorder.NONE : recorder;
    }

    /** Sends what was recorded since to Elasticsearch; never fails. To be called regularly, by one thread at a time. */
    public void deliver() {
        if (delivery != null) {
            delivery.deliver();
        }
    }

    @Override
    public void close() {
        if (barrier != null) {
            barrier.close();
        }
    }
}
