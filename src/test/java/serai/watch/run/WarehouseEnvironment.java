package serai.watch.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import serai.warehouse.Row;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;
import serai.watch.alert.AlertStore;
import serai.watch.alert.Silence;
import serai.watch.alerter.Alerter;
import serai.watch.alerter.Destination;
import serai.watch.query.ElasticsearchQuery;
import serai.watch.query.Search;
import serai.watch.rule.Recordings;
import serai.watch.store.WarehouseAlertStore;

/**
 * The alert store in PostgreSQL, with the documents of another environment; each commit reads and writes as a new
 * process.
 */
final class WarehouseEnvironment implements EngineEnvironment {

    private final EngineEnvironment documents;
    private final Warehouse warehouse;

    WarehouseEnvironment(EngineEnvironment documents, Warehouse warehouse) throws SQLException {
        this.documents = documents;
        this.warehouse = warehouse;
        update("truncate meta.silences, meta.pending_alerts, meta.notified, meta.firing, meta.outbox, meta.rules");
    }

    private void update(String sql, Object... parameters) throws SQLException {
        try (Connection c = warehouse.dataSource().getConnection()) {
            Sql.on(c).update(sql, parameters);
        }
    }

    @Override
    public Search search() {
        return documents.search();
    }

    @Override
    public void add(Search.Hit document, Instant visibleAt) throws Exception {
        documents.add(document, visibleAt);
    }

    @Override
    public void at(Instant now) throws Exception {
        documents.at(now);
    }

    @Override
    public void fail(Predicate<ElasticsearchQuery> which, int after) {
        documents.fail(which, after);
    }

    @Override
    public List<ElasticsearchQuery> takeRequests() {
        return documents.takeRequests();
    }

    @Override
    public void commit(Consumer<AlertStore> work) throws Exception {
        try (Writer writer = warehouse.writer("engine-recordings")) {
            writer.commitWithState(tx -> {
                WarehouseAlertStore store = new WarehouseAlertStore(tx);
                work.accept(store);
                store.write();
                return RunOutcome.ok();
            });
        }
    }

    @Override
    public void covered(String rule, Instant end) throws SQLException {
        update("""
                insert into meta.rules (rule, type, file, ends_at) values (?, 'any', 'r.yaml', ?)
                on conflict (rule) do update set ends_at = excluded.ends_at""", rule, end);
    }

    @Override
    public List<Silence> silences() throws SQLException {
        try (Connection c = warehouse.dataSource().getConnection()) {
            return Sql.on(c)
                    .list(
                            "select silence_key, rule, until, exponent, suppressed from meta.silences",
                            row -> new Silence(
                                    row.text("silence_key"),
                                    row.text("rule"),
                                    row.instant("until"),
                                    (int) row.number("exponent"),
                                    row.number("suppressed"),
                                    null,
                                    null));
        }
    }

    @Override
    public List<Queued> takeQueued() throws Exception {
        try (Connection c = warehouse.dataSource().getConnection()) {
            return Sql.on(c).list("""
                    with sent as (update meta.outbox set status = 'sent' where status = 'pending'
                      returning message_id, alert_id, target, payload)
                    select alert_id, target, payload from sent order by message_id""", WarehouseEnvironment::queued);
        }
    }

    private static Queued queued(Row row) throws SQLException {
        ObjectNode payload = json(row.text("payload"));
        String address = row.text("target").equals(Destination.sha256("record")) ? "record" : "fail";
        return new Queued(
                row.text("alert_id"), new Alerter.Message(new RecordAlerter.Named(address), payload, payload));
    }

    private static ObjectNode json(String payload) {
        try {
            return (ObjectNode) Recordings.JSON.readTree(payload);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
