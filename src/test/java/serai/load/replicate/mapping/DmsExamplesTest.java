package serai.load.replicate.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples of AWS's user guide, over tables of our own: what becomes of the rules, and of each table. */
class DmsExamplesTest {

    private static final Path FOLDER = Path.of("src/test/resources/recordings/dms-mappings");

    static List<String> examples() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".plan"))
                    .map(name -> name.replace(".plan", ""))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void anExampleIsPlannedAsDocumented(String example) throws Exception {
        Mapping mapping = Mapping.read(FOLDER.resolve(example + ".json"), "app", null);
        List<String> lines = new ArrayList<>();
        mapping.rules().forEach(rule -> lines.add("rule " + rule.id() + ": " + rule.verdict()));
        for (String table : Files.readAllLines(FOLDER.resolve("catalog.txt"))) {
            Optional<TablePlan> plan = mapping.plan(TestRow.table(table));
            plan.ifPresent(p -> lines.add(table.split(" ")[0] + " -> " + text(p)));
        }

        assertThat(lines).containsExactlyElementsOf(Files.readAllLines(FOLDER.resolve(example + ".plan")));
    }

    private static String text(TablePlan plan) {
        String columns = plan.columns().stream()
                .map(column -> column.name() + " " + column.type()
                        + (column.source() < 0 ? " computed" : column.isCopied() ? "" : " masked"))
                .collect(Collectors.joining(", "));
        return plan.schema() + "." + plan.table() + " (" + columns + ") key (" + String.join(", ", plan.primaryKey())
                + ")"
                + (plan.withheld().isEmpty() ? "" : " without (" + String.join(", ", plan.withheld()) + ")")
                + (plan.filter() == null ? "" : " filtered by (hired)")
                + (plan.keepsDeleted() ? " keeps deleted rows" : "")
                + (plan.loadOrder() == 0 ? "" : " load order " + plan.loadOrder());
    }
}
