package serai.watch.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import serai.warehouse.RunOutcome;
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
        sql("truncate meta.silences, meta.pending_alerts, meta.notified, meta.firing, meta.outbox, meta.rules");
    }

    private void sql(String sql, Object... parameters) throws SQLException {
        try (Connection c = warehouse.dataSource().getConnection();
                PreparedStatement s = c.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                s.setObject(i + 1, parameters[i]);
            }
            s.execute();
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
    public List<ElasticsearchQuery> takeAsked() {
        return documents.takeAsked();
    }

    @Override
    public void commit(Consumer<AlertStore> work) throws Exception {
        try (Writer writer = warehouse.writer("engine-recordings")) {
            writer.commitWithState(tx -> {
                WarehouseAlertStore store = new WarehouseAlertStore(tx);
                work.accept(store);
                store.write();
                return RunOutcome.ok(0, 0, 0, 0, null);
            });
        }
    }

    @Override
    public void covered(String rule, Instant end) throws SQLException {
        sql(
                "insert into meta.rules (rule, type, file, ends_at) values (?, 'any', 'r.yaml', ?)"
                        + " on conflict (rule) do update set ends_at = excluded.ends_at",
                rule,
                end.atOffset(ZoneOffset.UTC));
    }

    @Override
    public List<Silence> silences() throws SQLException {
        List<Silence> silences = new ArrayList<>();
        try (Connection c = warehouse.dataSource().getConnection();
                PreparedStatement s =
                        c.prepareStatement("select silence_key, rule, until, exponent, suppressed from meta.silences");
                ResultSet r = s.executeQuery()) {
            while (r.next()) {
                silences.add(new Silence(
                        r.getString(1),
                        r.getString(2),
                        r.getObject(3, OffsetDateTime.class).toInstant(),
                        r.getInt(4),
                        r.getLong(5),
                        null,
                        null));
            }
        }
        return silences;
    }

    @Override
    public List<Queued> takeQueued() throws Exception {
        List<Queued> queued = new ArrayList<>();
        try (Connection c = warehouse.dataSource().getConnection();
                PreparedStatement s = c.prepareStatement(
                        "with sent as (update meta.outbox set status = 'sent' where status = 'pending'"
                                + " returning message_id, alert_id, target, payload) select alert_id, target, payload"
                                + " from sent order by message_id");
                ResultSet r = s.executeQuery()) {
            while (r.next()) {
                ObjectNode payload = (ObjectNode) Recordings.JSON.readTree(r.getString(3));
                String identity = r.getString(2).equals(Destination.sha256("record")) ? "record" : "fail";
                queued.add(new Queued(
                        r.getString(1), new Alerter.Message(new RecordAlerter.Named(identity), payload, payload)));
            }
        }
        return queued;
    }
}
