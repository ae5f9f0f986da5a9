package serai.refresh;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.Relation;
import serai.warehouse.RelationKind;
import serai.warehouse.Sql;
import serai.warehouse.Transaction;

/**
 * What a file declares of its relation besides rows: comments, indexes and who may read it. A refresh brings the
 * relation in step with the file, also when the rows are unchanged, and writes only what differs. What people have put
 * there besides stays.
 */
final class Declarations {

    private static final String COMMENTS = """
            select coalesce(a.attname, '') as name, d.description
            from pg_description d
            left join pg_attribute a on a.attrelid = d.objoid and a.attnum = d.objsubid and d.objsubid > 0
            where d.classoid = 'pg_class'::regclass and d.objoid = to_regclass(?)""";

    /** The roles that may read a relation, its owner included. */
    private static final String READERS = """
            select pg_get_userbyid(g.grantee) as role from pg_class c
            cross join lateral aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) g
            where c.oid = to_regclass(?) and g.grantee <> 0 and g.privilege_type = 'SELECT'""";

    /** After a name of 55 characters just these and the hash fit into 63. */
    private static final String INDEX = "_i";

    private static final int INDEX_HASH = 6;
    private static final Logger LOG = LoggerFactory.getLogger(Declarations.class);

    private final Sql sql;
    private final RunContext run;
    private final Node node;
    private final String relation;
    private final Before before;

    /** What the file declared at the last refresh: the columns with a comment, and the roles. */
    private record Before(List<String> commented, List<String> granted) {}

    private Declarations(Transaction tx, RunContext run, Node node) throws SQLException {
        this.sql = tx.sql();
        this.run = run;
        this.node = node;
        this.relation = node.relation().sql();
        this.before = sql.first(
                        "select commented, granted from meta.model_state where model = ?",
                        row -> new Before(row.texts("commented"), row.texts("granted")),
                        node.name())
                .orElse(new Before(List.of(), List.of()));
    }

    /** Brings a node's relation, which exists, in step with its file. */
    static void apply(Transaction tx, RunContext run, Node node) throws SQLException {
        Declarations declarations = new Declarations(tx, run, node);
        SearchPath.set(tx.sql(), run.settings().lockTimeout());
        RelationKind kind = RelationKind.of(tx.connection(), node.relation()).orElseThrow();
        declarations.comment(kind);
        if (node instanceof Model model) {
            declarations.index(model);
            declarations.grant(model);
        }
    }

    /** Says which roles of {@code refresh.readers} do not exist. */
    static void warnOfMissingReaders(Sql sql, RefreshSettings settings) throws SQLException {
        List<String> missing = missingRoles(sql, settings.readers());
        if (!missing.isEmpty()) {
            LOG.warn(
                    "refresh.readers names {}, which the warehouse does not have: create it, or correct the setting",
                    String.join(", ", missing));
        }
    }

    /** The roles that do not exist. */
    static List<String> missingRoles(Sql sql, List<String> roles) throws SQLException {
        return roles.isEmpty()
                ? List.of()
                : sql.list(
                        "select role from unnest(?::text[]) role where role not in (select rolname from pg_roles)",
                        row -> row.text("role"),
                        roles);
    }

    /** The indexes of the file are those whose name says so; others are left alone. */
    private void index(Model model) throws SQLException {
        String prefix = model.name() + INDEX;
        Map<String, TableOptions.Index> declared = new TreeMap<>();
        for (TableOptions.Index index : model.table().indexes()) {
            declared.put(prefix + Sha256.of(index.create("")).substring(0, INDEX_HASH), index);
        }
        List<String> existing = sql.list(
                "select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid"
                        + " where i.indrelid = to_regclass(?) and c.relname ~ ?",
                row -> row.text("relname"),
                relation,
                "^" + prefix + "[0-9a-f]{" + INDEX_HASH + "}$");
        for (String name : existing) {
            if (!declared.containsKey(name)) {
                sql.execute("drop index " + new Relation(model.relation().schema(), name).sql());
            }
        }
        for (Map.Entry<String, TableOptions.Index> index : declared.entrySet()) {
            if (!existing.contains(index.getKey())) {
                sql.execute(index.getValue().create("index " + Relation.quote(index.getKey()) + " on " + relation));
            }
        }
    }

    /** Grants SELECT, and revokes what the file granted before; what people have granted stays. */
    private void grant(Model model) throws SQLException {
        List<String> wanted = new ArrayList<>(
                model.table().grants().isEmpty()
                        ? run.settings().readers()
                        : model.table().grants());
        wanted.removeAll(missingRoles(sql, wanted));
        List<String> existing = sql.list(READERS, row -> row.text("role"), relation);
        List<String> granted = new ArrayList<>(before.granted());
        for (String role : wanted) {
            if (!existing.contains(role)) {
                sql.execute("grant usage on schema "
                        + Relation.quote(model.relation().schema()) + " to " + Relation.quote(role));
                sql.execute("grant select on " + relation + " to " + Relation.quote(role));
                granted.add(role);
            }
        }
        for (String role : granted) {
            if (!wanted.contains(role) && existing.contains(role)) {
                sql.execute("revoke select on " + relation + " from " + Relation.quote(role));
            }
        }
        granted.retainAll(wanted);
        remember("granted", before.granted(), granted.stream().distinct().toList());
    }

    private void comment(RelationKind kind) throws SQLException {
        Map<String, String> existing = new HashMap<>();
        sql.each(COMMENTS, row -> existing.put(row.text("name"), row.text("description")), relation);
        if (!node.about().equals(existing.get(""))) {
            sql.execute("comment on " + kind.sql() + " " + relation + " is " + Sql.literal(node.about()));
        }
        Map<String, String> declared = new TreeMap<>();
        if (node instanceof Model model) {
            model.table().comments().forEach(comment -> declared.put(comment.column(), comment.text()));
        }
        for (String column : before.commented()) {
            if (!declared.containsKey(column) && existing.containsKey(column)) {
                commentOnColumn(column, "null");
            }
        }
        for (Map.Entry<String, String> comment : declared.entrySet()) {
            if (!comment.getValue().equals(existing.get(comment.getKey()))) {
                commentOnColumn(comment.getKey(), Sql.literal(comment.getValue()));
            }
        }
        remember("commented", before.commented(), List.copyOf(declared.keySet()));
    }

    private void commentOnColumn(String column, String literal) throws SQLException {
        sql.execute("comment on column " + relation + "." + Relation.quote(column) + " is " + literal);
    }

    private void remember(String column, List<String> last, List<String> names) throws SQLException {
        if (!names.equals(last)) {
            sql.update("update meta.model_state set " + column + " = ?::text[] where model = ?", names, node.name());
        }
    }
}
