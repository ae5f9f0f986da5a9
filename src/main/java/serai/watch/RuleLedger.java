package serai.watch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import serai.warehouse.Outcome;
import serai.warehouse.Reject;
import serai.warehouse.Relation;
import serai.warehouse.Transaction;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;
import serai.watch.alert.AlertRule;
import serai.watch.alert.PostgresJson;
import serai.watch.rule.Rule;
import serai.watch.run.RuleRun;
import serai.watch.run.RuleState;

/** The rules' rows in the warehouse: what each remembers, its silences, and the messages that its matches become. */
final class RuleLedger {

    private static final Logger LOG = LoggerFactory.getLogger(RuleLedger.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Warehouse warehouse;

    RuleLedger(Warehouse warehouse) {
        this.warehouse = warehouse;
    }

    RuleState read(Rule rule) throws SQLException {
        try (Connection c = warehouse.dataSource().getConnection();
                PreparedStatement s = c.prepareStatement("select ends_at, state from meta.rules where rule = ?")) {
            s.setString(1, rule.name());
            try (ResultSet r = s.executeQuery()) {
                if (!r.next()) {
                    return RuleState.NEW;
                }
                Instant endsAt = r.getTimestamp(1) == null ? null : r.getTimestamp(1).toInstant();
                return RuleState.of(endsAt, JSON.readTree(r.getString(2)), rule.fingerprint());
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("meta.rules has a state of " + rule.name() + " that is not JSON", e);
        }
    }

    /** Says that a rule runs, so that the page shows it before its first run. */
    void started(Rule rule) throws Exception {
        write(rule, tx -> {
            try (PreparedStatement s = tx.connection().prepareStatement("""
                    insert into meta.rules (rule, type, file) values (?, ?, ?)
                    on conflict (rule) do update set type = excluded.type, file = excluded.file, active = true""")) {
                s.setString(1, rule.name());
                s.setString(2, rule.type());
                s.setString(3, rule.file().toString());
                s.executeUpdate();
            }
        });
    }

    void removed(Rule rule) throws Exception {
        write(rule, tx -> {
            // a file that was renamed is a rule that goes on
            try (PreparedStatement s = tx.connection().prepareStatement(
                    "update meta.rules set active = false where rule = ? and file = ?")) {
                s.setString(1, rule.name());
                s.setString(2, rule.file().toString());
                s.executeUpdate();
            }
        });
    }

    /** Says why a run failed; what the rule remembers stays as it was. */
    void failed(Rule rule, Instant at, String reason) throws Exception {
        write(rule, tx -> {
            try (PreparedStatement s = tx.connection().prepareStatement(
                    "update meta.rules set status = 'failed', error = ?, last_run_at = ? where rule = ?")) {
                s.setString(1, reason);
                s.setTimestamp(2, Timestamp.from(at));
                s.setString(3, rule.name());
                s.executeUpdate();
            }
        });
    }

    /**
     * Commits a run: what the rule remembers, its silences and its messages, together or not at all.
     *
     * @return whether it was committed; false when another instance ran the rule at the same time and was first
     */
    boolean commit(AlertRule alertRule, RuleState before, RuleRun.Result result, Instant now) throws Exception {
        Rule rule = alertRule.rule();
        boolean[] first = {false};
        write(rule, tx -> {
            first[0] = isAt(tx, rule, before.run());
            if (first[0]) {
                new MatchWriter(tx, alertRule, now).write(result);
                update(tx, alertRule, result, now);
            }
        });
        return first[0];
    }

    private static boolean isAt(Transaction tx, Rule rule, long run) throws SQLException {
        try (PreparedStatement s = tx.connection().prepareStatement(
                "select coalesce((state ->> 'run')::bigint, 0) from meta.rules where rule = ? for update")) {
            s.setString(1, rule.name());
            try (ResultSet r = s.executeQuery()) {
                return r.next() ? r.getLong(1) == run : run == 0;
            }
        }
    }

    private static void update(Transaction tx, AlertRule alertRule, RuleRun.Result result, Instant now) throws SQLException {
        Rule rule = alertRule.rule();
        try (PreparedStatement s = tx.connection().prepareStatement("""
                insert into meta.rules (rule, type, file, status, ends_at, state, last_run_at, hits, matches, error)
                values (?, ?, ?, 'ok', ?, ?::jsonb, ?, ?, ?, ?)
                on conflict (rule) do update set status = 'ok', ends_at = excluded.ends_at, state = excluded.state,
                  last_run_at = excluded.last_run_at, hits = meta.rules.hits + excluded.hits,
                  matches = meta.rules.matches + excluded.matches, error = excluded.error""")) {
            s.setString(1, rule.name());
            s.setString(2, rule.type());
            s.setString(3, rule.file().toString());
            s.setObject(4, result.after().endsAt().atOffset(ZoneOffset.UTC));
            s.setString(5, PostgresJson.text(result.after().kept(rule.fingerprint())));
            s.setObject(6, now.atOffset(ZoneOffset.UTC));
            s.setLong(7, result.fresh());
            s.setLong(8, result.matches().size());
            String notices = String.join(" ", alertRule.notices());
            s.setString(9, result.notice() != null ? result.notice() : notices.isEmpty() ? null : "line " + notices);
            s.executeUpdate();
        }
    }

    private interface Work {
        void in(Transaction tx) throws Exception;
    }

    private void write(Rule rule, Work work) throws Exception {
        try (Writer writer = warehouse.writer("rule:" + rule.name())) {
            writer.commitWithState(tx -> {
                work.in(tx);
                return Outcome.ok(0, 0, 0, 0, null);
            });
        }
    }

    /** A document that a rule could not use, put aside where all rejects are. */
    static void reject(Transaction tx, Rule rule, RuleRun.Odd odd) {
        Map<String, Object> source = odd.hit().source();
        List<String> columns = List.of("_index", "_id", "_source");
        List<String> record = List.of(odd.hit().index(), odd.hit().id(), bounded(source));
        tx.reject(new Reject(new Relation("elasticsearch", "documents"), 1, rule.timestampField(), odd.reason(), columns, record));
        LOG.warn("rule=\"{}\" index={} id={} {}; it was put aside in meta.rejects", rule.name(), odd.hit().index(), odd.hit().id(),
                odd.reason());
    }

    private static String bounded(Map<String, Object> source) {
        JsonNode json = JSON.valueToTree(source);
        String text = json.toString();
        return text.length() <= 10_000 ? text : text.substring(0, 10_000);
    }
}
