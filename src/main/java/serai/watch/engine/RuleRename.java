package serai.watch.engine;

import java.sql.SQLException;
import serai.warehouse.Sql;

/** Gives the rows of a rule another name: its state, silences, groups, firing alerts and messages. */
final class RuleRename {

    private RuleRename() {}

    static void rename(Sql sql, String from, String to) throws SQLException {
        sql.update("delete from meta.rules where rule = ?", to);
        for (String table : new String[] {"meta.rules", "meta.outbox", "meta.pending_alerts"}) {
            sql.update("update " + table + " set rule = ? where rule = ?", to, from);
        }
        // a silence key is the rule's name, unless realert_key names another, and may have a value after it
        sql.update("""
                update meta.silences s set rule = ?, silence_key = ? || substr(s.silence_key, length(?) + 1)
                where s.rule = ? and (s.silence_key = ? or starts_with(s.silence_key, ? || '.')) and not exists
                  (select 1 from meta.silences o where o.silence_key = ? || substr(s.silence_key, length(?) + 1))""", to, to, from, from, from, from, to, from);
        sql.update("delete from meta.firing where rule = ?", to);
        sql.update("""
                update meta.firing set rule = ?, silence_key = case when silence_key = ? or starts_with(silence_key, ? || '.')
                  then ? || substr(silence_key, length(?) + 1) else silence_key end where rule = ?""", to, from, from, to, from, from);
    }
}
