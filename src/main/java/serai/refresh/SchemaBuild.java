package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import serai.warehouse.DevelopmentSchema;
import serai.warehouse.FencedOffException;
import serai.warehouse.Relation;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.TimeWindow;
import serai.warehouse.Transaction;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;

/**
 * Builds models from scratch in a schema of development. What is not built there is read from production. No state of
 * production is read or written: no marks, seals, runs or leases, but the schema's own.
 */
final class SchemaBuild {

    private final RunContext run;
    private final ModelGraph graph;
    private final DevelopmentSchema schema;
    private final RefreshTarget.Days days;
    private final Map<String, Built> built = new LinkedHashMap<>();

    /**
     * How the building of a node ended.
     *
     * @param rows in its table; null for a view
     * @param error why it is not there, in a sentence; null when it is
     */
    record Built(Node node, Long rows, String error) {}

    /**
     * @param run its graph has the nodes that are built in the schema
     * @param days to calculate of models with days; null for all that production keeps, and of a once for the last unit
     *     that is over
     */
    SchemaBuild(RunContext run, DevelopmentSchema schema, RefreshTarget.Days days) {
        this.run = run;
        this.graph = run.graph();
        this.schema = schema;
        this.days = days;
    }

    /**
     * Builds nodes, each after those that it reads.
     *
     * @throws IllegalStateException when another command builds in the schema, or it cannot be replaced
     */
    List<Built> run(Set<String> names) throws Exception {
        try (Writer writer = writer(run.warehouse(), schema)) {
            commit(writer, tx -> schema.create(tx.sql()));
            for (Node node : graph.nodes()) {
                // a script fills tables of production, which are read from there
                if (names.contains(node.name()) && node.kind() != ModelKind.SCRIPT) {
                    built.put(node.name(), build(writer, node));
                }
            }
            return List.copyOf(built.values());
        }
    }

    /**
     * Drops a schema of development.
     *
     * @return whether it was there
     * @throws IllegalStateException when another command builds in the schema, or it cannot be dropped
     */
    static boolean drop(Warehouse warehouse, DevelopmentSchema schema) throws Exception {
        AtomicBoolean dropped = new AtomicBoolean();
        try (Writer writer = writer(warehouse, schema)) {
            commit(writer, tx -> dropped.set(schema.drop(tx.sql())));
        }
        return dropped.get();
    }

    private static Writer writer(Warehouse warehouse, DevelopmentSchema schema) throws SQLException {
        return warehouse
                .tryWriter("schema:" + schema.name())
                .orElseThrow(() -> new IllegalStateException(
                        "Another command is building the schema " + schema.name() + ": try again later."));
    }

    private interface Statements {
        void in(Transaction tx) throws SQLException;
    }

    private static void commit(Writer writer, Statements statements) throws Exception {
        writer.commitWithState(tx -> {
            statements.in(tx);
            return RunOutcome.ok();
        });
    }

    private Built build(Writer writer, Node node) throws Exception {
        Optional<String> failed = graph.upstream(node).stream()
                .filter(name -> built.containsKey(name) && built.get(name).error() != null)
                .findFirst();
        if (failed.isPresent()) {
            return new Built(node, null, "It reads " + failed.get() + ", which could not be built.");
        }
        Relation relation = graph.relation(node);
        try {
            if (node.kind() == ModelKind.VIEW) {
                commit(writer, tx -> {
                    SearchPath.set(tx.sql(), graph);
                    tx.sql()
                            .execute("create view " + relation.sql() + " as "
                                    + ((Model) node).sql().definition());
                    comment(tx.sql(), "view", node);
                });
                return new Built(node, null, null);
            }
            return new Built(node, table(writer, node), null);
        } catch (SQLException | FencedOffException | RuntimeException e) {
            if (!writer.isValid()) {
                throw e;
            }
            // names must not lead to half a table
            commit(writer, tx -> tx.sql().execute("drop table if exists " + relation.sql()));
            return new Built(node, null, ModelError.describe(node, e));
        }
    }

    private void comment(Sql sql, String kind, Node node) throws SQLException {
        sql.execute("comment on " + kind + " " + graph.relation(node).sql() + " is " + Sql.literal(node.about()));
    }

    /** @return the number of rows */
    private long table(Writer writer, Node node) throws Exception {
        Relation relation = graph.relation(node);
        commit(writer, tx -> {
            NewTable.create(tx, relation, graph.columns(node), node);
            comment(tx.sql(), "table", node);
        });
        long rows = 0;
        if (node.kind() == ModelKind.SCD2 && graph.isSnapshot(node)) {
            rows = snapshot(writer, (Model) node);
        } else if (node.kind() == ModelKind.UPSERT || node.kind() == ModelKind.SCD2) {
            rows = copy(writer, StagingTable.ofAll(writer.connection(), run, (Model) node), relation, sql -> {});
        } else if (node instanceof Model model && model.window() != null) {
            for (TimeWindow range : ranges(writer, model)) {
                StagingTable staging = StagingTable.of(writer.connection(), run, model, range);
                List<Instant> units =
                        model.window().unitsBetween(range.from(), range.to().minusNanos(1));
                rows += copy(
                        writer, staging, relation, sql -> Partitions.ensure(sql, relation, model, units, run.now()));
            }
        } else {
            rows = copy(writer, StagingTable.of(writer.connection(), run, node), relation, sql -> {});
        }
        commit(writer, tx -> {
            SearchPath.set(tx.sql(), graph);
            if (node instanceof Model model) {
                for (TableOptions.Index index : model.table().indexes()) {
                    tx.sql().execute(index.create("index on " + relation.sql()));
                }
            }
            tx.sql().execute("analyze " + relation.sql());
        });
        return rows;
    }

    /** The first versions of an scd2 without a change log begin now. */
    private long snapshot(Writer writer, Model model) throws Exception {
        StagingTable staging = StagingTable.ofPresent(writer.connection(), run, model);
        long rows = staging.rows();
        String columns = String.join(
                ", ", staging.columns().stream().map(Relation::quote).toList());
        commit(
                writer,
                tx -> tx.sql()
                        .update(
                                "insert into " + graph.relation(model).sql() + " (" + columns + ", " + Versions.FROM
                                        + ") select " + columns + ", ?::timestamptz from " + StagingTable.TABLE,
                                run.now()));
        return rows;
    }

    /** @param before what the table needs for these rows */
    private static long copy(Writer writer, StagingTable staging, Relation relation, Transaction.State before)
            throws Exception {
        long rows = staging.rows();
        commit(writer, tx -> {
            before.write(tx.sql());
            staging.copyTo(relation);
        });
        return rows;
    }

    /** What is calculated at once: so many units as in production, and of a once each unit by itself. */
    private List<TimeWindow> ranges(Writer writer, Model model) throws SQLException {
        int most = model.kind() == ModelKind.ONCE ? 1 : run.settings().maxUnits();
        List<TimeWindow> ranges = new ArrayList<>();
        SortedSet<Instant> part = new TreeSet<>();
        for (Instant unit : units(writer, model)) {
            part.add(unit);
            if (part.size() == most) {
                ranges.addAll(model.window().ranges(part));
                part.clear();
            }
        }
        ranges.addAll(model.window().ranges(part));
        return ranges;
    }

    private SortedSet<Instant> units(Writer writer, Model model) throws SQLException {
        ModelWindow window = model.window();
        Instant present = window.unitOf(run.now());
        Instant over = window.unitOf(present.minusNanos(1));
        Instant last = model.kind() == ModelKind.ONCE ? over : window.last(run.now());
        if (days != null) {
            TimeWindow range = window.unitsOf(days.first(), days.last());
            Instant end = window.unitOf(range.to().minusNanos(1));
            end = end.isAfter(last) ? last : end;
            return model.kind() == ModelKind.ONCE
                    ? new TreeSet<>(window.unitsBetween(range.from(), end))
                    : existing(writer, model, range.from(), end);
        }
        if (model.kind() == ModelKind.ONCE) {
            return new TreeSet<>(Set.of(over));
        }
        SortedSet<Instant> units = existing(writer, model, window.firstKept(run.now()), last);
        units.add(present);
        return units;
    }

    private SortedSet<Instant> existing(Writer writer, Model model, Instant first, Instant last) throws SQLException {
        Connection connection = writer.connection();
        connection.setAutoCommit(false);
        try {
            SearchPath.set(writer.sql(), graph);
            return new ExistingUnits(writer.sql(), model).ofInput(first, last);
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }
}
