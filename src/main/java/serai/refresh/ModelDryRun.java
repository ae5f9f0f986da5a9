package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.postgresql.util.PSQLException;
import serai.edits.EditRefusedException;
import serai.warehouse.Relation;
import serai.warehouse.SelectText;
import serai.warehouse.Sql;
import serai.warehouse.SqlSyntaxException;

/**
 * Lets PostgreSQL check a graph without changing anything: each model becomes a temporary view over the temporary views
 * of what it reads, in a transaction that is rolled back. So columns and types are known before anything runs, and
 * {@code @reads} is compared with the dependencies that PostgreSQL records for the SELECT.
 */
final class ModelDryRun {

    private static final String SOURCES = """
            select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname in ('landing', 'app') and c.relkind in ('r', 'v', 'm', 'f', 'p')
              and c.relname ~ '^[a-z_][a-z0-9_]*$'""";
    private static final String DEPENDENCIES = """
            select n.nspname, c.relname, c.relnamespace = pg_my_temp_schema() as is_node,
              array_agg(distinct coalesce(a.attname, '*')) as columns
            from pg_rewrite w
            join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
              and d.refclassid = 'pg_class'::regclass
            join pg_class c on c.oid = d.refobjid and c.oid <> w.ev_class
            join pg_namespace n on n.oid = c.relnamespace
            left join pg_attribute a on a.attrelid = c.oid and a.attnum = d.refobjsubid and d.refobjsubid > 0
            where w.ev_class = to_regclass(?) group by 1, 2, 3""";
    private static final String UNDEFINED_TABLE = "42P01";

    private final Sql sql;
    private final ModelGraph graph;
    private final Map<String, RelationColumns> columns = new HashMap<>();
    /** For each node, the columns that it reads of each relation. */
    private final Map<String, Map<String, Set<String>>> readColumns = new HashMap<>();

    private final Map<String, ModelInputs> inputs = new HashMap<>();
    private final Map<String, Versions> versions = new HashMap<>();

    private ModelDryRun(Sql sql, ModelGraph graph) {
        this.sql = sql;
        this.graph = graph;
    }

    /** The relations of landing and app, which models may read. */
    static Set<Relation> sources(Connection connection) throws SQLException {
        return Set.copyOf(
                Sql.on(connection).list(SOURCES, row -> new Relation(row.text("nspname"), row.text("relname"))));
    }

    /**
     * Checks a graph.
     *
     * @param connection in auto-commit
     * @param tests the tests of its nodes
     * @return the graph with the columns of each node, and with the tests
     * @throws EditRefusedException the first mistake in the graph's order
     */
    static ModelGraph of(Connection connection, ModelGraph graph, Collection<DataTest> tests)
            throws SQLException, EditRefusedException {
        return of(connection, graph, tests, (sql, node) -> {});
    }

    /** Looks at a node when it is a temporary view or table. */
    interface Visitor {
        void visit(Sql sql, Node node) throws SQLException;
    }

    /** The same, which shows each node to a visitor. */
    static ModelGraph of(Connection connection, ModelGraph graph, Collection<DataTest> tests, Visitor visitor)
            throws SQLException, EditRefusedException {
        connection.setAutoCommit(false);
        try {
            Sql sql = Sql.on(connection);
            // what the graph has is found first; a relation of staging, star or report is refused by dependencies()
            SearchPath.setWithTemporary(sql);
            sql.execute("set local statement_timeout = '60s'");
            ModelDryRun dryRun = new ModelDryRun(sql, graph);
            for (Node node : graph.nodes()) {
                dryRun.create(connection, node);
                visitor.visit(sql, node);
            }
            DataTestDryRun testRun = new DataTestDryRun(sql, graph, dryRun);
            List<PlacedTest> placed = new ArrayList<>();
            for (DataTest test : tests) {
                placed.add(testRun.place(test));
            }
            return graph.checked(dryRun.columns, dryRun.inputs, dryRun.versions, placed);
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private void create(Connection connection, Node node) throws SQLException, EditRefusedException {
        if (node instanceof Model model) {
            createView(model);
            checkReads(model);
            if (model.kind() == ModelKind.SCD2) {
                createVersions(model);
            }
            checkColumns(model);
            inputs.put(
                    model.name(),
                    model.kind() == ModelKind.SCD2
                                    && !versions.get(model.name()).isLog()
                            ? ModelInputs.NONE
                            : new InputFinder(connection, graph, readColumns).of(model));
        } else if (node instanceof Script script) {
            for (Relation relation : script.writes()) {
                if (RelationColumns.read(sql, relation.sql()).isEmpty()) {
                    throw script.refuse(
                            "writes", "there is no table " + relation + ": create it by a migration of sql/migrations");
                }
            }
        } else if (node instanceof Seed seed) {
            columns.put(seed.name(), RelationColumns.ofText(seed.columns()));
            sql.execute("create temp table " + Relation.quote(seed.name()) + " ("
                    + columns.get(seed.name()).definitions() + ")");
        }
    }

    private void createView(Model model) throws SQLException, EditRefusedException {
        columns.put(
                model.name(),
                createView(sql, model, model.sql(), "Name it in @reads too: models")
                        .orElseThrow(() -> model.refuse(null, "the SELECT has no columns: name at least one")));
    }

    /** Those who read an scd2 see the columns of its table instead of those of its SELECT. */
    private void createVersions(Model model) throws SQLException, EditRefusedException {
        Versions of = new Versions(columns.get(model.name()));
        of.check(model);
        RelationColumns table = of.table();
        versions.put(model.name(), of);
        columns.put(model.name(), table);
        String name = Relation.quote(model.name());
        String list = table.columns().stream()
                .map(c -> of.selected().names().contains(c.name())
                        ? Relation.quote(c.name())
                        : "null::" + c.type() + " as " + Relation.quote(c.name()))
                .collect(Collectors.joining(", "));
        sql.execute("drop view " + name);
        sql.execute("create temp view " + name + " as select " + list + " from ("
                + model.sql().definition() + "\n) as model");
    }

    /**
     * Creates a temporary view.
     *
     * @param unknown the beginning of the fix for an unknown name
     * @return its columns; empty when it has none
     */
    static Optional<RelationColumns> createView(Sql sql, SqlFile file, SelectText select, String unknown)
            throws SQLException, EditRefusedException {
        String name = Relation.quote(file.name());
        String create = "create temp view " + name + " as ";
        try {
            sql.execute(create + select.definition());
        } catch (PSQLException e) {
            SqlSyntaxException mistake = select.mistake(e, create);
            String hint = UNDEFINED_TABLE.equals(e.getSQLState())
                    ? ". " + unknown + ", seeds and the relations of landing and app are known, without schema"
                    : "";
            throw new EditRefusedException(file.file(), mistake.line(), mistake.getMessage() + hint);
        }
        return RelationColumns.read(sql, name);
    }

    private void checkReads(Model model) throws SQLException, EditRefusedException {
        Set<String> declared = new TreeSet<>(graph.reads(model));
        Set<String> actual = dependencies(model);
        Set<String> missing = new TreeSet<>(actual);
        missing.removeAll(declared);
        if (!missing.isEmpty()) {
            throw model.refuse(
                    "reads", "the SELECT reads " + String.join(", ", missing) + ", which @reads does not name: add it");
        }
        declared.removeAll(actual);
        if (!declared.isEmpty()) {
            throw model.refuse(
                    "reads",
                    "@reads names " + String.join(", ", declared) + ", which the SELECT does not read: remove it");
        }
    }

    /** What a SELECT reads: names of nodes, and {@code schema.name} of sources. */
    Set<String> dependencies(SqlFile file) throws SQLException, EditRefusedException {
        Map<String, Set<String>> nodes = new TreeMap<>();
        Map<Relation, Set<String>> others = new HashMap<>();
        sql.each(
                DEPENDENCIES,
                row -> {
                    Set<String> read = Set.copyOf(row.texts("columns"));
                    if (row.flag("is_node")) {
                        nodes.put(row.text("relname"), read);
                    } else {
                        others.put(new Relation(row.text("nspname"), row.text("relname")), read);
                    }
                },
                Relation.quote(file.name()));
        for (Relation other : others.keySet()) {
            boolean laterNode = file instanceof Node node
                    && graph.get(other.name()) != null
                    && !graph.reads(node).contains(other.name());
            if (!laterNode
                    && !graph.isFilled(other)
                    && !other.schema().equals("landing")
                    && !other.schema().equals("app")) {
                throw file.refuse(
                        null,
                        "the SELECT reads " + other + ": write the names of models without schema; besides models only"
                                + " landing and app may be read");
            }
            nodes.put(laterNode ? other.name() : other.toString(), others.get(other));
        }
        readColumns.put(file.name(), nodes);
        return new TreeSet<>(nodes.keySet());
    }

    private void checkColumns(Model model) throws SQLException, EditRefusedException {
        List<String> names = columns.get(model.name()).names();
        for (Model.ColumnUse use : model.columnUses()) {
            List<String> missing = use.columns().stream()
                    .filter(column -> !names.contains(column))
                    .toList();
            if (!missing.isEmpty()) {
                throw new EditRefusedException(
                        model.file(),
                        use.line(),
                        "the SELECT has no column " + String.join(", ", missing) + ": fix @" + use.key()
                                + " or name the column");
            }
        }
        List<String> roles = Declarations.missingRoles(sql, model.table().grants());
        if (!roles.isEmpty()) {
            throw model.refuse(
                    "grant",
                    "the warehouse has no role " + String.join(", ", roles) + ": create it, or remove it from @grant");
        }
        if (!model.table().indexes().isEmpty()) {
            checkIndexes(model);
        }
        for (ModelTests.ForeignKey key : model.tests().foreignKeys()) {
            checkForeignKey(model, key);
        }
        if (model.window() != null) {
            checkWindow(model, model.window());
        }
        String deleted = model.write().deleted();
        if (deleted != null
                && !columns.get(model.name()).typeOf(deleted).orElse("").equals("boolean")) {
            throw model.refuse("deleted", deleted + " is not of type boolean: write false as " + deleted);
        }
    }

    private void checkIndexes(Model model) throws SQLException, EditRefusedException {
        sql.execute(
                "create temp table serai_indexed (" + columns.get(model.name()).definitions() + ")");
        for (TableOptions.Index index : model.table().indexes()) {
            try {
                sql.execute(index.create("index on serai_indexed"));
            } catch (PSQLException e) {
                throw new EditRefusedException(
                        model.file(), index.line(), "this index cannot be created: " + ModelError.describe(model, e));
            }
        }
        sql.execute("drop table serai_indexed");
    }

    private void checkForeignKey(Model model, ModelTests.ForeignKey key) throws SQLException, EditRefusedException {
        Node target = graph.get(key.relation());
        if (target == null) {
            throw model.refuse(key.line(), "there is no model or seed " + key.relation() + ": fix @fk");
        }
        if (key.to() == null && !(target instanceof Model to && to.grain().size() == 1)) {
            throw model.refuse(
                    key.line(),
                    key.relation() + " has no @grain of one column: write @fk " + key.column() + " in " + key.relation()
                            + ".COLUMN");
        }
        try {
            sql.execute("create temp view serai_key as select 1 as one from " + Relation.quote(model.name())
                    + " as t join " + Relation.quote(key.relation()) + " as d on d."
                    + Relation.quote(graph.columnOf(key)) + " = t." + Relation.quote(key.column()));
            sql.execute("drop view serai_key");
        } catch (PSQLException e) {
            throw model.refuse(key.line(), "@fk: " + ModelError.describe(model, e));
        }
    }

    private void checkWindow(Model model, ModelWindow window) throws SQLException, EditRefusedException {
        String type = columns.get(model.name()).typeOf(window.column()).orElse("");
        if (model.kind() == ModelKind.UPSERT) {
            if (window.column() != null && !isTime(type)) {
                throw model.refuse(
                        "window", "the SELECT has no date or time " + window.column() + ": name it, or remove it here");
            }
        } else {
            checkUnitColumn(model, window, type);
        }
        boolean read = graph.reads(model).stream()
                .anyMatch(name -> name.equals(window.relation()) || name.endsWith("." + window.relation()));
        if (!read) {
            throw model.refuse("window", window.relation() + " is not in @reads: name a relation that the model reads");
        }
        String inputType = RelationColumns.read(sql, window.relation())
                .orElseThrow()
                .typeOf(window.sourceColumn())
                .orElse("");
        if (!isTime(inputType)) {
            throw model.refuse(
                    "window",
                    window.relation() + " has no column " + window.sourceColumn()
                            + " of type date or timestamptz: fix @window");
        }
    }

    private static void checkUnitColumn(Model model, ModelWindow window, String type) throws EditRefusedException {
        String needed = window.unit().isDate() ? "date" : "timestamp with time zone";
        if (!needed.equals(type)) {
            throw model.refuse(
                    "window",
                    "the SELECT has no column " + window.column() + " of type " + needed
                            + ": name it in the SELECT, as "
                            + (window.unit().isDate()
                                    ? "(t at time zone 'Europe/London')::date"
                                    : "date_trunc('hour', t, 'Europe/London')"));
        }
    }

    private static boolean isTime(String type) {
        return type.equals("date") || type.startsWith("timestamp");
    }
}
