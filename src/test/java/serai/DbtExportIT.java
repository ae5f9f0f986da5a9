package serai;

import static org.assertj.core.api.Assertions.assertThat;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;
import serai.command.ExitCode;
import serai.testing.ProjectFolder;
import serai.testing.TestDatabase;
import serai.warehouse.Relation;
import serai.warehouse.RunOutcome;
import serai.warehouse.Writer;

/**
 * {@code export dbt} of the shipped models. dbt is no Maven package, so the project is run here as dbt runs it: Jinja
 * is rendered by jinjava, the models are built in the order of their {@code ref}, in a database of their own, and must
 * have the rows that Serai calculates. The keys of its files are compared with those that dbt documents.
 */
class DbtExportIT {

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

    @TempDir
    Path root;

    private final TestDatabase ours = new TestDatabase();
    private final TestDatabase dbts = new TestDatabase();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Map<String, String> relations = new HashMap<>();
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private Path dbt;

    @BeforeEach
    void export() throws Exception {
        ProjectFolder.copyTo(root)
                .write("sql/facts/fact_accounts_day.sql", """
                        -- @kind   once
                        -- @from   %s
                        -- @fill   yes
                        -- @grain  date_key
                        -- @reads  stg_users
                        -- @window date_key by day from stg_users.created_at zone Europe/London
                        -- @expect rows 1..10000
                        -- @fk     date_key in dim_dates
                        -- @column accounts how many there were
                        -- @about  One row per day: accounts, "quoted": {{ no Jinja }}.
                        select d::date as date_key, (select count(*) from stg_users, only_one) as accounts, '{% x %}' as odd
                        from generate_series((:from at time zone 'Europe/London')::date::timestamp,
                          (:to at time zone 'Europe/London')::date - 1, interval '1 day') as d
                        """.replace(
                                "from stg_users, only_one", "from (select 1) as only_one, stg_users")
                        .replace("%s", daysAgo(9).substring(0, 10)))
                .write("sql/dims/dim_login_user.sql", """
                        -- @kind   upsert
                        -- @grain  user_id
                        -- @reads  stg_logins
                        -- @window by day from stg_logins.login_at
                        -- @keep   first_login_at
                        -- @about  One row per user who logged in.
                        select user_id, min(login_at) as first_login_at, max(login_at) as last_login_at from stg_logins
                        where user_id in (select user_id from stg_logins where login_at >= :from and login_at < :to)
                        group by 1
                        """)
                .write("sql/dims/dim_user_source.sql", """
                        -- @kind   scd2
                        -- @grain  user_id
                        -- @reads  landing.users
                        -- @about  One row per user and source.
                        select user_id, source, created_at as valid_from, 0 as position, 0 as seq from landing.users
                        """)
                .write("sql/dims/dim_user_seen.sql", """
                        -- @kind   scd2
                        -- @grain  user_id
                        -- @reads  landing.users
                        -- @about  One row per user and source, as each refresh saw it.
                        select user_id, source from landing.users
                        """)
                .write("sql/tests/logins_have_users.sql", """
                        -- @severity warn
                        -- @warn_if  > 3
                        -- @about    A login has a user.
                        select fact_logins.user_key from fact_logins
                        left join dim_users on dim_users.user_key = fact_logins.user_key where dim_users.user_key is null
                        """);
        Files.writeString(
                root.resolve("application.properties"),
                Files.readString(Path.of("application.properties")) + "\nwarehouse.url = " + ours.url()
                        + "\nwarehouse.user = postgres\n");
        ours.execute("insert into meta.completeness values ('landing.users', 'test', now())");
        for (TestDatabase database : List.of(ours, dbts)) {
            for (String[] user : new String[][] {{"a", "9", "google"}, {"b", "8", null}}) {
                database.execute(
                        "insert into landing.users (user_id, created_at, source, medium, country)"
                                + " values (?, ?::timestamptz, ?, 'cpc', 'GB')",
                        user[0],
                        daysAgo(Integer.parseInt(user[1])),
                        user[2]);
            }
            login(database, daysAgo(8), "a");
            login(database, daysAgo(1), "b");
            database.execute(
                    "insert into landing.web_sessions (session_date, source, medium, country, sessions, signups)"
                            + " values (current_date - 3, 'google', 'cpc', 'GB', 10, 1), (current_date - 1, null, null, 'FR', 4, 0)");
        }
        assertThat(call("export", "dbt")).as(err::toString).isEqualTo(ExitCode.DONE);
        dbt = root.resolve("dbt");
    }

    @AfterEach
    void close() {
        ours.close();
        dbts.close();
    }

    private String daysAgo(int days) {
        return now.minus(Duration.ofDays(days)).toString();
    }

    private static void login(TestDatabase database, String time, String user) {
        database.execute("insert into landing.logins (login_at, user_id) values (?::timestamptz, ?)", time, user);
    }

    private int call(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Commands.run(root, new PrintWriter(out), new PrintWriter(err), arguments);
    }

    @Test
    void theExportedProjectCalculatesTheRowsThatSeraiCalculates() throws Exception {
        assertThat(call("refresh")).as(err::toString).isEqualTo(ExitCode.DONE);
        build(false);
        assertSameRows();

        for (TestDatabase database : List.of(ours, dbts)) {
            login(database, daysAgo(1), "a");
            database.execute("delete from landing.logins where user_id = 'b'");
            login(database, daysAgo(0), "b");
        }
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        try (Writer writer = ours.warehouse().writer("test-load")) {
            writer.commitWithState(tx -> {
                tx.markDirty(Relation.of("landing.logins"), List.of(today, today.minusDays(1)));
                return RunOutcome.ok();
            });
        }
        assertThat(call("refresh")).as(err::toString).isEqualTo(ExitCode.DONE);
        build(true);
        assertSameRows();
    }

    /** Runs the project in the order of its references. */
    private void build(boolean incremental) throws Exception {
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

    private void assertSameRows() {
        for (String relation : relations.values()) {
            String rows = "select t::text from " + relation + " t order by 1";
            assertThat(dbts.rows(rows)).as(relation).isEqualTo(ours.rows(rows));
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void theExportedFilesHaveOnlyWhatDbtKnows() throws Exception {
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
        assertThat(nodes)
                .contains("fact_logins", "seed_country", "fact_accounts_day")
                .hasSize(files(".csv").size() + count("models") + count("snapshots"));
        assertThat(Files.readString(dbt.resolve("snapshots/dim_user_seen.sql")))
                .startsWith("{% snapshot dim_user_seen %}\n{{ config(\n    strategy='check',")
                .endsWith("{% endsnapshot %}\n");
        assertThat(Files.readString(dbt.resolve("tests/logins_have_users.sql")))
                .contains(
                        "{{ config(severity='warn', warn_if='>3') }}", "from {{ ref('fact_logins') }} as fact_logins");
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

    @Test
    void aFolderThatIsNotEmptyIsNotWrittenInto() throws Exception {
        assertThat(call("export", "dbt")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("is not empty: name another folder with --to");
        assertThat(call("export", "dbt", "--to", "other", "--json")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).contains("\"dbt_project.yml\"");
        assertThat(call("export")).isEqualTo(ExitCode.USAGE);
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
