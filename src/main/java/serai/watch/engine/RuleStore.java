package serai.watch.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import serai.warehouse.Row;
import serai.warehouse.Sql;
import serai.watch.alert.AlertRule;
import serai.watch.run.RuleState;

/**
 * Keeps {@code meta.rules} in line with the rules of the files. A rule that got another name in its file keeps its
 * state, silences and messages; the row of a rule that is in no file any more becomes inactive.
 */
final class RuleStore {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Sql sql;
    private final Map<String, AlertRule> loaded;

    /** A row of {@code meta.rules}; the state is read only for rules that run. */
    private record RuleRow(
            String rule,
            String file,
            boolean active,
            boolean disabled,
            Instant endsAt,
            Instant rememberedFrom,
            JsonNode state,
            RejectedDocuments rejected) {}

    /** @param loaded the rules of the files, by their names */
    RuleStore(Sql sql, Map<String, AlertRule> loaded) {
        this.sql = sql;
        this.loaded = loaded;
    }

    /**
     * To be called in a transaction.
     *
     * @param running the rules that this process runs so far; null when it begins and only the warehouse knows them
     * @return the rules that run from now on. Those of {@code running} are not changed here: that has to wait for the
     *     commit
     */
    Map<String, RunningRule> sync(Map<String, RunningRule> running) throws SQLException {
        Map<String, RuleRow> rows = rows(running);
        Map<String, String> removed = removed(rows, running);
        Map<String, String> newNames = renamed(removed, rows, running);
        for (Map.Entry<String, String> name : newNames.entrySet()) {
            RuleRename.rename(sql, name.getKey(), name.getValue());
        }
        deactivate(
                removed.keySet().stream().filter(n -> !newNames.containsKey(n)).toList());
        upsert();
        Map<String, String> oldNames = new TreeMap<>();
        newNames.forEach((from, to) -> oldNames.put(to, from));
        Map<String, RunningRule> next = new LinkedHashMap<>();
        loaded.forEach((name, alertRule) -> {
            String oldName = oldNames.getOrDefault(name, name);
            RunningRule same = running == null ? null : running.get(oldName);
            next.put(name, same == null ? open(alertRule, rows.get(oldName)) : same);
        });
        return next;
    }

    private static RunningRule open(AlertRule alertRule, RuleRow row) {
        String fingerprint = alertRule.rule().fingerprint();
        if (row == null) {
            return new RunningRule(alertRule, RuleState.NEW, JSON.createObjectNode(), fingerprint);
        }
        RuleState state = RuleState.of(row.endsAt(), row.rememberedFrom(), row.state(), fingerprint);
        RunningRule rule = new RunningRule(alertRule, state, row.state(), fingerprint);
        rule.setDisabledByOperator(row.disabled());
        rule.setRejected(row.rejected());
        return rule;
    }

    /** Rules that ran and are in no file any more, each with its file. */
    private Map<String, String> removed(Map<String, RuleRow> rows, Map<String, RunningRule> running) {
        Map<String, String> removed = new TreeMap<>();
        if (running == null) {
            rows.values().stream()
                    .filter(row -> row.active() && !loaded.containsKey(row.rule()))
                    .forEach(row -> removed.put(row.rule(), row.file()));
        } else {
            running.forEach((name, rule) -> {
                if (!loaded.containsKey(name)) {
                    removed.put(name, rule.alertRule().rule().file().toString());
                }
            });
        }
        return removed;
    }

    /** New names by old names, of files in which as many rules are new as are removed. */
    private Map<String, String> renamed(
            Map<String, String> removed, Map<String, RuleRow> rows, Map<String, RunningRule> running) {
        Map<String, List<String>> addedByFile = new TreeMap<>();
        loaded.forEach((name, alertRule) -> {
            boolean known =
                    running == null ? rows.containsKey(name) && rows.get(name).active() : running.containsKey(name);
            if (!known) {
                addedByFile
                        .computeIfAbsent(alertRule.rule().file().toString(), f -> new ArrayList<>())
                        .add(name);
            }
        });
        Map<String, String> renamed = new TreeMap<>();
        addedByFile.forEach((file, names) -> {
            List<String> oldNames = removed.keySet().stream()
                    .filter(name -> removed.get(name).equals(file))
                    .toList();
            if (oldNames.size() == names.size()) {
                List<String> newNames = names.stream().sorted().toList();
                for (int i = 0; i < newNames.size(); i++) {
                    renamed.put(oldNames.get(i), newNames.get(i));
                }
            }
        });
        return renamed;
    }

    /** All rows when this process begins; later, those of rules that it does not run yet. */
    private Map<String, RuleRow> rows(Map<String, RunningRule> running) throws SQLException {
        Set<String> names = loaded.keySet();
        List<String> added = running == null
                ? List.of()
                : names.stream().filter(name -> !running.containsKey(name)).toList();
        Map<String, RuleRow> rows = new TreeMap<>();
        String query = """
                select rule, file, active, disabled, ends_at, seen_from, state,
                  rejected, rejected_of, rejected_since, rejected_reason
                from meta.rules
                where ? or rule = any (?)""";
        sql.each(query, row -> rows.put(row.text("rule"), row(row)), running == null, added);
        return rows;
    }

    private RuleRow row(Row row) throws SQLException {
        String name = row.text("rule");
        try {
            boolean needed = loaded.containsKey(name) || row.flag("active");
            return new RuleRow(
                    name,
                    row.text("file"),
                    row.flag("active"),
                    row.flag("disabled"),
                    row.instant("ends_at"),
                    row.instant("seen_from"),
                    needed ? JSON.readTree(row.text("state")) : JSON.createObjectNode(),
                    new RejectedDocuments(
                            row.instant("rejected_since"),
                            row.number("rejected"),
                            row.number("rejected_of"),
                            row.text("rejected_reason")));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The state of the rule " + name + " in meta.rules is not JSON", e);
        }
    }

    private void deactivate(Collection<String> names) throws SQLException {
        sql.update("update meta.rules set active = false where rule = any (?)", names);
    }

    /** Gives each rule its row, so that the page shows it before its first run. */
    private void upsert() throws SQLException {
        sql.update(
                """
                insert into meta.rules as r (rule, type, file, run_every_ms, status)
                select d.rule, d.type, d.file, d.every, d.status
                from unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[])
                  as d(rule, type, file, every, status)
                on conflict (rule) do update set type = excluded.type, file = excluded.file,
                  run_every_ms = excluded.run_every_ms, active = true,
                  status = case when r.disabled or excluded.status = 'disabled' then 'disabled'
                    when r.status = 'disabled' then 'unknown' else r.status end
                where (r.type, r.file, r.run_every_ms, r.active, r.status = 'disabled') is distinct from
                  (excluded.type, excluded.file, excluded.run_every_ms, true,
                    r.disabled or excluded.status = 'disabled')""",
                Sql.columns(
                        loaded.values(),
                        alertRule -> alertRule.rule().name(),
                        alertRule -> alertRule.rule().type(),
                        alertRule -> alertRule.rule().file().toString(),
                        alertRule -> alertRule.rule().runEvery().toMillis(),
                        alertRule -> alertRule.rule().enabled() ? "unknown" : "disabled"));
    }

    /** Deletes rows of removed rules that ran last before a time. */
    static void deleteRemoved(Sql sql, Instant before) throws SQLException {
        sql.update("""
                delete from meta.rules where not active and not disabled
                  and coalesce(last_run_at, ends_at, 'epoch') < ?""", before);
    }
}
