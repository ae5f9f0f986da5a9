package serai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import serai.settings.Setting;
import serai.settings.Settings;
import serai.settings.SettingsException;
import serai.settings.SettingsReader;

/** All declared settings: their defaults, bad values of each, unknown names, and where a value may come from. */
class SeraiSettingsTest {

    private static final List<String> BAD = List.of(
            "",
            " ",
            "soon",
            "-1",
            "0",
            "1.5",
            "10",
            "99999999999999999999",
            "999999999d",
            "1x",
            "yes",
            "TRUE",
            "0 5 * * *",
            "* * * * * * *",
            "2024-13-01",
            "Mars/Olympus",
            "ftp://h",
            "http://",
            "http://u:pa ss-word@h:x",
            "jdbc:mysql://h/d",
            "jdbc:postgresql:",
            "\u0000",
            "{{no.such.setting}}",
            "{{env:SERAI_NO_SUCH_VARIABLE}}",
            "{{",
            "'; drop table meta.runs; --",
            "\u00fc\u4e2d\ud83d\ude00",
            "x".repeat(100_000));

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private final Properties system = new Properties();

    @BeforeEach
    void files() throws Exception {
        Files.createDirectories(folder.resolve("routes"));
        write("");
    }

    private void write(String text) throws Exception {
        Files.writeString(folder.resolve("application.properties"), text);
    }

    private Settings read() {
        return new SettingsReader(SeraiSettings.GROUPS, environment::get, system)
                .read(folder.resolve("application.properties"), folder.resolve("routes"));
    }

    static Stream<Setting<?>> settings() {
        return SeraiSettings.GROUPS.stream().flatMap(group -> group.settings().stream());
    }

    static Stream<Arguments> settingsAndBadValues() {
        return settings().flatMap(setting -> BAD.stream().map(value -> Arguments.of(setting.name(), value)));
    }

    @Test
    void theDefaultOfEachSettingIsValidAndTheShippedFileHasJustThem() throws Exception {
        Settings defaults = read();
        settings().filter(setting -> !setting.isPattern()).forEach(defaults::get);
        write(Files.readString(Path.of("application.properties")));
        assertThat(read().texts()).isEqualTo(defaults.texts());
    }

    /** Harmless: the value can be used, and a text or path may be any. */
    @ParameterizedTest
    @MethodSource("settingsAndBadValues")
    void aBadValueIsRefusedWithNameValueAndFixOrIsHarmless(String name, String value) {
        String key = name.replace("*", "any");
        system.setProperty(key, value);
        Setting<?> setting =
                settings().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
        Settings read;
        try {
            read = read();
        } catch (SettingsException e) {
            assertThat(e.refusals()).singleElement().satisfies(refusal -> {
                assertThat(refusal.place()).isEqualTo("-D" + key);
                assertThat(refusal.name()).isEqualTo(key);
                assertThat(refusal.reason()).startsWith(key).containsAnyOf("; write ", "; set ");
                assertThat(refusal.reason()).doesNotContain("pa ss-word");
                if (setting.type().isSecret()) {
                    assertThat(value.length() < 4 || !refusal.reason().contains(value))
                            .isTrue();
                } else if (!value.contains("@") && !value.contains("{{")) {
                    assertThat(refusal.reason()).contains(value.length() > 1000 ? value.substring(0, 100) : value);
                }
            });
            return;
        }
        if (!setting.isPattern()) {
            read.get(setting);
        }
    }

    @Test
    void allRefusalsComeTogetherInTheOrderOfTheFileWithItsLines() throws Exception {
        write("""
                # a comment
                watch.run-every = soon
                load.compression = \\
                    maybe
                refresh.units-per-transaction = 0
                watch.elastic-search = localhost
                """);
        assertThatThrownBy(this::read).isInstanceOf(SettingsException.class).hasMessage("""
                application.properties:2: watch.run-every = soon is not a duration; write one such as 500ms, 30s, 10m, \
                1h or 7d
                application.properties:3: load.compression = maybe is not a boolean; write true or false
                application.properties:5: refresh.units-per-transaction = 0 is not a whole number; write one from 1 to 100000
                application.properties:6: watch.elastic-search is no setting of Serai, and no route refers to it; write \
                watch.elasticsearch, or remove the line""");
    }

    @Test
    void aValueOfTheCommandLineTakesPrecedenceOverTheEnvironmentAndThatOverTheFile() throws Exception {
        for (Setting<?> setting : settings().filter(each -> !each.isPattern()).toList()) {
            String value = setting.defaultText().isEmpty() ? "" : setting.defaultText();
            write(setting.name() + " = wrong of the file\n");
            environment.put(Setting.variable(setting.name()), value);
            assertThat(read().texts()).containsEntry(setting.name(), value);
            environment.put(Setting.variable(setting.name()), "wrong of the environment");
            system.setProperty(setting.name(), value);
            assertThat(read().texts()).containsEntry(setting.name(), value);
            environment.clear();
            system.clear();
        }
    }

    @Test
    void aKeyOfAnOperatorIsAllowedWhenARouteOrASettingRefersToIt() throws Exception {
        write("""
                load.spend.cron = 0 0 6 * * ?
                load.spend-table = landing.spend
                warehouse.host = db.example.org
                warehouse.url = jdbc:postgresql://{{warehouse.host}}/warehouse
                my.own.key = anything
                camel.component.kafka.brokers = localhost:9092
                """);
        Files.writeString(folder.resolve("routes/spend.camel.yaml"), "uri: \"{{load.spend-table:x}}\"");
        assertThat(read().texts())
                .containsEntry("warehouse.url", "jdbc:postgresql://db.example.org/warehouse")
                .containsEntry("load.spend.cron", "0 0 6 * * ?")
                .containsEntry("my.own.key", "anything");
        Files.delete(folder.resolve("routes/spend.camel.yaml"));
        assertThatThrownBy(this::read).hasMessageContaining("load.spend-table is no setting of Serai");
    }

    @Test
    void aFamilyOfSettingsIsCheckedByItsType() {
        system.setProperty("load.spend.cron", "daily");
        assertThatThrownBy(this::read).hasMessageContaining("load.spend.cron = daily is not a cron expression");
    }

    @Test
    void anUnknownNameOnTheCommandLineIsRefused() {
        system.setProperty("warehouse.pasword", "s3cret-one");
        assertThatThrownBy(this::read)
                .hasMessageContaining("-Dwarehouse.pasword: warehouse.pasword is no setting")
                .hasMessageContaining("write warehouse.password")
                .hasMessageNotContaining("s3cret-one");
    }

    @Test
    void aSettingOfCamelInAnotherSpellingIsTheSameSetting() throws Exception {
        write("camel.main.shutdown-timeout = 7\n");
        assertThat(read().texts())
                .containsEntry("camel.main.shutdownTimeout", "7")
                .doesNotContainKey("camel.main.shutdown-timeout");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a = \\u12", "\u00e9 = \ud83d\ude00 \\ubroken"})
    void aFileThatIsNoPropertiesFileIsRefusedWithItsLine(String text) throws Exception {
        write("# first\n" + text);
        assertThatThrownBy(this::read).hasMessageContaining("application.properties: cannot be read: line 2");
    }
}
