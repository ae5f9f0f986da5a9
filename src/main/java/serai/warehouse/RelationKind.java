package serai.warehouse;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;

/** What a name in PostgreSQL is. */
public enum RelationKind {
    /** A table, or anything else that is no view. */
    TABLE,
    /** A view. */
    VIEW,
    /** A view whose rows are stored. */
    MATERIALIZED_VIEW;

    /** The kind of a relation; empty when there is none of this name. */
    public static Optional<RelationKind> of(Connection connection, Relation relation) throws SQLException {
        return Sql.on(connection)
                .first(
                        "select relkind from pg_class where oid = to_regclass(?)",
                        row -> switch (row.text("relkind")) {
                            case "v" -> VIEW;
                            case "m" -> MATERIALIZED_VIEW;
                            default -> TABLE;
                        },
                        relation.sql());
    }

    /** The kind as DROP, ALTER and COMMENT name it. */
    public String sql() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
