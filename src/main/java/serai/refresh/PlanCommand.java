package serai.refresh;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import serai.command.CommandContext;
import serai.command.CommandOutput;
import serai.command.ExitCode;
import serai.status.HumanText;
import serai.warehouse.RelationKind;
import serai.warehouse.Sql;
import serai.warehouse.TimeWindow;

/** {@code plan}: what a refresh would calculate. */
@Command(
        name = "plan",
        description = "Show what a refresh would calculate now: the models in their order, their days, and the SELECT"
                + " with its parameters. It writes nothing.",
        mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {

    private final CommandContext context;

    @Mixin
    private CommandOutput output;

    @Parameters(arity = "0..1", paramLabel = "MODEL", description = "only this model")
    private String model;

    @Option(
            names = "--now",
            paramLabel = "TIME",
            description = "the clock of the run, such as 2026-03-31T10:00; the present time by default")
    private Instant now;

    PlanCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        ModelFolder folder = ModelFolder.read(context);
        RunContext run = folder.run(folder.graph(), now == null ? Instant.now() : now);
        try (Connection connection = context.warehouse().dataSource().getConnection()) {
            for (Node node : folder.nodes(model)) {
                print(connection, run, node);
            }
        }
        if (model == null) {
            folder.requireAccepted();
        }
        return ExitCode.DONE;
    }

    private void print(Connection connection, RunContext run, Node node) throws SQLException {
        List<TimeWindow> ranges = switch (node.kind()) {
            case RECALC -> ranges(connection, run, (Model) node);
            case UPSERT -> List.copyOf(KeyedMaterialization.ranges(Sql.on(connection), run, (Model) node));
            default -> List.of();
        };
        List<String> marks = node.kind().isMarked() ? marks(connection, run.graph(), (Model) node) : List.of();
        StringBuilder text =
                new StringBuilder(node.name() + " (" + node.kind().text() + "): " + what(run.graph(), node, ranges));
        ranges.forEach(range ->
                text.append("\n  from ").append(range.from()).append(" to ").append(range.to()));
        marks.forEach(mark -> text.append("\n  ").append(mark));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", node.name());
        json.put("kind", node.kind().text());
        json.put(
                "ranges",
                ranges.stream()
                        .map(r -> List.of(r.from().toString(), r.to().toString()))
                        .toList());
        json.put("marks", marks);
        json.put("sql", null);
        if (node instanceof Model planned) {
            json.put("sql", planned.sql().prepared());
            json.put("parameters", planned.sql().parameters());
            if (model != null) {
                text.append("\n\n").append(planned.sql().prepared().strip());
                if (!planned.sql().parameters().isEmpty()) {
                    text.append("\n\nparameters: ")
                            .append(String.join(", ", planned.sql().parameters()));
                }
            }
        }
        output.print(text.toString(), json);
    }

    private static String what(ModelGraph graph, Node node, List<TimeWindow> ranges) {
        return switch (node.kind()) {
            case VIEW -> "replaced if its definition changed";
            case SEED -> "written if its file changed";
            case TABLE -> "calculated as a whole, and written where it differs";
            case RECALC ->
                ranges.isEmpty() ? "created, and calculated for all units of its input" : "calculated and written for";
            case SCRIPT -> "its statements are run";
            case UPSERT ->
                "the keys whose rows changed are calculated, and written where they differ"
                        + (ranges.isEmpty() ? "" : "; also those of");
            case SCD2 ->
                graph.isSnapshot(node)
                        ? "compared with its open versions; differences begin and end versions now"
                        : "the versions of the keys with new changes are calculated, and written where they differ";
            default -> "each unit is written when it is over";
        };
    }

    /** The units that are marked, and those that would be: what is marked for it is rolled back. */
    private static List<TimeWindow> ranges(Connection connection, RunContext run, Model model) throws SQLException {
        Sql sql = Sql.on(connection);
        if (RelationKind.of(connection, model.relation()).isEmpty()) {
            return List.of();
        }
        connection.setAutoCommit(false);
        try {
            PendingUnits pending = new PendingUnits(sql, model, run.now());
            Instant coveredTo = ModelState.read(sql, model).coveredTo();
            if (pending.hasNew(coveredTo)) {
                pending.markNew(coveredTo);
            }
            return pending.ranges(run.settings().maxUnits());
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** Changes of its inputs that the next refresh hands on to it. */
    private static List<String> marks(Connection connection, ModelGraph graph, Model model) throws SQLException {
        List<String> window = graph.inputs(model).inputs().stream()
                .filter(input -> input.kind() == ModelInputs.Kind.WINDOW)
                .map(input -> input.relation().toString())
                .toList();
        List<String> marks = new ArrayList<>(Sql.on(connection)
                .list(
                        "select relation, min(day)::text as first, max(day)::text as last, count(distinct day) as days,"
                                + " bool_or(not isfinite(day)) as is_all"
                                + " from meta.dirty where relation = any (?::text[])"
                                + " group by relation order by relation",
                        row -> row.flag("is_all")
                                ? row.text("relation") + " changed, which can change all units"
                                : row.number("days") + " changed days of " + row.text("relation") + " between "
                                        + row.text("first") + " and " + row.text("last"),
                        window));
        marks.addAll(Sql.on(connection)
                .list(
                        "select w.relation, count(distinct k.values) as keys,"
                                + " bool_or(k.values is null or w.kind = 'read')"
                                + " as is_all from meta.dirty_keys k join meta.watches w on w.id = k.watch"
                                + " where w.consumer = ? group by w.relation order by w.relation",
                        row -> row.text("relation") + " changed, which "
                                + (row.flag("is_all")
                                        ? "changes all of it"
                                        : "changes what has one of " + row.number("keys") + " values"),
                        model.name()));
        long keys = Sql.on(connection)
                .first(
                        "select count(distinct values) as keys from meta.model_dirty_keys where model = ?",
                        row -> row.number("keys"),
                        model.name())
                .orElse(0L);
        if (keys > 0) {
            marks.add(HumanText.of(keys, "key") + " to read again over all time");
        }
        return marks;
    }
}
