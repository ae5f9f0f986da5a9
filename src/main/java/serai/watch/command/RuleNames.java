package serai.watch.command;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import serai.command.NegativeAnswerException;
import serai.warehouse.Warehouse;

/**
 * The rules that a name on the command line means: the rule of that name, or that of a file with severities all of
 * them.
 */
final class RuleNames {

    private static final int MOST_NAMED = 20;

    private RuleNames() {}

    /** @throws NegativeAnswerException when the warehouse knows no such rule */
    static List<String> of(Warehouse warehouse, String name) throws SQLException, NegativeAnswerException {
        List<String> names = names(warehouse, """
                select rule from meta.rules where active and (rule = ? or starts_with(rule, ? || ' [') and right(rule, 1) = ']')
                order by rule""", name, name);
        if (names.isEmpty()) {
            List<String> others =
                    names(warehouse, "select rule from meta.rules where active order by rule limit " + MOST_NAMED);
            throw new NegativeAnswerException("There is no rule '" + name + "'."
                    + (others.isEmpty()
                            ? " No rule has run yet."
                            : " There are: " + String.join(", ", others) + (others.size() == MOST_NAMED ? ", ..." : "")
                                    + "."));
        }
        return names;
    }

    /** The file that a rule stands in. */
    static Path file(Warehouse warehouse, String rule) throws SQLException {
        return Path.of(names(warehouse, "select file from meta.rules where rule = ?", rule)
                .get(0));
    }

    private static List<String> names(Warehouse warehouse, String sql, String... parameters) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Connection c = warehouse.dataSource().getConnection();
                PreparedStatement s = c.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                s.setString(i + 1, parameters[i]);
            }
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    names.add(r.getString(1));
                }
            }
        }
        return names;
    }
}
