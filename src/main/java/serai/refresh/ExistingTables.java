package serai.refresh;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import serai.edits.EditRefusedException;
import serai.warehouse.Relation;

/** What stands in the warehouse under the name of a model. */
final class ExistingTables {

    private ExistingTables() {}

    /**
     * Refuses a model whose history cannot go on as it is: other columns than the table's, another kind, or a relation
     * of somebody else.
     *
     * @param rebuilding models that are about to be rebuilt, whose columns may differ
     */
    static void check(Connection connection, Catalog catalog, Set<String> rebuilding)
            throws SQLException, EditRefusedException {
        for (CatalogEntry entry : catalog.inOrder()) {
            Optional<ModelKind> was = kindOf(connection, entry);
            if (was.isEmpty()) {
                refuseStranger(connection, entry);
            } else if (was.get() != entry.kind()
                    && (was.get().byDay() || entry.kind().byDay())) {
                throw new EditRefusedException(
                        entry.file(),
                        line(entry, "kind"),
                        entry.relation() + " was built as a " + was.get().word()
                                + " and has history: keep the kind, or give the new model another name");
            }
            Optional<RelationColumns> stands =
                    RelationColumns.read(connection, entry.relation().sql());
            if (entry.kind().byDay()
                    && stands.isPresent()
                    && !rebuilding.contains(entry.name())
                    && !stands.get().equals(catalog.shape(entry))) {
                throw new EditRefusedException(
                        entry.file(),
                        null,
                        entry.relation() + " has other columns than this text ("
                                + stands.get().difference(catalog.shape(entry))
                                + "), and its history cannot be guessed: "
                                + (entry.kind() == ModelKind.ONCE
                                        ? "give the new model another name"
                                        : "rebuild " + entry.name()));
            }
        }
    }

    private static Optional<ModelKind> kindOf(Connection connection, CatalogEntry entry) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(
                "select kind from meta.model_state where model = ? and last_success_at is not null")) {
            s.setString(1, entry.name());
            try (ResultSet r = s.executeQuery()) {
                return r.next()
                        ? Optional.of(ModelKind.valueOf(r.getString(1).toUpperCase(Locale.ROOT)))
                        : Optional.empty();
            }
        }
    }

    private static void refuseStranger(Connection connection, CatalogEntry entry)
            throws SQLException, EditRefusedException {
        if (isThere(connection, entry.relation())) {
            throw new EditRefusedException(
                    entry.file(),
                    null,
                    entry.relation()
                            + " is there already and was not built from this file: rename the file, or drop that relation");
        }
    }

    static boolean isThere(Connection connection, Relation relation) throws SQLException {
        return relkind(connection, relation).isPresent();
    }

    static boolean isView(Connection connection, Relation relation) throws SQLException {
        return relkind(connection, relation).filter("v"::equals).isPresent();
    }

    private static Optional<String> relkind(Connection connection, Relation relation) throws SQLException {
        try (PreparedStatement s =
                connection.prepareStatement("select relkind from pg_class where oid = to_regclass(?)")) {
            s.setString(1, relation.sql());
            try (ResultSet r = s.executeQuery()) {
                return r.next() ? Optional.of(r.getString(1)) : Optional.empty();
            }
        }
    }

    private static Integer line(CatalogEntry entry, String header) {
        return entry instanceof Model m ? m.lineOf(header) : null;
    }
}
