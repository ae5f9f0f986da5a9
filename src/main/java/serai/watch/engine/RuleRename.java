package serai.watch.engine;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * Gives all that belongs to a rule by its name to another name: its state, silences, groups, what fires, and its
 * messages.
 */
final class RuleRename {

    private static final List<String> TABLES = List.of("meta.outbox", "meta.pending_alerts");

    private RuleRename() {}

    static void rename(Connection c, String from, String to) throws SQLException {
        update(c, "delete from meta.rules where rule = ?", to);
        update(c, "update meta.rules set rule = ? where rule = ?", to, from);
        for (String table : TABLES) {
            update(c, "update " + table + " set rule = ? where rule = ?", to, from);
        }
        // a key is the rule's name, unless realert_key says otherwise, and may have a value after it
        update(c, """
                update meta.silences s set rule = ?, silence_key = ? || substr(s.silence_key, length(?) + 1)
                where s.rule = ? and (s.silence_key = ? or starts_with(s.silence_key, ? || '.'))
                  and not exists (select 1 from meta.silences o where o.silence_key = ? || substr(s.silence_key, length(?) + 1))""", to, to, from, from, from, from, to, from);
        update(c, "delete from meta.firing where rule = ?", to);
        update(c, """
                update meta.firing set rule = ?, silence_key = case when silence_key = ? or starts_with(silence_key, ? || '.')
                  then ? || substr(silence_key, length(?) + 1) else silence_key end where rule = ?""", to, from, from, to, from, from);
    }

    private static void update(Connection c, String sql, String... texts) throws SQLException {
        try (PreparedStatement s = c.prepareStatement(sql)) {
            for (int i = 0; i < texts.length; i++) {
                s.setString(i + 1, texts[i]);
            }
            s.executeUpdate();
        }
    }
}
