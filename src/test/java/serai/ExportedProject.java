package serai;

import static org.assertj.core.api.Assertions.assertThat;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.yaml.snakeyaml.Yaml;
import serai.testing.TestDatabase;

/**
 * A project that {@code export dbt} wrote. dbt is no Maven package, so it is run here as dbt runs it: Jinja is rendered
 * by jinjava, and the models are built in the order of their {@code ref}, in a database of their own. The keys of its
 * files are compared with those that dbt documents.
 */
final class ExportedProject {

    private static final Pattern CONFIG = Pattern.compile("\\{\\{ config\\((.*?)\\) }}\\n", Pattern.DOTALL);
    private static final Pattern SETTING = Pattern.compile("(\\w+)=(\\[[^]]*]|\\{[^}]*}|'[^']*'|false)");
    private static final Pattern REF = Pattern.compile("ref\\('(\\w+)'\\)");
    private static final Pattern SOURCE = Pattern.compile("source\\('(\\w+)', '(\\w+)'\\)");
    private static final Map<String, Set<String>> KEYS = Map.of(
            "project",
            Set.of(
                    "name",
                    "version",
                    "config-version",
                    "profile",
                    "require-dbt-version",
                    "model-paths",
                    "seed-paths",
                    "snapshot-paths",
                    "test-paths",
                    "macro-paths",
                    "vars",
                    "models",
                    "seeds",
                    "snapshots"),
            "file",
            Set.of("version", "models", "seeds", "snapshots", "sources"),
            "model",
            Set.of("name", "description", "config", "data_tests", "columns"),
            "column",
            Set.of("name", "description", "data_type", "data_tests"),
            "source",
            Set.of("name", "schema", "tables"),
            "setting",
            Set.of(
                    "materialized",
                    "incremental_strategy",
                    "unique_key",
                    "merge_exclude_columns",
                    "strategy",
                    "check_cols",
                    "hard_deletes",
                    "snapshot_meta_column_names",
                    "on_schema_change",
                    "full_refresh",
                    "severity",
                    "warn_if",
                    "error_if"));

    private final Path dbt;
    private final TestDatabase dbts;
    private final Map<String, String> relations = new HashMap<>();

    /** @param dbt its folder */
    ExportedProject(Path dbt, TestDatabase dbts) {
        this.dbt = dbt;
        this.dbts = dbts;
    }

    /**
     * Runs the project in the order of its references.
     *
     * @param incremental whether its incremental models only add to what is there
     */
    void build(boolean incremental) throws Exception {
        Dbt.incremental = incremental;
        Map<String, Path> models = new TreeMap<>();
        for (Path file : files(".sql")) {
            if (file.startsWith(dbt.resolve("models"))) {
                models.put(name(file), file);
                relations.put(name(file), schema(file) + "." + name(file));
            }
        }
        for (Path file : files(".csv")) {
            relations.put(name(file), "staging." + name(file));
            seed(file);
        }
        Set<String> done = new LinkedHashSet<>();
        for (String model : models.keySet()) {
            build(model, models, done);
        }
        assertThat(done).hasSameSizeAs(models.keySet());
    }

    private void build(String model, Map<String, Path> models, Set<String> done) throws Exception {
        if (!models.containsKey(model) || !done.add(model)) {
            return;
        }
        String text = Files.readString(models.get(model));
        for (MatchResult ref : REF.matcher(text).results().toList()) {
            build(ref.group(1), models, done);
        }
        Map<String, String> config = config(text);
        String relation = relations.get(model);
        String sql = render(text, relation);
        if (config.get("materialized").equals("incremental") && Dbt.incremental) {
            dbts.execute("create table dbt_new as " + sql);
            if (config.get("incremental_strategy").equals("delete+insert")) {
                String key = config.get("unique_key");
                dbts.execute("delete from " + relation + " where " + key + " in (select " + key + " from dbt_new)");
            } else if (config.get("incremental_strategy").equals("merge")) {
                String key = config.get("unique_key").replaceAll("[\\[\\]]", "");
                String kept = config.get("merge_exclude_columns").replaceAll("[\\[\\]]", "");
                dbts.execute("update dbt_new n set " + kept + " = t." + kept + " from " + relation + " t where n." + key
                        + " = t." + key);
                dbts.execute("delete from " + relation + " where " + key + " in (select " + key + " from dbt_new)");
            }
            dbts.execute("insert into " + relation + " select * from dbt_new");
            dbts.execute("drop table dbt_new");
        } else {
            String kind = config.get("materialized").equals("view") ? "view" : "table";
            dbts.execute("drop " + kind + " if exists " + relation + " cascade");
            dbts.execute("create " + kind + " " + relation + " as " + sql);
        }
    }

    private void seed(Path file) throws IOException {
        String relation = relations.get(name(file));
        String header = Files.readAllLines(file).get(0);
        dbts.execute("drop table if exists " + relation + " cascade");
        dbts.execute("create table " + relation + " (" + header.replace(",", " text, ") + " text)");
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setNullString("")
                .setSkipHeaderRecord(true)
                .setHeader()
                .get();
        try (CSVParser rows = CSVParser.parse(file, StandardCharsets.UTF_8, format)) {
            for (CSVRecord row : rows) {
                String marks = String.join(", ", Collections.nCopies(row.size(), "?"));
                dbts.execute(
                        "insert into " + relation + " values (" + marks + ")",
                        row.toList().toArray());
            }
        }
    }

    /** Compares its tables and views with those of another database. */
    void assertSameRows(TestDatabase ours) {
        for (String relation : relations.values()) {
            String rows = "select t::text from " + relation + " t order by 1";
            assertThat(dbts.rows(rows)).as(relation).isEqualTo(ours.rows(rows));
        }
    }

    /**
     * Checks that its files have only what dbt knows.
     *
     * @return the names of its models and seeds
     */
    @SuppressWarnings("unchecked")
    Set<String> check() throws IOException {
        Map<String, Object> project = yaml(dbt.resolve("dbt_project.yml"));
        assertThat(project.keySet()).isSubsetOf(KEYS.get("project"));
        assertThat((Map<String, Object>) yaml(dbt.resolve("profiles.yml")).get("serai"))
                .containsOnlyKeys("target", "outputs");
        Set<String> nodes = new TreeSet<>();
        Set<String> sources = new TreeSet<>();
        for (Path file : files(".yml")) {
            if (file.getParent().equals(dbt)) {
                continue;
            }
            Map<String, Object> properties = yaml(file);
            assertThat(properties.keySet()).isSubsetOf(KEYS.get("file"));
            for (String kind : List.of("models", "seeds", "snapshots")) {
                for (Object entry : (List<Object>) properties.getOrDefault(kind, List.of())) {
                    nodes.add(checkModel((Map<String, Object>) entry));
                }
            }
            for (Object entry : (List<Object>) properties.getOrDefault("sources", List.of())) {
                Map<String, Object> source = (Map<String, Object>) entry;
                assertThat(source.keySet()).isEqualTo(KEYS.get("source"));
                ((List<Map<String, Object>>) source.get("tables"))
                        .forEach(t -> sources.add(source.get("name") + "." + t.get("name")));
            }
        }
        for (Path file : files(".sql")) {
            String text = Files.readString(file);
            assertThat(text).doesNotContain(":from", ":to", ":now", "@kind", "@about");
            assertThat(config(text).keySet()).isSubsetOf(KEYS.get("setting"));
            assertThat(REF.matcher(text).results().map(m -> m.group(1)))
                    .as(file.toString())
                    .isSubsetOf(nodes);
            assertThat(SOURCE.matcher(text).results().map(m -> m.group(1) + "." + m.group(2)))
                    .isSubsetOf(sources);
            if (file.startsWith(dbt.resolve("models"))) {
                assertThat(nodes).contains(name(file));
            }
        }
        assertThat(nodes).hasSize(files(".csv").size() + count("models") + count("snapshots"));
        return nodes;
    }

    @SuppressWarnings("unchecked")
    private static String checkModel(Map<String, Object> model) {
        assertThat(model.keySet()).isSubsetOf(KEYS.get("model"));
        List<Object> tests = new ArrayList<>((List<Object>) model.getOrDefault("data_tests", List.of()));
        for (Map<String, Object> column : (List<Map<String, Object>>) model.getOrDefault("columns", List.of())) {
            assertThat(column.keySet()).isSubsetOf(KEYS.get("column"));
            tests.addAll((List<Object>) column.getOrDefault("data_tests", List.of()));
        }
        for (Object test : tests) {
            if (test instanceof Map<?, ?> named) {
                assertThat(named).hasSize(1);
                assertThat((Map<String, Object>) named.values().iterator().next())
                        .containsOnlyKeys("arguments");
            } else {
                assertThat(test).isIn("unique", "not_null");
            }
        }
        return (String) model.get("name");
    }

    private int count(String folder) throws IOException {
        return (int) files(".sql").stream()
                .filter(f -> f.startsWith(dbt.resolve(folder)))
                .count();
    }

    private List<Path> files(String ending) throws IOException {
        try (Stream<Path> files = Files.walk(dbt)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    private static Map<String, Object> yaml(Path file) throws IOException {
        return new Yaml().load(Files.readString(file));
    }

    private static String name(Path file) {
        return file.getFileName().toString().replaceFirst("\\.\\w+$", "");
    }

    /** As {@code dbt_project.yml} and the macro {@code generate_schema_name} say. */
    @SuppressWarnings("unchecked")
    private String schema(Path file) throws IOException {
        Map<String, Object> models =
                (Map<String, Object>) yaml(dbt.resolve("dbt_project.yml")).get("models");
        Map<String, Object> folders = (Map<String, Object>) models.get("serai");
        return (String) ((Map<String, Object>)
                        folders.get(file.getParent().getFileName().toString()))
                .get("+schema");
    }

    private static Map<String, String> config(String text) {
        Map<String, String> settings = new HashMap<>();
        Matcher m = CONFIG.matcher(text);
        if (m.find()) {
            SETTING.matcher(m.group(1))
                    .results()
                    .forEach(s -> settings.put(s.group(1), s.group(2).replace("'", "")));
        }
        return settings;
    }

    private String render(String text, String relation) {
        Jinjava jinja = new Jinjava();
        for (String function : List.of("ref", "source", "var", "is_incremental")) {
            Class<?>[] types = switch (function) {
                case "ref" -> new Class<?>[] {String.class};
                case "source" -> new Class<?>[] {String.class, String.class};
                case "var" -> new Class<?>[] {Object[].class};
                default -> new Class<?>[] {};
            };
            jinja.getGlobalContext()
                    .registerFunction(new ELFunctionDefinition("", function, Dbt.class, function, types));
        }
        Dbt.relations = relations;
        String now = dbts.value("select now()");
        String sql =
                jinja.render(CONFIG.matcher(text).replaceFirst(""), Map.of("this", relation, "run_started_at", now));
        assertThat(sql).doesNotContain("ref(", "from_time");
        return sql;
    }

    /** The functions that dbt gives to Jinja. */
    public static final class Dbt {

        private static Map<String, String> relations = Map.of();
        private static boolean incremental;

        private Dbt() {}

        public static String ref(String model) {
            return relations.get(model);
        }

        public static String source(String schema, String table) {
            return schema + "." + table;
        }

        public static Object var(Object... arguments) {
            return arguments[0].equals("lookback_days") ? 3 : null;
        }

        public static boolean is_incremental() {
            return incremental;
        }
    }
}
