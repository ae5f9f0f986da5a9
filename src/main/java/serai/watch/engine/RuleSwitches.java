package serai.watch.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import serai.warehouse.RunOutcome;
import serai.warehouse.Writer;

/** Obeys {@code meta.rules.disabled}, which an operator sets while the rules run. */
final class RuleSwitches {

    void obey(Writer writer, Map<String, RunningRule> rules) throws Exception {
        Set<String> off = off(writer.connection());
        List<RunningRule> switched = rules.values().stream()
                .filter(r -> off.contains(r.name()) ? !r.isDisabled() : r.isDisabledByHand())
                .toList();
        if (switched.isEmpty()) {
            return;
        }
        writer.commitWithState(tx -> {
            try (PreparedStatement s = tx.connection().prepareStatement("""
                    update meta.rules set status = case when disabled or ? then 'disabled' else 'unknown' end where rule = ?""")) {
                for (RunningRule rule : switched) {
                    s.setBoolean(1, !rule.alertRule().rule().enabled());
                    s.setString(2, rule.name());
                    s.addBatch();
                }
                s.executeBatch();
            }
            return RunOutcome.ok(switched.size(), 0, 0, 0, null);
        });
        switched.forEach(r -> r.disable(off.contains(r.name())));
    }

    private static Set<String> off(Connection c) throws SQLException {
        Set<String> off = new HashSet<>();
        try (Statement s = c.createStatement();
                ResultSet r = s.executeQuery("select rule from meta.rules where disabled and active")) {
            while (r.next()) {
                off.add(r.getString(1));
            }
        }
        return off;
    }
}
