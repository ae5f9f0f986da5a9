package serai.refresh;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Writer;

/**
 * Keeps {@code meta.watches} in step with the models. A model whose watches are new is calculated only when all
 * transactions have ended that ran when they were committed: these could not know of them.
 */
final class Watches {

    private static final Duration POLL = Duration.ofMillis(20);
    private static final String WRITERS = """
            select l.pid || ' ' || l.transactionid as writer from pg_locks l join pg_stat_activity a using (pid)
            where l.locktype = 'transactionid' and l.mode = 'ExclusiveLock' and l.granted
              and a.datname = current_database() and l.pid <> pg_backend_pid()""";

    private record Watch(String relation, String kind, List<String> columns, List<String> reads, String consumer) {}

    private final Writer writer;
    private final ModelGraph graph;

    Watches(Writer writer, ModelGraph graph) {
        this.writer = writer;
        this.graph = graph;
    }

    /** @param patience how long to wait for transactions that began before a new watch */
    void update(Duration patience) throws Exception {
        Set<Watch> wanted = wanted(writer.sql());
        Set<Watch> present = new HashSet<>(writer.sql()
                .list(
                        "select relation, kind, columns, reads, consumer from meta.watches",
                        row -> new Watch(
                                row.text("relation"),
                                row.text("kind"),
                                row.texts("columns"),
                                row.texts("reads"),
                                row.text("consumer"))));
        if (!wanted.equals(present)) {
            writer.commitWithState(tx -> {
                write(tx.sql(), wanted, present);
                return RunOutcome.ok();
            });
        }
        List<String> unwatched = writer.sql()
                .list("select model from meta.model_state where active and not watching", row -> row.text("model"));
        if (!unwatched.isEmpty() && othersEnded(patience)) {
            writer.commitWithState(tx -> {
                tx.sql().update("update meta.model_state set watching = true where model = any (?)", unwatched);
                return RunOutcome.ok();
            });
        }
    }

    private Set<Watch> wanted(Sql sql) throws SQLException {
        Set<Watch> wanted = new HashSet<>();
        for (Node node : graph.nodes()) {
            if (node instanceof Model model && (model.kind().isMarked() || model.kind() == ModelKind.ONCE)) {
                for (ModelInputs.Input input : graph.inputs(model).inputs()) {
                    if (isWatched(model, input.kind())) {
                        wanted.add(new Watch(
                                input.relation().toString(),
                                input.kind().text(),
                                input.columns(),
                                reads(sql, input),
                                model.name()));
                    }
                }
            }
        }
        return wanted;
    }

    /** Changes after a unit of a once was sealed are only counted. */
    private static boolean isWatched(Model model, ModelInputs.Kind kind) {
        return model.kind() == ModelKind.ONCE ? kind == ModelInputs.Kind.WINDOW : kind != ModelInputs.Kind.NONE;
    }

    private List<String> reads(Sql sql, ModelInputs.Input input) throws SQLException {
        Set<String> reads = new TreeSet<>(input.reads());
        if (reads.remove(InputFinder.ALL_COLUMNS)) {
            Node node = graph.get(input.relation().name());
            reads.addAll(
                    node != null && node.relation().equals(input.relation())
                            ? graph.columns(node).names()
                            : RelationColumns.read(sql, input.relation().sql())
                                    .map(RelationColumns::names)
                                    .orElse(List.of()));
        }
        return List.copyOf(reads);
    }

    private void write(Sql sql, Set<Watch> wanted, Set<Watch> present) throws SQLException {
        Set<String> changed = new TreeSet<>();
        for (Watch watch : present) {
            if (!wanted.contains(watch)) {
                sql.update(
                        "delete from meta.watches where relation = ? and kind = ? and columns = ?::text[]"
                                + " and reads = ?::text[] and consumer = ?",
                        watch.relation(),
                        watch.kind(),
                        watch.columns(),
                        watch.reads(),
                        watch.consumer());
            }
        }
        for (Watch watch : wanted) {
            if (!present.contains(watch)) {
                sql.update(
                        "insert into meta.watches (relation, kind, columns, reads, consumer)"
                                + " values (?, ?, ?::text[], ?::text[], ?)",
                        watch.relation(),
                        watch.kind(),
                        watch.columns(),
                        watch.reads(),
                        watch.consumer());
                changed.add(watch.consumer());
            }
        }
        for (String consumer : changed) {
            Model model = (Model) graph.get(consumer);
            if (model.kind() != ModelKind.ONCE) {
                sql.update("update meta.model_state set watching = false where model = ?", consumer);
                // what changed before the watch is not recorded
                Marks.addAll(sql, model);
            }
        }
    }

    /** Waits until the transactions have ended that are running now. */
    private boolean othersEnded(Duration patience) throws SQLException, InterruptedException {
        Set<String> running = new HashSet<>(writer.sql().list(WRITERS, row -> row.text("writer")));
        long end = System.nanoTime() + patience.toNanos();
        while (!running.isEmpty() && System.nanoTime() < end) {
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
            running.retainAll(new ArrayList<>(writer.sql().list(WRITERS, row -> row.text("writer"))));
        }
        return running.isEmpty();
    }

    /** Whether all writers know of the watches of a model. */
    static boolean areKnown(Sql sql, Model model) throws SQLException {
        return sql.first(
                        "select watching from meta.model_state where model = ?",
                        row -> row.flag("watching"),
                        model.name())
                .orElse(false);
    }
}
