package serai.refresh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import serai.command.CommandContext;
import serai.command.CommandOutput;
import serai.command.ExitCode;
import serai.warehouse.Relation;
import serai.warehouse.Sql;

/** {@code export dbt}. */
@Command(
        name = "dbt",
        description = "Write the models, seeds and tests as a dbt project for PostgreSQL.",
        mixinStandardHelpOptions = true)
final class ExportDbt implements Callable<Integer> {

    private final CommandContext context;

    @Mixin
    private CommandOutput output;

    @Option(
            names = "--to",
            paramLabel = "FOLDER",
            defaultValue = "dbt",
            description = "a folder that is empty or does not exist; ${DEFAULT-VALUE} by default")
    private Path to;

    ExportDbt(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        Path folder = context.root().resolve(to);
        requireEmpty(folder);
        ModelFolder models = ModelFolder.read(context);
        models.requireAccepted();
        ModelGraph graph = models.graph();
        Map<String, RelationColumns> sources = new TreeMap<>();
        models.read(connection -> {
            for (String source : sources(graph)) {
                RelationColumns.read(Sql.on(connection), Relation.of(source).sql())
                        .ifPresent(columns -> sources.put(source, columns));
            }
            return null;
        });
        Map<String, String> files = DbtProject.files(graph, sources);
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        output.print(
                "Wrote " + files.size() + " files to " + to + ".",
                Map.of("folder", to.toString(), "files", files.keySet()));
        return ExitCode.DONE;
    }

    /** The relations of landing and app that models and tests read. */
    private static Set<String> sources(ModelGraph graph) {
        return Stream.concat(
                        graph.nodes().stream().flatMap(node -> graph.reads(node).stream()),
                        graph.tests().stream().flatMap(test -> test.reads().stream()))
                .filter(read -> graph.get(read) == null)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void requireEmpty(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            if (entries.findAny().isPresent()) {
                throw new IllegalStateException(
                        folder + " is not empty: name another folder with --to, or remove what is there.");
            }
        }
    }
}
