package serai.refresh;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import serai.command.CommandContext;
import serai.command.CommandOutput;
import serai.command.ExitCode;
import serai.status.HumanText;
import serai.warehouse.Relation;
import serai.warehouse.RelationKind;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Writer;

/** {@code drop}: drops a table or view that no file makes any more. */
@Command(
        name = "drop",
        description = "Show the tables and views of models whose file was removed, renamed or moved, and drop one of"
                + " them. Nothing else that depends on it is dropped.",
        mixinStandardHelpOptions = true)
final class DropCommand implements Callable<Integer> {

    private static final List<String> STATE = List.of(
            "meta.model_dirty",
            "meta.model_dirty_keys",
            "meta.seals",
            "meta.tests",
            "meta.test_failures",
            "meta.model_state");

    private final CommandContext context;

    @Mixin
    private CommandOutput output;

    @Parameters(
            arity = "0..1",
            paramLabel = "RELATION",
            description = "such as star.fact_visits; all are shown without it")
    private String relation;

    @Option(names = "--yes", description = "drop it; without this option the command only says what it would drop")
    private boolean yes;

    @Option(
            names = "--destroy",
            paramLabel = "RELATION",
            description = "the name again, to drop rows of a once, which cannot be calculated again")
    private String destroy;

    DropCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        try (Connection connection = context.warehouse().dataSource().getConnection()) {
            List<OldRelation> all = OldRelation.all(Sql.on(connection));
            List<OldRelation> meant = all.stream()
                    .filter(old -> relation == null || old.relation().toString().equals(relation))
                    .toList();
            if (meant.isEmpty() && relation != null) {
                throw new IllegalStateException(relation + " is not a table or view of a removed file."
                        + (all.isEmpty() ? " There is none." : " They are: " + names(all) + "."));
            }
            if (meant.isEmpty()) {
                output.print("Each table and view of a model has its file.", Map.of());
            }
            for (OldRelation old : meant) {
                show(Sql.on(connection), old);
            }
            if (yes && relation == null) {
                throw new IllegalStateException("--yes needs the name of one relation.");
            }
            if (yes) {
                requireNoFile(meant.get(0));
                drop(meant.get(0));
            }
        }
        return ExitCode.DONE;
    }

    private static String names(List<OldRelation> all) {
        return String.join(
                ", ", all.stream().map(old -> old.relation().toString()).toList());
    }

    private void show(Sql sql, OldRelation old) throws SQLException {
        boolean isView = old.kind().equals(ModelKind.VIEW.text());
        long rows = sql.first("select count(*) from " + old.relation().sql(), row -> row.number("count"))
                .orElseThrow();
        long bytes = sql.first(
                        "select pg_total_relation_size(to_regclass(?)) as bytes",
                        row -> row.number("bytes"),
                        old.relation().sql())
                .orElseThrow();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("relation", old.relation().toString());
        json.put("model", old.model());
        json.put("kind", old.kind());
        json.put("rows", rows);
        json.put("bytes", bytes);
        json.put("since", old.since() == null ? null : old.since().toString());
        output.print(
                old.relation() + ": " + (isView ? "a view" : "a table") + " of " + HumanText.of(rows, "row")
                        + (isView ? "" : ", " + bytes / 1024 + " KiB") + ", the " + old.kind() + " " + old.model()
                        + (old.since() == null ? "" : ", last refreshed or moved " + old.since()) + ".",
                json);
    }

    /** The file may have come back since the last refresh. */
    private void requireNoFile(OldRelation old) throws IOException {
        ModelFolder folder = ModelFolder.read(context);
        Node node = folder.graph() == null ? null : folder.graph().get(old.model());
        if (node != null && node.relation().equals(old.relation())) {
            throw new IllegalStateException(node.file() + " makes " + old.relation() + ": remove that file first.");
        }
        Optional<String> refused = folder.refusals().stream()
                .filter(sentence -> sentence.matches("(?s)[^ :]*/" + old.model() + "\\.(sql|csv)[ :].*"))
                .findFirst();
        if (refused.isPresent()) {
            throw new IllegalStateException("The file of " + old.model() + " is there. " + refused.get());
        }
    }

    private void drop(OldRelation old) throws Exception {
        Relation table = old.relation();
        if (old.hasOnlyCopy() && !table.toString().equals(destroy)) {
            throw new IllegalStateException("The rows of " + table + " were true at their time and cannot be calculated"
                    + " again. If they are not needed: --yes --destroy " + table);
        }
        try (Writer writer = context.warehouse()
                .tryWriter("refresh:" + old.model())
                .orElseThrow(() -> new IllegalStateException(old.model() + " is refreshed now; try again soon."))) {
            writer.commitWithState(tx -> {
                Sql sql = tx.sql();
                sql.execute("set local lock_timeout = '10s'");
                dropAlone(tx.connection(), table);
                sql.update("delete from meta.old_relations where relation = ?", table.toString());
                for (String state : STATE) {
                    sql.update(
                            "delete from " + state + " where model = ? and not exists"
                                    + " (select from meta.model_state s where s.model = ? and s.active)",
                            old.model(),
                            old.model());
                }
                return RunOutcome.ok();
            });
        }
        output.print("Dropped.", Map.of("dropped", table.toString()));
    }

    private static void dropAlone(Connection connection, Relation table) throws SQLException {
        RelationKind kind = RelationKind.of(connection, table).orElseThrow();
        try {
            Sql.on(connection).execute("drop " + kind.sql() + " " + table.sql());
        } catch (SQLException e) {
            throw new IllegalStateException(ModelError.describe(e), e);
        }
    }
}
