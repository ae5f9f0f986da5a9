package serai.load.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.debezium.connector.postgresql.PostgresConnector;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.Commands;
import serai.SeraiSettings;
import serai.command.CommandContext;
import serai.command.ExitCode;
import serai.testing.ProjectFolder;
import serai.testing.Waiting;

/** The connector that is exported: Debezium finds it valid, and it sends nothing that the mapping protects. */
class DebeziumExportIT {

    private static final String SALT = "SaltOfSeventeenCs";

    private static final String TABLES = """
            create type mood as enum ('MARKER1');
            create table users (id bigint primary key, name text, email text, phone varchar(40), pin int, mood mood,
              upper_name text, team int);
            create table notes (id int, lang text, body text, "Title.Of" text, n numeric, primary key (id, lang));
            create table filtered (id int primary key, secret text);
            create table keyed (id int primary key, code text not null unique, n int);
            create table masked_key (email text primary key, n int);
            create table "Twin" (id int primary key, secret text);
            create table twin (id int primary key, n int);
            create table left_out (id int primary key, secret text)""";

    private static final String MAPPING = """
            {"rules": [%s
              {"rule-type": "selection", "rule-id": 7, "rule-name": "7", "rule-action": "include",
               "object-locator": {"schema-name": "public", "table-name": "filtered"},
               "filters": [{"filter-type": "source", "column-name": "id",
                 "filter-conditions": [{"filter-operator": "gte", "value": "100"}]}]},
              %s
              {"rule-type": "transformation", "rule-id": 30, "rule-name": "30", "rule-action": "define-primary-key",
               "rule-target": "table", "object-locator": {"schema-name": "public", "table-name": "keyed"},
               "primary-key-def": {"name": "code", "origin": "unique-index", "columns": ["code"]}},
              {"rule-type": "transformation", "rule-id": 31, "rule-name": "31", "rule-action": "rename",
               "rule-target": "column", "value": "squad", "object-locator":
                 {"schema-name": "public", "table-name": "users", "column-name": "team"}},
              {"rule-type": "transformation", "rule-id": 32, "rule-name": "32", "rule-action": "add-column",
               "rule-target": "column", "value": "twice", "expression": "$n * 2", "data-type": {"type": "int8"},
               "object-locator": {"schema-name": "public", "table-name": "notes"}}]}""";

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private static String mapping() {
        StringBuilder selections = new StringBuilder();
        int id = 1;
        for (String table : List.of("users", "notes", "keyed", "masked[_]key", "twin")) {
            selections.append("""
                    {"rule-type": "selection", "rule-id": %1$d, "rule-name": "%1$d", "rule-action": "include",
                     "object-locator": {"schema-name": "public", "table-name": "%2$s"}},
                    """.formatted(id++, table));
        }
        StringBuilder actions = new StringBuilder();
        id = 10;
        for (String action : List.of(
                "users.name remove-column",
                "notes.body remove-column",
                "keyed.id remove-column",
                "users.email x-hash-salted",
                "users.phone data-masking-digits-mask",
                "users.pin x-hash-salted",
                "users.mood data-masking-hash-mask",
                "users.upper[_]name data-masking-hash-mask",
                "masked[_]key.email x-hash-salted")) {
            String[] parts = action.split("[. ]");
            actions.append("""
                    {"rule-type": "transformation", "rule-id": %1$d, "rule-name": "%1$d", "rule-target": "column",
                     "rule-action": "%4$s", %5$s "object-locator":
                       {"schema-name": "public", "table-name": "%2$s", "column-name": "%3$s"}},
                    """.formatted(
                    id++, parts[0], parts[1], parts[2], parts[2].endsWith("digits-mask") ? "\"value\": \"#\"," : ""));
        }
        return MAPPING.formatted(selections, actions);
    }

    private Map<String, String> export(SourceFixture fixture, String... options) throws Exception {
        ProjectFolder.copyTo(folder, "routes/_errors.camel.yaml")
                .write(
                        "routes/load/load-app.camel.yaml",
                        ReplicateRouteIT.ROUTE
                                .formatted(fixture.slot(), fixture.slot())
                                .replace("app.yaml", "app.json"))
                .write("mappings/app.json", mapping())
                .write("salt", SALT + "\n");
        StringBuilder settings = new StringBuilder(Files.readString(Path.of("application.properties")));
        ReplicateRouteIT.settings(fixture)
                .forEach((name, value) ->
                        settings.append('\n').append(name).append(" = ").append(value));
        Files.writeString(folder.resolve("application.properties"), settings);
        List<String> arguments = new ArrayList<>(List.of("export", "debezium", "load-app"));
        arguments.addAll(List.of(options));
        out.getBuffer().setLength(0);
        try (CommandContext context = new CommandContext(folder, SeraiSettings.GROUPS)) {
            int code = Commands.of(context)
                    .setOut(new PrintWriter(out))
                    .setErr(new PrintWriter(err))
                    .execute(arguments.toArray(String[]::new));
            assertThat(code).as(err.toString()).isEqualTo(ExitCode.DONE);
        }
        assertThat(out.toString()).doesNotContain(fixture.database().password());
        ObjectMapper mapper = new ObjectMapper();
        Map<String, String> config = new HashMap<>(mapper.convertValue(
                mapper.readTree(out.toString()).get("config"), new TypeReference<Map<String, String>>() {}));
        assertThat(config.get("database.password")).startsWith("${file:");
        config.put("database.password", fixture.database().password());
        config.put("name", "load-app");
        return config;
    }

    private static void prepare(SourceFixture fixture) {
        fixture.source.execute(TABLES);
        fixture.source.execute("create publication \"" + fixture.slot() + "\" for all tables");
        fixture.source.rows("select pg_create_logical_replication_slot(?, 'pgoutput')::text", fixture.slot());
    }

    @Test
    void debeziumFindsItValidAndItSendsNothingThatIsProtected() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            prepare(fixture);
            Map<String, String> config = export(fixture, "--salt-file", "salt");
            Map<String, List<String>> errors = new PostgresConnector()
                    .validate(config).configValues().stream()
                            .filter(value -> !value.errorMessages().isEmpty())
                            .collect(Collectors.toMap(ConfigValue::name, ConfigValue::errorMessages));
            assertThat(errors).isEmpty();
            assertThat(config.get("table.include.list")).isEqualTo("public\\.notes,public\\.users");

            List<SourceRecord> sent = read(config, fixture);
            String all = sent.toString();
            assertThat(all).doesNotContain("MARKER");
            assertThat(all)
                    .contains("id=1,")
                    .contains("visible title")
                    .contains("12345678901234567890.5")
                    .contains("team=7")
                    .contains("phone=********")
                    .contains(DigestUtils.sha256Hex(SALT + "MARKER3@example.org"));
        }
    }

    @Test
    void withoutASaltHashedColumnsAreLeftOut() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            prepare(fixture);
            Map<String, String> config = export(fixture);
            assertThat(config.keySet()).noneMatch(name -> name.contains("hash"));
            assertThat(config.get("column.include.list"))
                    .isEqualTo(
                            "public\\.notes\\.id,public\\.notes\\.lang,public\\.notes\\.Title\\.Of,public\\.notes\\.n,"
                                    + "public\\.users\\.id,public\\.users\\.phone,public\\.users\\.team");
            assertThat(err.toString().lines())
                    .contains(
                            "public.users.email is left out: Debezium's hash needs a salt, which stands in the name of"
                                    + " a property: give it by --salt-file",
                            "public.users.pin is left out: Debezium masks columns of the types text, varchar and char"
                                    + " only",
                            "public.users.mood is left out: Debezium masks columns of the types text, varchar and char"
                                    + " only",
                            "public.users.team arrives under its own name, not as squad",
                            "public.notes: the computed column twice does not arrive",
                            "the table public.filtered is left out: Debezium cannot filter rows",
                            "the table public.masked_key is left out: Debezium sends the key by which the log"
                                    + " identifies rows, which the mapping does not, or masked",
                            "the table public.twin is left out: another name differs from one that arrives only in its"
                                    + " case")
                    .anyMatch(line -> line.startsWith("the table public.keyed is left out"));
        }
    }

    /** What the connector sends of changes with a marker in each value that is protected. */
    private static List<SourceRecord> read(Map<String, String> config, SourceFixture fixture) throws Exception {
        PostgresConnectorTask task = new PostgresConnectorTask();
        task.initialize(new NewConnector(config));
        task.start(config);
        try {
            fixture.source.execute("""
                    insert into users values (1, 'MARKER2', 'MARKER3@example.org', 'MARKER 4711', 777001, 'MARKER1',
                      'MARKER4', 7);
                    update users set team = 8, name = 'MARKER5' where id = 1;
                    insert into notes values (1, 'en', 'MARKER6', 'visible title', 12345678901234567890.5);
                    insert into filtered values (1, 'MARKER7');
                    insert into keyed values (1, 'MARKER8', 1);
                    insert into masked_key values ('MARKER9', 1);
                    insert into "Twin" values (1, 'MARKER10');
                    insert into left_out values (1, 'MARKER11');
                    alter table users add later text default 'MARKER12';
                    update users set later = 'MARKER13' where id = 1;
                    delete from notes;
                    insert into users (id, team) values (999, 1)""");
            List<SourceRecord> sent = new ArrayList<>();
            Waiting.soon().until(() -> {
                List<SourceRecord> records = task.poll();
                if (records != null) {
                    sent.addAll(records);
                }
                return sent.stream().anyMatch(r -> String.valueOf(r.key()).contains("id=999"));
            });
            return sent;
        } finally {
            task.stop();
        }
    }

    /** Kafka Connect, as far as a task without offsets sees it. */
    private record NewConnector(Map<String, String> configs) implements SourceTaskContext {

        @Override
        public PluginMetrics pluginMetrics() {
            return null;
        }

        @Override
        public OffsetStorageReader offsetStorageReader() {
            return new OffsetStorageReader() {
                @Override
                public <T> Map<String, Object> offset(Map<String, T> partition) {
                    return null;
                }

                @Override
                public <T> Map<Map<String, T>, Map<String, Object>> offsets(Collection<Map<String, T>> partitions) {
                    return Map.of();
                }
            };
        }
    }
}
