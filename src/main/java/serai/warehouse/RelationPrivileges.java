package serai.warehouse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a relation has besides its rows and must not lose when another takes its place: owner, grants, comments. */
final class RelationPrivileges {

    private record Grant(String column, String grantee, String privilege, boolean grantable) {}

    private final String owner;
    private final List<Grant> grants = new ArrayList<>();
    private String comment;
    private final Map<String, String> columnComments = new TreeMap<>();

    private RelationPrivileges(String owner) {
        this.owner = owner;
    }

    /** @param relation its name as SQL writes it, quoted and with its schema */
    static RelationPrivileges of(Connection connection, String relation) throws SQLException {
        RelationPrivileges belongings = new RelationPrivileges(ownerOf(connection, relation));
        belongings.readGrants(connection, relation);
        belongings.readComments(connection, relation);
        return belongings;
    }

    private static String ownerOf(Connection connection, String relation) throws SQLException {
        try (PreparedStatement s = query(
                        connection,
                        "select pg_get_userbyid(relowner) from pg_class where oid = to_regclass(?)",
                        relation);
                ResultSet r = s.executeQuery()) {
            if (!r.next()) {
                throw new IllegalArgumentException("There is no relation " + relation);
            }
            return r.getString(1);
        }
    }

    private void readGrants(Connection connection, String relation) throws SQLException {
        try (PreparedStatement s = query(connection, """
                select a.attname, g.grantee, pg_get_userbyid(g.grantee), g.privilege_type, g.is_grantable
                from (select null::name as attname, relowner, relacl as acl from pg_class where oid = to_regclass(?)
                      union all
                      select a.attname, c.relowner, a.attacl from pg_attribute a join pg_class c on c.oid = a.attrelid
                      where a.attrelid = to_regclass(?) and a.attnum > 0 and not a.attisdropped) a
                cross join lateral aclexplode(a.acl) g
                where g.grantee <> a.relowner""", relation, relation);
                ResultSet r = s.executeQuery()) {
            while (r.next()) {
                String grantee = r.getLong(2) == 0 ? "public" : Relation.quote(r.getString(3));
                grants.add(new Grant(r.getString(1), grantee, r.getString(4), r.getBoolean(5)));
            }
        }
    }

    private void readComments(Connection connection, String relation) throws SQLException {
        try (PreparedStatement s = query(connection, """
                select coalesce(a.attname, ''), d.description from pg_description d
                left join pg_attribute a on a.attrelid = d.objoid and a.attnum = d.objsubid and d.objsubid > 0
                where d.classoid = 'pg_class'::regclass and d.objoid = to_regclass(?)""", relation);
                ResultSet r = s.executeQuery()) {
            while (r.next()) {
                if (r.getString(1).isEmpty()) {
                    comment = r.getString(2);
                } else {
                    columnComments.put(r.getString(1), r.getString(2));
                }
            }
        }
    }

    /**
     * Gives all this to another relation, and nothing of what it was granted before; what belongs to a column that it
     * lacks is left out.
     *
     * @param kind {@code table}, {@code view} or {@code materialized view}
     */
    void giveTo(Connection connection, String kind, String relation) throws SQLException {
        List<String> columns = columns(connection, relation);
        RelationPrivileges own = of(connection, relation);
        try (Statement s = connection.createStatement()) {
            if (!own.owner.equals(owner)) {
                s.execute("alter " + kind + " " + relation + " owner to " + Relation.quote(owner));
            }
            for (Grant grant : own.grants) {
                s.execute("revoke all on " + relation + " from " + grant.grantee());
            }
            for (Grant grant : grants) {
                if (grant.column() == null || columns.contains(grant.column())) {
                    s.execute(statement(grant, relation));
                }
            }
            if (comment != null) {
                s.execute("comment on " + kind + " " + relation + " is " + literal(comment));
            }
            for (var e : columnComments.entrySet()) {
                if (columns.contains(e.getKey())) {
                    s.execute("comment on column " + relation + "." + Relation.quote(e.getKey()) + " is "
                            + literal(e.getValue()));
                }
            }
        }
    }

    private static String statement(Grant grant, String relation) {
        String column = grant.column() == null ? "" : " (" + Relation.quote(grant.column()) + ")";
        return "grant " + grant.privilege() + column + " on " + relation + " to " + grant.grantee()
                + (grant.grantable() ? " with grant option" : "");
    }

    static List<String> columns(Connection connection, String relation) throws SQLException {
        List<String> names = new ArrayList<>();
        try (PreparedStatement s = query(connection, """
                select attname from pg_attribute where attrelid = to_regclass(?) and attnum > 0 and not attisdropped""", relation);
                ResultSet r = s.executeQuery()) {
            while (r.next()) {
                names.add(r.getString(1));
            }
        }
        return names;
    }

    static PreparedStatement query(Connection connection, String sql, String... relations) throws SQLException {
        PreparedStatement s = connection.prepareStatement(sql);
        for (int i = 0; i < relations.length; i++) {
            s.setString(i + 1, relations[i]);
        }
        return s;
    }

    private static String literal(String text) {
        return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}
