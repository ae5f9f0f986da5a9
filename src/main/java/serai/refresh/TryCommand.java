package serai.refresh;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import serai.command.CommandContext;
import serai.command.CommandOutput;
import serai.command.ExitCode;
import serai.warehouse.TimeWindow;

/** {@code try}: the rows that a model's file gives now, and how they differ from those of its relation. */
@Command(
        name = "try",
        description = "Show the rows that the SELECT of a model gives, and how they differ from those that are there."
                + " It writes nothing.",
        mixinStandardHelpOptions = true)
final class TryCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final CommandContext context;

    @Spec
    private CommandSpec command;

    @Mixin
    private CommandOutput output;

    @Parameters(paramLabel = "MODEL", description = "the name of the model")
    private String model;

    @Option(
            names = "--from",
            paramLabel = "DAY",
            description = "the first day of a model that has :from, such as 2026-03-01; 7 days before --to by default")
    private LocalDate from;

    @Option(names = "--to", paramLabel = "DAY", description = "the last day; today by default")
    private LocalDate to;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "10",
            description = "how many rows to show; ${DEFAULT-VALUE} by default")
    private int rows;

    TryCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        ModelFolder folder = ModelFolder.read(context);
        ModelGraph graph = folder.graphWithNewColumnsOf(model);
        if (!(graph.get(model) instanceof Model tried)) {
            throw new IllegalStateException(
                    graph.get(model) == null
                            ? "There is no model " + model + "."
                            : model + " is a " + graph.get(model).kind().text() + ": it has no SELECT.");
        }
        Trial trial = new Trial(folder.run(graph, Instant.now()), tried, range(tried));
        folder.read(connection -> {
            trial.eachRow(connection, rows, row -> output.print(text(row), Map.of("row", tree(row))));
            Trial.Difference difference = trial.difference(connection);
            output.print(difference.text(tried), json(difference));
            return null;
        });
        return ExitCode.DONE;
    }

    /** The units of the days to calculate; null for a model that is calculated as a whole. */
    private TimeWindow range(Model tried) {
        if (tried.window() == null) {
            if (from != null || to != null) {
                throw new ParameterException(
                        command.commandLine(), "A " + tried.kind().text() + " has no days: leave --from and --to out.");
            }
            return null;
        }
        LocalDate last = to == null ? LocalDate.now(tried.window().zone()) : to;
        LocalDate first = from == null ? last.minusDays(6) : from;
        if (first.isAfter(last)) {
            throw new ParameterException(command.commandLine(), "--from is after --to.");
        }
        return tried.window().unitsOf(first, last);
    }

    private static JsonNode tree(String row) {
        try {
            return JSON.readTree(row);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(String row) {
        StringBuilder text = new StringBuilder();
        tree(row)
                .properties()
                .forEach(field -> text.append(text.isEmpty() ? "" : "  ")
                        .append(field.getKey())
                        .append('=')
                        .append(field.getValue().asText()));
        return text.toString();
    }

    private static Map<String, Object> json(Trial.Difference difference) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("rows", difference.rows());
        json.put("inserted", difference.inserted());
        json.put("changed", difference.changed());
        json.put("deleted", difference.deleted());
        json.put("columns", difference.columns());
        return json;
    }
}
