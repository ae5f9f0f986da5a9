package serai.watch.command;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import serai.command.NegativeAnswerException;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;

/** The rules that a name on the command line stands for: the rule of that name, or all severities of a rule. */
final class RuleNames {

    private static final int MAX_LISTED = 20;

    /** A rule, or all severities of a rule: their names are {@code NAME [severity]}. */
    private static final String BY_NAME = """
            select rule as name from meta.rules
            where active and (rule = ? or starts_with(rule, ? || ' [') and right(rule, 1) = ']') order by rule""";

    private RuleNames() {}

    /** @throws NegativeAnswerException when the warehouse knows no such rule */
    static List<String> of(Warehouse warehouse, String name) throws SQLException, NegativeAnswerException {
        List<String> names = names(warehouse, BY_NAME, name, name);
        if (names.isEmpty()) {
            List<String> others = names(
                    warehouse, "select rule as name from meta.rules where active order by rule limit " + MAX_LISTED);
            throw new NegativeAnswerException("There is no rule '" + name + "'."
                    + (others.isEmpty()
                            ? " No rule has run yet."
                            : " There are: " + String.join(", ", others) + (others.size() == MAX_LISTED ? ", ..." : "")
                                    + "."));
        }
        return names;
    }

    /** The file of a rule. */
    static Path file(Warehouse warehouse, String rule) throws SQLException {
        return Path.of(names(warehouse, "select file as name from meta.rules where rule = ?", rule)
                .get(0));
    }

    private static List<String> names(Warehouse warehouse, String sql, Object... parameters) throws SQLException {
        try (Connection c = warehouse.dataSource().getConnection()) {
            return Sql.on(c).list(sql, row -> row.text("name"), parameters);
        }
    }
}
