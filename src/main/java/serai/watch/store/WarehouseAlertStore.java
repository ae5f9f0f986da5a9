package serai.watch.store;

import java.sql.Connection;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import serai.warehouse.Transaction;
import serai.watch.alert.AlertDecider;
import serai.watch.alert.AlertGroup;
import serai.watch.alert.AlertListener;
import serai.watch.alert.AlertRule;
import serai.watch.alert.AlertStore;
import serai.watch.alert.Finding;
import serai.watch.alert.Firing;
import serai.watch.alert.InMemoryAlertStore;
import serai.watch.alert.Silence;
import serai.watch.message.Alert;

/**
 * The alert store in the warehouse, for one transaction. It reads at once what {@link #preload} names, and writes when
 * {@link #write} is called, once before the commit. Every method throws {@link AlertStoreException} when the warehouse
 * fails.
 */
public final class WarehouseAlertStore implements AlertStore {

    private final AlertSql sql;
    private final SilenceTable silences;
    private final NotifiedTable notified;
    private final PendingAlertTable pending;
    private final FiringTable firings;
    private final OutboxInserts outbox;
    private final AlertListener listener;

    /** A store that is observed. */
    public WarehouseAlertStore(Transaction tx, AlertListener listener) {
        this(tx.connection(), listener);
    }

    /** A store that nothing observes. */
    public WarehouseAlertStore(Transaction tx) {
        this(tx.connection(), AlertListener.NONE);
    }

    WarehouseAlertStore(Connection connection, AlertListener listener) {
        sql = new AlertSql(connection);
        silences = new SilenceTable(sql);
        notified = new NotifiedTable(sql);
        pending = new PendingAlertTable(sql);
        firings = new FiringTable(sql);
        outbox = new OutboxInserts(sql);
        this.listener = listener;
    }

    /** A store for {@link AlertDecider#prepare}, with those of the silences that are active now. Nothing is locked. */
    public static AlertStore activeSilences(Connection connection, Collection<String> keys, Instant now) {
        InMemoryAlertStore store = new InMemoryAlertStore();
        SilenceTable.active(new AlertSql(connection), keys, now).forEach(store::setSilence);
        return store;
    }

    /**
     * Ends the silence of an alert that could not be delivered, and removes it from the firing ones, unless an earlier
     * alert of its key was delivered.
     */
    public static void liftSilence(Connection connection, String alertId) {
        AlertSql sql = new AlertSql(connection);
        sql.update("""
                delete from meta.firing f where f.alert_id = ? and not exists
                  (select 1 from meta.silences s where s.alert_id = f.alert_id and s.since > f.since)""", alertId);
        sql.update("""
                update meta.silences set until = least(until, clock_timestamp()), exponent = 0, alert_id = null
                where alert_id = ?""", alertId);
    }

    /** Writes what changed since the last call. */
    public void write() {
        silences.write();
        notified.write();
        pending.write();
        firings.write();
        outbox.write();
    }

    @Override
    public void preload(Collection<String> keys, Collection<String> identities, Collection<String> rules) {
        silences.preload(keys);
        notified.preload(identities);
        pending.preload(rules);
        firings.preload(keys);
    }

    @Override
    public Optional<Silence> silence(String key) {
        return silences.get(key);
    }

    @Override
    public void setSilence(Silence silence) {
        boolean longer = silences.get(silence.key())
                .filter(old -> silence.until().isBefore(old.until()))
                .isPresent();
        if (!longer) {
            silences.put(silence);
            listener.onSilence(silence);
        }
    }

    @Override
    public void countSuppressed(String key, String rule, Instant at) {
        Silence old = silences.get(key).orElse(Silence.of(key, rule, at));
        silences.put(old.withSuppressed(old.suppressed() + 1));
    }

    @Override
    public long takeSuppressed(String key) {
        Optional<Silence> counted = silences.get(key).filter(old -> old.suppressed() > 0);
        counted.ifPresent(old -> silences.put(old.withSuppressed(0)));
        return counted.map(Silence::suppressed).orElse(0L);
    }

    @Override
    public boolean isNotified(String identity) {
        return notified.contains(identity);
    }

    @Override
    public void setNotified(String identity, Instant at) {
        notified.add(identity, at);
    }

    @Override
    public List<AlertGroup> pendingGroups(String rule) {
        return pending.groups(rule);
    }

    @Override
    public void addToGroup(AlertRule rule, AlertGroup group, Finding finding) {
        pending.add(group, finding);
        listener.onGrouped(rule, group, finding);
    }

    @Override
    public List<AlertGroup> dueGroups(Instant now, Collection<String> excludedRules) {
        pending.write();
        return pending.due(now, excludedRules);
    }

    @Override
    public List<PendingMatch> takeMatches(AlertGroup group, int limit) {
        List<PendingMatch> matches = pending.take(group, limit);
        if (!matches.isEmpty()) {
            listener.onTaken(group, matches);
        }
        return matches;
    }

    @Override
    public void enqueue(AlertRule rule, Alert alert, Instant at) {
        outbox.add(rule, alert);
        listener.onAlert(rule, alert, at);
    }

    @Override
    public Optional<Firing> firing(String rule, String key) {
        return firings.get(rule, key);
    }

    @Override
    public void setFiring(Firing firing) {
        firings.put(firing);
    }

    @Override
    public List<Firing> endedFirings() {
        firings.write();
        return firings.ended();
    }

    @Override
    public void removeFiring(Firing firing) {
        firings.remove(firing);
    }

    @Override
    public void deleteBefore(Instant time) {
        silences.write();
        sql.update("""
                delete from meta.silences where silence_key in (select silence_key from meta.silences
                  where until < ? and coalesce(since, until) < ? limit 200000)""", time, time);
        sql.update("""
                delete from meta.firing f where last_match_at < ? and not exists
                  (select 1 from meta.rules r where r.rule = f.rule and r.active)""", time);
        notified.deleteBefore(time);
    }
}
