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
        String silences = """
                update meta.silences s set rule = n.to_name, silence_key = n.to_name || substr(s.silence_key, n.prefix)
                from (select ?::text as from_name, ?::text as to_name, length(?) + 1 as prefix) n
                where s.rule = n.from_name
                  and (s.silence_key = n.from_name or starts_with(s.silence_key, n.from_name || '.'))
                  and not exists (select 1 from meta.silences o
                    where o.silence_key = n.to_name || substr(s.silence_key, n.prefix))""";
        sql.update(silences, from, to, from);
        sql.update("delete from meta.firing where rule = ?", to);
        String firing = """
                update meta.firing f set rule = n.to_name, silence_key = case
                  when f.silence_key = n.from_name or starts_with(f.silence_key, n.from_name || '.')
                    then n.to_name || substr(f.silence_key, n.prefix) else f.silence_key end
                from (select ?::text as from_name, ?::text as to_name, length(?) + 1 as prefix) n
                where f.rule = n.from_name""";
        sql.update(firing, from, to, from);
    }
}
