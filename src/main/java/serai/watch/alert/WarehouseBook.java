package serai.watch.alert;

import java.sql.Connection;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import serai.warehouse.Transaction;

/**
 * The book in the warehouse, inside one transaction: {@code meta.silences}, {@code meta.pending_alerts},
 * {@code meta.told}, {@code meta.firing}, and messages in {@code meta.outbox}. It reads what was announced at once, and
 * writes when {@link #write} is called, once before the commit. Every method throws {@link BookException} when the
 * warehouse fails.
 */
public final class WarehouseBook implements AlertBook {

    private final BookRows rows;
    private final SilenceRows silences;
    private final PendingRows pending;
    private final FiringRows firing;
    private final OutboxRows outbox;

    public WarehouseBook(Transaction tx) {
        this(tx.connection());
    }

    WarehouseBook(Connection connection) {
        rows = new BookRows(connection);
        silences = new SilenceRows(rows);
        pending = new PendingRows(rows);
        firing = new FiringRows(rows);
        outbox = new OutboxRows(rows);
    }

    /** A book for {@link Alerting#prepare}: it knows which of the keys are silenced now. Nothing is locked. */
    public static AlertBook hint(Connection connection, Collection<String> keys, Instant now) {
        MemoryBook hint = new MemoryBook();
        SilenceRows.running(new BookRows(connection), keys, now).forEach(hint::silence);
        return hint;
    }

    /**
     * Takes back the silence of an alert that could be told to nobody, and what waits for its end unless that was told
     * of before.
     */
    public static void lift(Connection connection, String alertId) {
        BookRows rows = new BookRows(connection);
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
    public List<Group> groups(String rule) {
        return pending.groups(rule);
    }

    @Override
    public void group(Group group, Finding finding) {
        pending.add(group, finding);
    }

    @Override
    public List<Group> due(Instant now, Collection<String> without) {
        pending.write();
        return pending.due(now, without);
    }

    @Override
    public List<Waiting> take(Group group, int most) {
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
