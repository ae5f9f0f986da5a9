package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import serai.edits.EditRefusedException;
import serai.warehouse.Relation;
import serai.warehouse.Sql;

/**
 * Which columns of which relations each node reads, as PostgreSQL records it for a view with the same SELECT.
 *
 * @param reads for each node, in the graph's order, its inputs with the columns that it reads of them
 */
record Lineage(Map<String, Map<String, List<String>>> reads) {

    private static final String COLUMNS = """
            select distinct n.nspname, c.relname, c.relnamespace = pg_my_temp_schema() as is_node, a.attnum, a.attname
            from pg_rewrite w
            join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
              and d.refclassid = 'pg_class'::regclass
            join pg_class c on c.oid = d.refobjid and c.oid <> w.ev_class
            join pg_namespace n on n.oid = c.relnamespace
            left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid and a.attnum > 0
            where w.ev_class = to_regclass(?) order by n.nspname, c.relname, a.attnum""";

    /**
     * Reads the lineage of a graph; nothing that is created for it stays.
     *
     * @param connection in auto-commit
     */
    static Lineage of(Connection connection, ModelGraph graph) throws SQLException, EditRefusedException {
        Map<String, Map<String, List<String>>> reads = new LinkedHashMap<>();
        ModelDryRun.of(
                connection,
                graph,
                List.of(),
                (sql, node) -> reads.put(
                        node.name(),
                        node.kind() == ModelKind.SCRIPT
                                ? graph.reads(node).stream().collect(Collectors.toMap(read -> read, read -> List.of()))
                                : columns(sql, node)));
        return new Lineage(reads);
    }

    private static Map<String, List<String>> columns(Sql sql, Node node) throws SQLException {
        Map<String, List<String>> columns = new TreeMap<>();
        sql.each(
                COLUMNS,
                row -> {
                    String input =
                            row.flag("is_node") ? row.text("relname") : row.text("nspname") + "." + row.text("relname");
                    List<String> names = columns.computeIfAbsent(input, i -> new ArrayList<>());
                    if (row.text("attname") != null) {
                        names.add(row.text("attname"));
                    }
                },
                Relation.quote(node.name()));
        return columns;
    }

    /** The nodes that read a node. */
    List<String> feeds(String node) {
        return reads.entrySet().stream()
                .filter(e -> e.getValue().containsKey(node))
                .map(Map.Entry::getKey)
                .toList();
    }
}
