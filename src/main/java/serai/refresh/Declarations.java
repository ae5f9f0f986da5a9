package serai.refresh;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import serai.warehouse.Relation;
import serai.warehouse.RelationKind;
import serai.warehouse.Sql;
import serai.warehouse.Transaction;

/**
 * What a file declares of its relation besides rows: comments. A refresh brings the relation in step with the file,
 * also when the rows are unchanged, and writes only what differs. What people have put there besides stays.
 */
final class Declarations {

    private static final String COMMENTS = """
            select coalesce(a.attname, '') as name, d.description
            from pg_description d
            left join pg_attribute a on a.attrelid = d.objoid and a.attnum = d.objsubid and d.objsubid > 0
            where d.classoid = 'pg_class'::regclass and d.objoid = to_regclass(?)""";

    private final Sql sql;
    private final RunContext run;
    private final Node node;
    private final String relation;

    private Declarations(Transaction tx, RunContext run, Node node) {
        this.sql = tx.sql();
        this.run = run;
        this.node = node;
        this.relation = node.relation().sql();
    }

    /** Brings a node's relation, which exists, in step with its file. */
    static void apply(Transaction tx, RunContext run, Node node) throws SQLException {
        Declarations declarations = new Declarations(tx, run, node);
        SearchPath.set(tx.sql(), run.settings().lockTimeout());
        RelationKind kind = RelationKind.of(tx.connection(), node.relation()).orElseThrow();
        declarations.comment(kind);
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
        for (String column : before("commented")) {
            if (!declared.containsKey(column) && existing.containsKey(column)) {
                commentOnColumn(column, "null");
            }
        }
        for (Map.Entry<String, String> comment : declared.entrySet()) {
            if (!comment.getValue().equals(existing.get(comment.getKey()))) {
                commentOnColumn(comment.getKey(), Sql.literal(comment.getValue()));
            }
        }
        remember("commented", List.copyOf(declared.keySet()));
    }

    private void commentOnColumn(String column, String literal) throws SQLException {
        sql.execute("comment on column " + relation + "." + Relation.quote(column) + " is " + literal);
    }

    /** What the file declared at the last refresh. */
    private List<String> before(String column) throws SQLException {
        return sql.first(
                        "select " + column + " from meta.model_state where model = ?",
                        row -> row.texts(column),
                        node.name())
                .orElse(List.of());
    }

    private void remember(String column, List<String> names) throws SQLException {
        sql.update(
                "update meta.model_state set " + column + " = ?::text[] where model = ? and " + column
                        + " <> ?::text[]",
                names,
                node.name(),
                names);
    }
}
