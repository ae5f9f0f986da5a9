package serai.warehouse;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A schema beside those of production, in which a developer has models built. All that is in it is replaced by the next
 * build; its comment says that Serai made it. Its views hold up no change of production.
 *
 * @param name a plain identifier
 */
public record DevelopmentSchema(String name) {

    static final String COMMENT =
            "Made by Serai with refresh --schema. Each build replaces all that is in it; --drop removes it.";
    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
    private static final Set<String> TAKEN = Set.of(
            "staging", "star", "report", "landing", "app", "app_history", "meta", "public", "information_schema");

    private static final String MADE = """
            select coalesce(obj_description(oid, 'pg_namespace') = ?, false) as made
            from pg_namespace where nspname = ?""";

    /** What people made elsewhere from relations of the schema. */
    private static final String USES = """
            select distinct pg_describe_object(u.classid, u.objid, 0) as object
            from pg_class r join pg_namespace n on n.oid = r.relnamespace and n.nspname = ?
            cross join lateral (
              select 'pg_class'::regclass as classid, c.oid as objid, c.relnamespace as schema
              from pg_depend d join pg_rewrite w on d.classid = 'pg_rewrite'::regclass and w.oid = d.objid
              join pg_class c on c.oid = w.ev_class
              where d.refclassid = 'pg_class'::regclass and d.refobjid = r.oid
              union all
              select 'pg_constraint'::regclass, k.oid, k.connamespace from pg_constraint k where k.confrelid = r.oid) u
            where u.schema <> n.oid order by 1""";

    /** @throws IllegalArgumentException when the name is not plain, or that of a schema with rows of production */
    public DevelopmentSchema {
        if (!NAME.matcher(name).matches() || name.startsWith("pg_")) {
            throw new IllegalArgumentException("'" + name + "' is no name for a schema: write one such as dev_ada.");
        }
        if (TAKEN.contains(name)) {
            throw new IllegalArgumentException(
                    "The schema " + name + " belongs to production: name one of your own, such as dev_ada.");
        }
    }

    /**
     * Makes it anew, without anything in it.
     *
     * @param sql in a transaction
     * @throws IllegalStateException when it was not made by Serai, or something elsewhere is made from it
     */
    public void create(Sql sql) throws SQLException {
        drop(sql);
        sql.execute("create schema " + name + "; comment on schema " + name + " is " + Sql.literal(COMMENT));
    }

    /**
     * Drops it with all that is in it.
     *
     * @param sql in a transaction
     * @return whether it was there
     * @throws IllegalStateException as {@link #create}
     */
    public boolean drop(Sql sql) throws SQLException {
        Optional<Boolean> made = sql.first(MADE, row -> row.flag("made"), COMMENT, name);
        if (made.isEmpty()) {
            return false;
        }
        if (!made.get()) {
            throw new IllegalStateException(
                    "The schema " + name + " was not made by Serai, and is left as it is: name another one.");
        }
        List<String> uses = sql.list(USES, row -> row.text("object"), name);
        if (!uses.isEmpty()) {
            throw new IllegalStateException("The schema " + name + " cannot be replaced, because something elsewhere is"
                    + " made from it: " + String.join("; ", uses) + ". Drop that first.");
        }
        sql.execute("drop schema " + name + " cascade");
        return true;
    }
}
