package serai.watch.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElastAlertConfigTest {

    private static final String CONFIG = """
            rules_folder: rules
            run_every: {minutes: 2}
            buffer_time:
              minutes: 20
            es_host: es.example.org
            es_port: 9200
            es_password: ${PASSWORD}
            writeback_index: elastalert_status
            alert_time_limit: {days: 1}
            max_threads: 20
            query_delay: {minutes: 1}
            realert: {minutes: 30}
            notify_email:
            slack_webhook_url: https://hooks.example.org/1
            """;
    private static final String RULE = "name: r\ntype: any\nindex: i\nalert: debug\n";

    private static ElastAlertConfig config(String text, Map<String, String> environment) throws RuleException {
        return ElastAlertConfig.read(text, environment::get);
    }

    private static Rule rule(ElastAlertConfig config, String rule) throws RuleException {
        RuleLoader loader =
                new RuleLoader(config.defaults("config.yaml"), ZoneOffset.UTC, List.of(), Set.of(), name -> null);
        return loader.load(Path.of("rules/r.yaml"), path -> Optional.of(rule)).rule();
    }

    @Test
    void optionsOfTheFileAreDefaultsForRules() throws RuleException {
        ElastAlertConfig config = config(CONFIG, Map.of("PASSWORD", "secret"));
        Rule rule = rule(config, RULE);
        assertThat(rule.runEvery()).isEqualTo(Duration.ofMinutes(2));
        assertThat(rule.bufferTime()).isEqualTo(Duration.ofMinutes(20));
        assertThat(rule.queryDelay()).isEqualTo(Duration.ofMinutes(1));
        assertThat(rule.option("slack_webhook_url")).isEqualTo("https://hooks.example.org/1");
        assertThat(rule.option("es_password")).isEqualTo("secret");
        assertThat(rule.realert()).isEqualTo(Duration.ofMinutes(1));
        assertThat(rule(config, RULE + "buffer_time: {minutes: 1}\n").bufferTime())
                .isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void optionsOfTheProgramAreNoDefaultsForRules() throws RuleException {
        Rule rule = rule(config(CONFIG, Map.of()), RULE);
        assertThat(rule.option("rules_folder")).isNull();
        assertThat(rule.option("writeback_index")).isNull();
        assertThat(rule.option("notify_email")).isNull();
    }

    @Test
    void environmentVariablesTakePrecedenceOverTheFile() throws RuleException {
        ElastAlertConfig config =
                config(CONFIG, Map.of("ES_HOST", "other.example.org", "ES_USE_SSL", "True", "ES_PORT", "9300"));
        assertThat(rule(config, RULE).option("es_host")).isEqualTo("other.example.org");
        assertThat(rule(config, RULE).option("use_ssl")).isEqualTo(true);
        assertThat(rule(config, RULE).option("es_port")).isEqualTo("9300");
    }

    @Test
    void theFileNamesFoldersIndicesAndLimits() throws RuleException {
        ElastAlertConfig config = config(
                CONFIG + "max_aggregation: 50\nadd_metadata_alert: true\nscan_subdirectories: false\n", Map.of());
        assertThat(config.writebackIndex()).contains("elastalert_status");
        assertThat(config.rulesFolders()).containsExactly(Path.of("rules"));
        assertThat(config.scanSubdirectories()).isFalse();
        assertThat(config.time("alert_time_limit", Duration.ofDays(2))).isEqualTo(Duration.ofDays(1));
        assertThat(config.time("old_query_limit", Duration.ofDays(7))).isEqualTo(Duration.ofDays(7));
        assertThat(config.maxAggregation()).isEqualTo(50);
        assertThat(config.addMetadataAlert()).isTrue();
    }

    @Test
    void optionsWithoutEffectAreReportedWithTheirLine() throws RuleException {
        assertThat(config(CONFIG, Map.of()).notices())
                .satisfiesExactly(
                        threads -> assertThat(threads).startsWith("10: max_threads has no effect: "),
                        realert -> assertThat(realert).startsWith("12: realert has no effect: "));
    }

    @Test
    void aRefusedDefaultNamesFileAndLine() throws RuleException {
        ElastAlertConfig config = config("run_every: {minutes: 1}\nquery_delay: 5\n", Map.of());
        assertThatThrownBy(() -> rule(config, RULE))
                .isInstanceOf(RuleException.class)
                .hasMessageContaining("query_delay")
                .hasMessageContaining("config.yaml, line 2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run_every: 5|run_every",
                "rules_loader: my.Loader|rules_loader",
                "rules_folder: {a: b}|rules_folder",
                "scan_subdirectories: some|scan_subdirectories",
                "old_query_limit: {minute: 1}|old_query_limit",
                "max_aggregation: many|max_aggregation",
                "writeback_index: [a]|writeback_index"
            })
    void aWrongOptionIsRefusedWithItsLine(String line, String field) {
        assertThatThrownBy(() -> config("es_host: x\n" + line, Map.of()))
                .isInstanceOfSatisfying(RuleException.class, e -> {
                    assertThat(e.line()).isEqualTo(2);
                    assertThat(e.field()).isEqualTo(field);
                });
    }

    @ParameterizedTest
    @CsvSource({
        "routes/alerts/a.yaml,true",
        "routes/alerts/a.camel.yaml,false",
        "rules/a.yml,true",
        "rules/deep/down/a.yaml,true",
        "rules/base.inc,false",
        "rules/..data/a.yaml,false",
        "other/a.yaml,false",
        "/etc/rules/a.yaml,true",
        "/srv/rules/a.yaml,true",
        "routes/alerts/deep/a.yaml,true"
    })
    void yamlFilesInTheFoldersAreRules(String file, boolean rule) throws RuleException {
        RuleFolders folders = RuleFolders.of(
                config("rules_folder: [rules/, /etc/rules, ../rules]\n", Map.of()), Path.of("/srv/serai"));
        assertThat(folders.isRule(Path.of(file))).isEqualTo(rule);
    }

    @Test
    void withoutSubdirectoriesOnlyFilesInTheFolderItselfAreRules() throws RuleException {
        RuleFolders folders =
                RuleFolders.of(config("rules_folder: rules\nscan_subdirectories: false\n", Map.of()), Path.of("."));
        assertThat(folders.isRule(Path.of("rules/deep/a.yaml"))).isFalse();
        assertThat(folders.isRule(Path.of("rules/a.yaml"))).isTrue();
        assertThat(folders.isRule(Path.of("routes/alerts/deep/a.yaml"))).isTrue();
        assertThat(folders.contains(Path.of("rules/base.inc"))).isTrue();
    }
}
