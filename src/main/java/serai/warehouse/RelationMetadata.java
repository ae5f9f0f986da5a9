package serai.warehouse;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a relation must not lose when another one takes its name: its owner, its grants and its comments. */
final class RelationMetadata {

    private static final String COMMENTS = """
            select coalesce(a.attname, '') as attname, d.description from pg_description d
            left join pg_attribute a on a.attrelid = d.objoid and a.attnum = d.objsubid and d.objsubid > 0
            where d.classoid = 'pg_class'::regclass and d.objoid = to_regclass(?)""";

    private record Grant(String column, String grantee, String privilege, boolean grantable) {}

    private final String owner;
    private final List<Grant> grants;
    private final String comment;
    private final Map<String, String> columnComments;

    private RelationMetadata(String owner, List<Grant> grants, String comment, Map<String, String> columnComments) {
        this.owner = owner;
        this.grants = grants;
        this.comment = comment;
        this.columnComments = columnComments;
    }

    /** @param relation its name as SQL writes it, quoted and with its schema */
    static RelationMetadata read(Connection connection, String relation) throws SQLException {
        Sql sql = Sql.on(connection);
        String owner = sql.first(
                        "select pg_get_userbyid(relowner) as owner from pg_class where oid = to_regclass(?)",
                        row -> row.text("owner"),
                        relation)
                .orElseThrow(() -> new IllegalArgumentException("There is no relation " + relation));
        Map<String, String> comments = comments(sql, relation);
        String comment = comments.remove("");
        return new RelationMetadata(owner, grants(sql, relation), comment, comments);
    }

    private static List<Grant> grants(Sql sql, String relation) throws SQLException {
        return sql.list(
                """
                select a.attname, case g.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(g.grantee)) end
                  as grantee, g.privilege_type, g.is_grantable
                from (select null::name as attname, relowner, relacl as acl from pg_class where oid = to_regclass(?)
                      union all
                      select a.attname, c.relowner, a.attacl
                      from pg_attribute a join pg_class c on c.oid = a.attrelid
                      where a.attrelid = to_regclass(?) and a.attnum > 0 and not a.attisdropped) a
                cross join lateral aclexplode(a.acl) g
                where g.grantee <> a.relowner""",
                row -> new Grant(
                        row.text("attname"), row.text("grantee"), row.text("privilege_type"), row.flag("is_grantable")),
                relation,
                relation);
    }

    /** Comments by column; that of the relation itself has no name. */
    private static Map<String, String> comments(Sql sql, String relation) throws SQLException {
        Map<String, String> comments = new TreeMap<>();
        sql.each(COMMENTS, row -> comments.put(row.text("attname"), row.text("description")), relation);
        return comments;
    }

    /**
     * Gives all this to another relation and revokes what was granted on that one before. What belongs to a column that
     * it lacks is left out.
     *
     * @param relation its name as SQL writes it, quoted and with its schema
     */
    void applyTo(Connection connection, RelationKind kind, String relation) throws SQLException {
        Sql sql = Sql.on(connection);
        List<String> columns = sql.list(
                "select attname from pg_attribute where attrelid = to_regclass(?) and attnum > 0 and not attisdropped",
                row -> row.text("attname"),
                relation);
        RelationMetadata before = read(connection, relation);
        if (!before.owner.equals(owner)) {
            sql.execute("alter " + kind.sql() + " " + relation + " owner to " + Relation.quote(owner));
        }
        for (Grant grant : before.grants) {
            sql.execute("revoke all on " + relation + " from " + grant.grantee());
        }
        for (Grant grant : grants) {
            if (grant.column() == null || columns.contains(grant.column())) {
                sql.execute(statement(grant, relation));
            }
        }
        if (comment != null) {
            sql.execute("comment on " + kind.sql() + " " + relation + " is " + Sql.literal(comment));
        }
        for (var column : columnComments.entrySet()) {
            if (columns.contains(column.getKey())) {
                sql.execute("comment on column " + relation + "." + Relation.quote(column.getKey()) + " is "
                        + Sql.literal(column.getValue()));
            }
        }
    }

    private static String statement(Grant grant, String relation) {
        String column = grant.column() == null ? "" : " (" + Relation.quote(grant.column()) + ")";
        return "grant " + grant.privilege() + column + " on " + relation + " to " + grant.grantee()
                + (grant.grantable() ? " with grant option" : "");
    }
}
