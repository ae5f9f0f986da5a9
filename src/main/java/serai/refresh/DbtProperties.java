package serai.refresh;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** What a dbt project says of models, seeds and sources in its YAML files. */
final class DbtProperties {

    private final ModelGraph graph;

    DbtProperties(ModelGraph graph) {
        this.graph = graph;
    }

    /** A model with its description, configuration, columns and tests. */
    Map<String, Object> of(Model model) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("name", model.name());
        properties.put("description", DbtSql.literal(model.about()));
        putIfAny(properties, "config", config(model));
        putIfAny(properties, "data_tests", tests(model));
        properties.put(
                "columns",
                graph.columns(model).columns().stream()
                        .map(c -> column(model, c))
                        .toList());
        return properties;
    }

    private static Map<String, Object> config(Model model) {
        Map<String, Object> config = new LinkedHashMap<>();
        if (model.owner() != null) {
            config.put("meta", Map.of("owner", model.owner()));
        }
        putIfAny(
                config,
                "grants",
                model.table().grants().isEmpty()
                        ? Map.of()
                        : Map.of("select", model.table().grants()));
        // dbt has no partial indexes
        putIfAny(
                config,
                "indexes",
                model.table().indexes().stream()
                        .filter(index -> index.condition() == null)
                        .map(index -> {
                            Map<String, Object> entry = new LinkedHashMap<>();
                            entry.put("columns", index.columns());
                            entry.put("unique", index.unique());
                            return entry;
                        })
                        .toList());
        return config;
    }

    private static List<Object> tests(Model model) {
        List<Object> tests = new ArrayList<>();
        if (model.grain().size() > 1) {
            tests.add(test("unique_grain", Map.of("columns", model.grain())));
        }
        ModelTests.Expectation expect = model.tests().expect();
        if (expect != null && expect.leastRows() != null) {
            Map<String, Object> bounds = new LinkedHashMap<>();
            bounds.put("at_least", expect.leastRows());
            bounds.put("at_most", expect.mostRows());
            tests.add(test("row_count", bounds));
        }
        return tests;
    }

    private Map<String, Object> column(Model model, RelationColumns.Column column) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("name", column.name());
        model.table().comments().stream()
                .filter(comment -> comment.column().equals(column.name()))
                .forEach(comment -> properties.put("description", DbtSql.literal(comment.text())));
        properties.put("data_type", column.type());
        List<Object> tests = new ArrayList<>();
        if (model.grain().contains(column.name())) {
            tests.add("not_null");
            if (model.grain().size() == 1) {
                tests.add("unique");
            }
        }
        for (ModelTests.ForeignKey key : model.tests().foreignKeys()) {
            if (key.column().equals(column.name())) {
                Map<String, Object> to = new LinkedHashMap<>();
                to.put("to", "ref('" + key.relation() + "')");
                to.put("field", graph.columnOf(key));
                tests.add(test("relationships", to));
            }
        }
        for (ModelTests.AcceptedValues accepted : model.tests().accepted()) {
            if (accepted.column().equals(column.name())) {
                tests.add(test("accepted_values", Map.of("values", accepted.values())));
            }
        }
        putIfAny(properties, "data_tests", tests);
        return properties;
    }

    private static Map<String, Object> test(String name, Map<String, Object> arguments) {
        return Map.of(name, Map.of("arguments", arguments));
    }

    /** A seed, whose columns are all text. */
    static Map<String, Object> of(Seed seed) {
        Map<String, Object> types = new LinkedHashMap<>();
        seed.columns().forEach(column -> types.put(column, "text"));
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("name", seed.name());
        properties.put("config", Map.of("column_types", types));
        return properties;
    }

    /** The relations of a schema that models read, with their columns. */
    static Map<String, Object> source(String schema, Map<String, RelationColumns> relations) {
        Map<String, Object> source = new LinkedHashMap<>();
        source.put("name", schema);
        source.put("schema", schema);
        source.put(
                "tables",
                relations.entrySet().stream()
                        .map(e -> {
                            Map<String, Object> table = new LinkedHashMap<>();
                            table.put("name", e.getKey());
                            table.put("columns", columns(e.getValue()));
                            return table;
                        })
                        .toList());
        return source;
    }

    private static List<Map<String, Object>> columns(RelationColumns columns) {
        return columns.columns().stream()
                .map(column -> {
                    Map<String, Object> properties = new LinkedHashMap<>();
                    properties.put("name", column.name());
                    properties.put("data_type", column.type());
                    return properties;
                })
                .collect(Collectors.toList());
    }

    private static void putIfAny(Map<String, Object> properties, String key, Object value) {
        if (!Objects.equals(value, List.of()) && !Objects.equals(value, Map.of())) {
            properties.put(key, value);
        }
    }
}
