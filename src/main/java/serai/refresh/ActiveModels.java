package serai.refresh;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import serai.warehouse.Relation;
import serai.warehouse.RunOutcome;
import serai.warehouse.Writer;

/**
 * Keeps {@code meta.model_state} in step with the files: a row for each entry, inactive while its file is gone or
 * refused.
 */
final class ActiveModels {

    private ActiveModels() {}

    static void update(Writer writer, Catalog catalog) throws Exception {
        Map<String, Boolean> known = known(writer.connection());
        boolean same = catalog.inOrder().stream().allMatch(e -> known.getOrDefault(e.name(), false))
                && known.entrySet().stream().noneMatch(e -> e.getValue() && catalog.get(e.getKey()) == null);
        if (same) {
            return;
        }
        writer.commitWithState(tx -> {
            for (CatalogEntry entry : catalog.inOrder()) {
                add(tx.connection(), entry);
                if (Boolean.FALSE.equals(known.get(entry.name())) && entry.kind() == ModelKind.RECALC) {
                    calculateAllAgain(tx.connection(), (Model) entry);
                }
            }
            setActive(tx.connection(), catalog);
            return RunOutcome.ok(0, 0, 0, 0, null);
        });
    }

    private static Map<String, Boolean> known(Connection connection) throws SQLException {
        Map<String, Boolean> known = new TreeMap<>();
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("select model, active from meta.model_state")) {
            while (r.next()) {
                known.put(r.getString(1), r.getBoolean(2));
            }
        }
        return known;
    }

    private static void add(Connection connection, CatalogEntry entry) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(
                "insert into meta.model_state (model, kind) values (?, ?) on conflict (model) do nothing")) {
            s.setString(1, entry.name());
            s.setString(2, entry.kind().word());
            s.executeUpdate();
        }
    }

    /** While a model was away, nobody kept the changed days for it. */
    private static void calculateAllAgain(Connection connection, Model model) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(
                "update meta.model_state set covered_to = null, sql_hash = null where model = ?")) {
            s.setString(1, model.name());
            s.executeUpdate();
        }
        if (ExistingTables.isThere(connection, model.relation())) {
            try (PreparedStatement s =
                    connection.prepareStatement("insert into meta.model_dirty (model, day) select distinct ?, "
                            + Relation.quote(model.window().column()) + " from "
                            + model.relation().sql() + " on conflict do nothing")) {
                s.setString(1, model.name());
                s.executeUpdate();
            }
        }
    }

    private static void setActive(Connection connection, Catalog catalog) throws SQLException {
        String[] names = catalog.inOrder().stream().map(CatalogEntry::name).toArray(String[]::new);
        try (PreparedStatement s =
                connection.prepareStatement("update meta.model_state set active = (model = any (?))")) {
            s.setArray(1, connection.createArrayOf("text", names));
            s.executeUpdate();
        }
    }
}
