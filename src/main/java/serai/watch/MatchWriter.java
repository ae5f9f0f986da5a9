package serai.watch;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import serai.warehouse.Transaction;
import serai.watch.alert.Alert;
import serai.watch.alert.AlertRule;
import serai.watch.alert.Destination;
import serai.watch.alert.WarehouseBook;
import serai.watch.rule.Document;
import serai.watch.rule.Python;
import serai.watch.rule.Rule;
import serai.watch.run.RuleRun;

/**
 * Turns the matches of a run into messages in the outbox, inside the run's transaction. A match that is silenced becomes none; one that
 * becomes a message silences the next ones for {@code realert} (spec/elastalert.md 1.7).
 */
final class MatchWriter {

    private final Transaction tx;
    private final AlertRule alertRule;
    private final Rule rule;
    private final Instant now;

    MatchWriter(Transaction tx, AlertRule alertRule, Instant now) {
        this.tx = tx;
        this.alertRule = alertRule;
        this.rule = alertRule.rule();
        this.now = now;
    }

    void write(RuleRun.Result result) throws SQLException {
        for (RuleRun.Odd odd : result.odd()) {
            RuleLedger.reject(tx, rule, odd);
        }
        if (alertRule.alerters().isEmpty() || isSilenced(rule.name() + "._silence")) {
            return;
        }
        for (Map<String, Object> found : result.matches()) {
            Map<String, Object> match = new LinkedHashMap<>(found);
            match.put("num_hits", result.hits());
            match.put("num_matches", result.matches().size());
            if (speaks(silenceKey(match))) {
                enqueue(match);
            }
        }
    }

    private String silenceKey(Map<String, Object> match) {
        Object value = rule.queryKey() == null ? null : Document.lookup(match, rule.queryKey());
        return (value == null ? rule.realertKey() : rule.realertKey() + "." + Python.str(value)).replace('\0', '\uFFFD');
    }

    private boolean isSilenced(String key) throws SQLException {
        try (PreparedStatement s = tx.connection().prepareStatement("select 1 from meta.silences where silence_key = ? and until > ?")) {
            s.setString(1, key);
            s.setObject(2, now.atOffset(ZoneOffset.UTC));
            try (ResultSet r = s.executeQuery()) {
                return r.next();
            }
        }
    }

    /** Takes the right to speak: of two rules that share a key, one gets it, since the row is locked until the commit. */
    private boolean speaks(String key) throws SQLException {
        if (rule.realert().isZero()) {
            return !isSilenced(key);
        }
        try (PreparedStatement s = tx.connection().prepareStatement("""
                insert into meta.silences (silence_key, rule, until) values (?, ?, ?)
                on conflict (silence_key) do update set rule = excluded.rule, until = excluded.until, exponent = 0
                where meta.silences.until <= ?""")) {
            s.setString(1, key);
            s.setString(2, rule.name());
            s.setObject(3, now.plus(rule.realert()).atOffset(ZoneOffset.UTC));
            s.setObject(4, now.atOffset(ZoneOffset.UTC));
            return s.executeUpdate() == 1;
        }
    }

    private void enqueue(Map<String, Object> match) throws SQLException {
        String identity = identity(match);
        WarehouseBook book = new WarehouseBook(tx);
        book.tell(alertRule, new Alert(identity, silenceKey(match), List.of(match), 0, false, null), now);
        book.write();
    }

    /** What makes a match the same match when a run is repeated: the document, or the key and the time. */
    private String identity(Map<String, Object> match) {
        return Destination.sha256(String.join("\0", String.valueOf(match.get("_index")), String.valueOf(match.get("_id")),
                rule.timeOf(match).toString(), silenceKey(match)));
    }
}
