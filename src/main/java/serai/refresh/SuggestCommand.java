package serai.refresh;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import serai.command.CommandContext;
import serai.command.CommandOutput;
import serai.command.ExitCode;
import serai.refresh.WideScans.WideScan;
import serai.warehouse.Relation;
import serai.warehouse.RelationKind;
import serai.warehouse.Sql;

/** {@code suggest}: what would make the warehouse quicker. */
@Command(name = "suggest", description = "Say what would make reports quicker.", mixinStandardHelpOptions = true)
final class SuggestCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Name a command of suggest.");
    }

    /** {@code suggest indexes}. */
    @Command(
            name = "indexes",
            description = "Run the views of schema report once each, and for slow ones print the indexes that would"
                    + " save them a scan of a whole table.",
            mixinStandardHelpOptions = true)
    static final class Indexes implements Callable<Integer> {

        private static final ObjectMapper JSON = new ObjectMapper();

        /** Whether a table has an index that begins with a column. */
        private static final String BEGINS_WITH = """
                select exists (
                  select from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
                  where i.indrelid = to_regclass(?) and i.indisvalid and i.indpred is null
                    and a.attname = ?) as found""";

        private final CommandContext context;

        @Mixin
        private CommandOutput output;

        @Option(
                names = "--slower-than",
                paramLabel = "MILLISECONDS",
                defaultValue = "500",
                description = "a report that takes longer is slow; ${DEFAULT-VALUE} by default")
        private int slow;

        Indexes(CommandContext context) {
            this.context = context;
        }

        /** A run of a report. */
        private record Report(Model model, double millis, List<WideScan> scans) {}

        @Override
        public Integer call() throws Exception {
            ModelFolder folder = ModelFolder.read(context);
            ModelGraph graph = folder.graph();
            int reports = 0;
            int slowOnes = 0;
            for (Node node : graph.nodes()) {
                if (node.kind() == ModelKind.VIEW && node.relation().schema().equals("report")) {
                    reports++;
                    slowOnes += folder.read(connection -> judge(connection, graph, (Model) node)) ? 1 : 0;
                }
            }
            output.print(
                    "Reports that are views: " + reports + ". Slower than " + slow + " ms: " + slowOnes + ".",
                    Map.of("reports", reports, "slow", slowOnes));
            folder.requireAccepted();
            return ExitCode.DONE;
        }

        /** @return whether the report is slow; it is then printed */
        private boolean judge(Connection connection, ModelGraph graph, Model model) throws SQLException {
            if (RelationKind.of(connection, model.relation()).isEmpty()) {
                return false;
            }
            Report report = run(Sql.on(connection), model);
            if (report.millis() <= slow) {
                return false;
            }
            List<String> lines = new ArrayList<>();
            List<Map<String, Object>> json = new ArrayList<>();
            for (WideScan scan : report.scans()) {
                String fix = fix(Sql.on(connection), graph, scan);
                lines.add("\n  Of " + scan.read() + " rows of " + scan.relation() + " it needs " + scan.needed() + ": "
                        + scan.filter() + "\n  " + fix);
                Map<String, Object> answer = new LinkedHashMap<>();
                answer.put("relation", scan.relation());
                answer.put("rowsRead", scan.read());
                answer.put("rowsNeeded", scan.needed());
                answer.put("filter", scan.filter());
                answer.put("columns", scan.columns());
                answer.put("fix", fix);
                json.add(answer);
            }
            String none = lines.isEmpty()
                    ? "\n  It reads no large table as a whole for few of its rows: an index would not help."
                    : "";
            output.print(
                    model.relation() + " takes " + Math.round(report.millis()) + " ms." + String.join("", lines) + none,
                    Map.of("report", model.name(), "millis", Math.round(report.millis()), "scans", json));
            return true;
        }

        private Report run(Sql sql, Model model) throws SQLException {
            String text = sql.first(
                            "explain (analyze, verbose, timing off, format json) select * from "
                                    + model.relation().sql(),
                            row -> row.text("QUERY PLAN"))
                    .orElseThrow();
            try {
                JsonNode answer = JSON.readTree(text).path(0);
                return new Report(model, answer.path("Execution Time").asDouble(), WideScans.of(answer.path("Plan")));
            } catch (JsonProcessingException e) {
                throw new SQLException("PostgreSQL's plan of " + model.relation() + " is not JSON", e);
            }
        }

        private String fix(Sql sql, ModelGraph graph, WideScan scan) throws SQLException {
            if (scan.columns().isEmpty()) {
                return "An index needs a condition of plain columns, such as column = value or column >= value.";
            }
            String first = scan.columns().get(0);
            boolean there = sql.first(BEGINS_WITH, row -> row.flag("found"), scan.relation(), first)
                    .orElseThrow();
            if (there) {
                return "There is an index that begins with " + first
                        + ", and PostgreSQL did not choose it: run analyze " + scan.relation()
                        + ", and look at the report's conditions.";
            }
            String columns = String.join(", ", scan.columns());
            return graph.nodes().stream()
                    .filter(node -> node.relation().toString().equals(scan.relation()))
                    .findFirst()
                    .map(node -> "Add to " + node.file() + ": -- @index " + columns)
                    .orElseGet(() -> "Add to a file of sql/migrations: create index on " + scan.relation() + " ("
                            + scan.columns().stream().map(Relation::quote).collect(Collectors.joining(", ")) + ");");
        }
    }
}
