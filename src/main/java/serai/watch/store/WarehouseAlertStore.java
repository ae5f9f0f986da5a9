package serai.watch.store;

import java.sql.Connection;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import serai.warehouse.Transaction;
import serai.watch.alert.AlertDecider;
import serai.watch.alert.AlertGroup;
import serai.watch.alert.AlertRule;
import serai.watch.alert.AlertStore;
import serai.watch.alert.Finding;
import serai.watch.alert.Firing;
import serai.watch.alert.InMemoryAlertStore;
import serai.watch.alert.Silence;
import serai.watch.message.Alert;

/**
 * The book in the warehouse, inside one transaction: {@code meta.silences}, {@code meta.pending_alerts},
 * {@code meta.notified}, {@code meta.firing}, and messages in {@code meta.outbox}. It reads what was announced at once,
 * and writes when {@link #write} is called, once before the commit. Every method throws {@link AlertStoreException}
 * when the warehouse fails.
 */
public final class WarehouseAlertStore implements AlertStore {

    private final AlertTables rows;
    private final SilenceTable silences;
    private final PendingAlertTable pending;
    private final FiringTable firing;
    private final OutboxInserts outbox;

    public WarehouseAlertStore(Transaction tx) {
        this(tx.connection());
    }

    WarehouseAlertStore(Connection connection) {
        rows = new AlertTables(connection);
        silences = new SilenceTable(rows);
        pending = new PendingAlertTable(rows);
        firing = new FiringTable(rows);
        outbox = new OutboxInserts(rows);
    }

    /** A book for {@link AlertDecider#prepare}: it knows which of the keys are silenced now. Nothing is locked. */
    public static AlertStore hint(Connection connection, Collection<String> keys, Instant now) {
        InMemoryAlertStore hint = new InMemoryAlertStore();
        SilenceTable.running(new AlertTables(connection), keys, now).forEach(hint::silence);
        return hint;
    }

    /**
     * Takes back the silence of an alert that could be told to nobody, and what waits for its end unless that was told
     * of before.
     */
    public static void lift(Connection connection, String alertId) {
        AlertTables rows = new AlertTables(connection);
        rows.write(
                "delete from meta.firing f where f.alert_id = ? and not exists"
                        + " (select 1 from meta.silences s where s.alert_id = f.alert_id and s.since > f.since)",
                alertId);
        rows.write(
                "update meta.silences set until = least(until, clock_timestamp()), exponent = 0, alert_id = null where alert_id = ?",
                alertId);
    }

    /** Writes what was decided since the last call. */
    public void write() {
        silences.write();
        pending.write();
        firing.write();
        outbox.write();
    }

    @Override
    public void expect(Collection<String> keys, Collection<String> identities, Collection<String> rules) {
        silences.read(keys);
        pending.readTold(identities);
        pending.readGroups(rules);
        firing.expect(keys);
    }

    @Override
    public Optional<Silence> silence(String key) {
        return silences.get(key);
    }

    @Override
    public void silence(Silence silence) {
        Optional<Silence> longer =
                silences.get(silence.key()).filter(old -> silence.until().isBefore(old.until()));
        if (longer.isEmpty()) {
            silences.put(silence);
        }
    }

    @Override
    public void suppressed(String key, String rule, Instant at) {
        Silence old = silences.get(key).orElse(Silence.asked(key, rule, at));
        silences.put(old.counting(old.suppressed() + 1));
    }

    @Override
    public long takeSuppressed(String key) {
        Optional<Silence> held = silences.get(key).filter(old -> old.suppressed() > 0);
        held.ifPresent(old -> silences.put(old.counting(0)));
        return held.map(Silence::suppressed).orElse(0L);
    }

    @Override
    public boolean isTold(String identity) {
        return pending.isTold(identity);
    }

    @Override
    public void told(String identity, Instant at) {
        pending.told(identity, at);
    }

    @Override
    public List<AlertGroup> groups(String rule) {
        return pending.groups(rule);
    }

    @Override
    public void group(AlertGroup group, Finding finding) {
        pending.add(group, finding);
    }

    @Override
    public List<AlertGroup> due(Instant now, Collection<String> without) {
        pending.write();
        return pending.due(now, without);
    }

    @Override
    public List<Waiting> take(AlertGroup group, int most) {
        return pending.take(group, most);
    }

    @Override
    public void tell(AlertRule rule, Alert alert, Instant at) {
        outbox.add(rule, alert);
    }

    @Override
    public Optional<Firing> firing(String rule, String key) {
        return firing.get(rule, key);
    }

    @Override
    public void firing(Firing one) {
        firing.put(one);
    }

    @Override
    public List<Firing> over(Instant now) {
        firing.write();
        return firing.over();
    }

    @Override
    public void resolved(Firing one) {
        firing.remove(one);
    }

    @Override
    public void forget(Instant before) {
        silences.write();
        rows.write(
                "delete from meta.silences where silence_key in"
                        + " (select silence_key from meta.silences where until < ? and coalesce(since, until) < ? limit 200000)",
                before,
                before);
        rows.write(
                "delete from meta.firing f where last_match_at < ? and not exists"
                        + " (select 1 from meta.rules r where r.rule = f.rule and r.active)",
                before);
        pending.forget(before);
    }
}
