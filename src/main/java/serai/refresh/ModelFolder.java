package serai.refresh;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import serai.command.CommandContext;
import serai.edits.EditRefusedException;
import serai.edits.Edits;
import serai.edits.Refusal;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;

/** The SQL files of the project's folder as they are now, for commands that write nothing to the warehouse. */
final class ModelFolder {

    private final CommandContext context;
    private final Warehouse warehouse;
    private final SqlFiles files;
    private final List<Refusal> refusals;

    private ModelFolder(CommandContext context, Warehouse warehouse, SqlFiles files, List<Refusal> refusals) {
        this.context = context;
        this.warehouse = warehouse;
        this.files = files;
        this.refusals = refusals;
    }

    /** Reads the files and lets PostgreSQL check them. */
    static ModelFolder read(CommandContext context) throws IOException {
        Warehouse warehouse = context.warehouse();
        SqlFiles files = new SqlFiles(warehouse);
        return new ModelFolder(
                context, warehouse, files, new ArrayList<>(files.apply(Edits.read(context.root(), files))));
    }

    /** The files that are in order. */
    ModelGraph graph() {
        return files.graph();
    }

    /** The others, each in a sentence. */
    List<String> refusals() {
        return refusals.stream().map(ModelFolder::sentence).toList();
    }

    private static String sentence(Refusal refusal) {
        return refusal.file() + (refusal.line() == null ? "" : ":" + refusal.line()) + " is refused: "
                + refusal.reason();
    }

    /** @throws IllegalStateException when a file is refused */
    void requireAccepted() {
        if (!refusals.isEmpty()) {
            throw new IllegalStateException(String.join("\n", refusals()));
        }
    }

    /**
     * The nodes to which a command applies.
     *
     * @param name of one of them; null for all
     * @throws IllegalStateException when there is none, with the reason if its file is refused
     */
    List<Node> nodes(String name) {
        return name == null ? List.copyOf(graph().nodes()) : List.of(node(name));
    }

    /** @throws IllegalStateException when there is no such node, with the reason if its file is refused */
    Node node(String name) {
        Node node = graph().get(name);
        if (node == null) {
            throw new IllegalStateException(refusals.stream()
                    .filter(refusal -> refusal.file().getFileName().toString().matches(name + "\\.(sql|csv)"))
                    .map(ModelFolder::sentence)
                    .findFirst()
                    .orElse("There is no model " + name + "."));
        }
        return node;
    }

    /** The graph in which a model's columns may differ from those of its table. */
    ModelGraph graphWithNewColumnsOf(String model) throws SQLException, EditRefusedException {
        return files.resolveForRebuild(model).graph();
    }

    /**
     * The same files, those included that differ from what is there, for a build elsewhere.
     *
     * @param all whether each file has to be in order
     * @throws IllegalStateException when one is refused
     */
    ModelGraph graphWithoutHistory(boolean all) throws SQLException {
        EditBatch batch = files.resolveWithoutHistory();
        refusals.clear();
        refusals.addAll(batch.refusals());
        files.accept(batch);
        if (all) {
            requireAccepted();
        }
        return batch.graph();
    }

    /** What a run at this time would have. */
    RunContext run(ModelGraph graph, Instant now) {
        return RunContext.of(warehouse, graph, RefreshSettings.of(context.settings()), now);
    }

    /** Reads from the warehouse. */
    interface Reading<T> {
        T from(Connection connection) throws SQLException;
    }

    /** Reads in one snapshot, in a transaction that cannot write and in which names are found as models find them. */
    <T> T read(Reading<T> reading) throws SQLException {
        try (Connection connection = warehouse.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            try {
                Sql sql = Sql.on(connection);
                sql.execute("set transaction isolation level repeatable read read only");
                SearchPath.set(sql);
                return reading.from(connection);
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    /** Those of some nodes that the warehouse does not have yet. */
    static List<Node> missing(Sql sql, List<Node> nodes) throws SQLException {
        List<Node> missing = new ArrayList<>();
        for (Node node : nodes) {
            if (RelationColumns.read(sql, node.relation().sql()).isEmpty()) {
                missing.add(node);
            }
        }
        return missing;
    }
}
