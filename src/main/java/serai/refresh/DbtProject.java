package serai.refresh;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import serai.warehouse.Relation;

/** The files of a dbt project with the same models, seeds and tests. */
final class DbtProject {

    private static final String NAME = "serai";
    /** The schema of each folder of models. */
    private static final Map<String, String> SCHEMAS =
            new TreeMap<>(Map.of("staging", "staging", "dims", "star", "facts", "star", "reports", "report"));

    private static final String SCHEMA_NAME = """
            {# Schemas are named as in the warehouse that Serai fills, not by the target's schema and theirs. #}
            {% macro generate_schema_name(custom_schema_name, node) -%}
              {{ custom_schema_name | trim if custom_schema_name else target.schema }}
            {%- endmacro %}
            """;
    private static final String UNIQUE_GRAIN = """
            {% test unique_grain(model, columns) %}
            select {{ columns | join(', ') }}
            from {{ model }}
            group by {{ columns | join(', ') }}
            having count(*) > 1
            {% endtest %}
            """;
    private static final String ROW_COUNT = """
            {% test row_count(model, at_least, at_most) %}
            select count(*) as row_count
            from {{ model }}
            having count(*) not between {{ at_least }} and {{ at_most }}
            {% endtest %}
            """;

    private final ModelGraph graph;
    private final Map<String, RelationColumns> sources;
    private final Map<String, String> files = new TreeMap<>();

    private DbtProject(ModelGraph graph, Map<String, RelationColumns> sources) {
        this.graph = graph;
        this.sources = sources;
    }

    /**
     * Writes a graph as a project.
     *
     * @param sources the columns of the relations of landing and app that are read, by {@code schema.name}
     * @return the texts of the files by their paths in the project
     */
    static Map<String, String> files(ModelGraph graph, Map<String, RelationColumns> sources) {
        DbtProject project = new DbtProject(graph, sources);
        project.addProject();
        project.addModels();
        project.addSeeds();
        project.addSources();
        project.addTests();
        return project.files;
    }

    private void addProject() {
        Map<String, Object> folders = new LinkedHashMap<>();
        SCHEMAS.forEach((folder, schema) -> folders.put(folder, Map.of("+schema", schema)));
        Map<String, Object> project = new LinkedHashMap<>();
        project.put("name", NAME);
        project.put("version", "1.0.0");
        project.put("config-version", 2);
        project.put("profile", NAME);
        project.put("require-dbt-version", List.of(">=1.10.8", "<3.0.0"));
        project.put("model-paths", List.of("models"));
        project.put("seed-paths", List.of("seeds"));
        project.put("snapshot-paths", List.of("snapshots"));
        project.put("test-paths", List.of("tests"));
        project.put("macro-paths", List.of("macros"));
        project.put("vars", Map.of("lookback_days", 3));
        project.put("models", Map.of(NAME, folders));
        project.put("seeds", Map.of(NAME, Map.of("+schema", "staging")));
        project.put("snapshots", Map.of(NAME, Map.of("+schema", "star")));
        files.put("dbt_project.yml", yaml(project));
        files.put("macros/generate_schema_name.sql", SCHEMA_NAME);
        files.put("tests/generic/unique_grain.sql", UNIQUE_GRAIN);
        files.put("tests/generic/row_count.sql", ROW_COUNT);
        Map<String, Object> output = new LinkedHashMap<>();
        output.put("type", "postgres");
        output.put("host", "{{ env_var('PGHOST', 'localhost') }}");
        output.put("port", "{{ env_var('PGPORT', '5432') | as_number }}");
        output.put("user", "{{ env_var('PGUSER', 'postgres') }}");
        output.put("password", "{{ env_var('PGPASSWORD', '') }}");
        output.put("dbname", "{{ env_var('PGDATABASE', 'postgres') }}");
        output.put("schema", "star");
        output.put("threads", 2);
        Map<String, Object> profile = new LinkedHashMap<>();
        profile.put("target", "warehouse");
        profile.put("outputs", Map.of("warehouse", output));
        files.put("profiles.yml", yaml(Map.of(NAME, profile)));
    }

    private void addModels() {
        DbtProperties properties = new DbtProperties(graph);
        Map<String, List<Object>> byFolder = new TreeMap<>();
        List<Object> snapshots = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (node instanceof Script script) {
                files.put("macros/" + script.name() + ".sql", operation(script));
            }
            if (node instanceof Model model) {
                String folder = model.file().getName(1).toString();
                DbtModel file = new DbtModel(model, graph, sources);
                if (file.isSnapshot()) {
                    files.put("snapshots/" + model.name() + ".sql", file.text());
                    snapshots.add(properties.of(model));
                    continue;
                }
                files.put("models/" + folder + "/" + model.name() + ".sql", file.text());
                byFolder.computeIfAbsent(folder, f -> new ArrayList<>()).add(properties.of(model));
            }
        }
        byFolder.forEach(
                (folder, models) -> files.put("models/" + folder + "/schema.yml", properties("models", models)));
        if (!snapshots.isEmpty()) {
            files.put("snapshots/schema.yml", properties("snapshots", snapshots));
        }
    }

    /** A macro for {@code dbt run-operation}: dbt has no order for it. */
    private static String operation(Script script) {
        return "{% macro " + script.name() + "() %}\n{% set statements %}\n" + DbtSql.ofScript(script.text())
                + "\n{% endset %}\n{% do run_query(statements) %}\n{% endmacro %}\n";
    }

    private void addSeeds() {
        List<Object> seeds = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (node instanceof Seed seed) {
                files.put("seeds/" + seed.name() + ".csv", csv(seed));
                seeds.add(DbtProperties.of(seed));
            }
        }
        if (!seeds.isEmpty()) {
            files.put("seeds/seeds.yml", properties("seeds", seeds));
        }
    }

    private void addSources() {
        Map<String, Map<String, RelationColumns>> schemas = new TreeMap<>();
        sources.forEach((name, columns) -> {
            Relation relation = Relation.of(name);
            schemas.computeIfAbsent(relation.schema(), s -> new TreeMap<>()).put(relation.name(), columns);
        });
        List<Object> all = new ArrayList<>();
        schemas.forEach((schema, relations) -> all.add(DbtProperties.source(schema, relations)));
        if (!all.isEmpty()) {
            files.put("models/sources.yml", properties("sources", all));
        }
    }

    private void addTests() {
        for (PlacedTest placed : graph.tests()) {
            DataTest test = placed.test();
            files.put(
                    "tests/" + test.name() + ".sql",
                    (test.about() == null ? "" : "-- " + DbtSql.literal(test.about()) + "\n")
                            + config(test.severity())
                            + new DbtSql(placed.reads(), DbtModel.PARAMETERS).of(test.sql()));
        }
    }

    private static String config(Severity severity) {
        List<String> settings = new ArrayList<>();
        if (severity.errorAbove() == null) {
            settings.add("severity='warn'");
        } else if (severity.errorAbove() > 0) {
            settings.add("error_if='>" + severity.errorAbove() + "'");
        }
        if (severity.warnAbove() > 0) {
            settings.add("warn_if='>" + severity.warnAbove() + "'");
        }
        return settings.isEmpty() ? "" : "{{ config(" + String.join(", ", settings) + ") }}\n";
    }

    private static String csv(Seed seed) {
        StringWriter text = new StringWriter();
        try (CSVPrinter printer = new CSVPrinter(
                text, CSVFormat.RFC4180.builder().setRecordSeparator("\n").get())) {
            printer.printRecord(seed.columns());
            printer.printRecords(seed.rows());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static String properties(String kind, List<Object> entries) {
        Map<String, Object> file = new LinkedHashMap<>();
        file.put("version", 2);
        file.put(kind, entries);
        return yaml(file);
    }

    private static String yaml(Object value) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setIndicatorIndent(2);
        options.setIndentWithIndicator(true);
        options.setWidth(120);
        return new Yaml(options).dump(value);
    }
}
