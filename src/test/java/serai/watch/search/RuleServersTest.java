package serai.watch.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import serai.elasticsearch.ElasticsearchServer;
import serai.elasticsearch.ElasticsearchSettings;
import serai.settings.Settings;
import serai.watch.rule.Options;
import serai.watch.rule.RuleException;

class RuleServersTest {

    private static final Map<String, String> SETTINGS = Map.of("watch.elasticsearch", "es.example.org:9201");

    private static ElasticsearchServer server(Map<String, String> environment, Object... options) throws RuleException {
        return server(SETTINGS, environment, options);
    }

    private static ElasticsearchServer server(
            Map<String, String> settings, Map<String, String> environment, Object... options) throws RuleException {
        Map<String, Object> values = new LinkedHashMap<>();
        Map<String, Integer> lines = new LinkedHashMap<>();
        for (int i = 0; i < options.length; i += 2) {
            values.put((String) options[i], options[i + 1]);
            lines.put((String) options[i], i / 2 + 1);
        }
        return new RuleServers(new ElasticsearchSettings(Settings.of(settings)), environment::get)
                .of(new Options(values, lines));
    }

    private static String basic(String login) {
        return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aRuleWithoutOptionsUsesTheSettings() throws Exception {
        ElasticsearchServer server = server(Map.of());
        assertThat(server.hosts()).containsExactly(URI.create("http://es.example.org:9201"));
        assertThat(server.authorization()).isNull();
        assertThat(server.http().tls().verify()).isTrue();
        assertThat(server.http().responseTimeout()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void theOptionsOfARuleTakePrecedenceOverTheSettings() throws Exception {
        ElasticsearchServer server = server(
                Map.of(),
                "es_host",
                "logs",
                "es_port",
                9243,
                "use_ssl",
                true,
                "es_url_prefix",
                "/search/",
                "verify_certs",
                false,
                "es_conn_timeout",
                50,
                "es_username",
                "u",
                "es_password",
                "p");
        assertThat(server.hosts()).containsExactly(URI.create("https://logs:9243/search"));
        assertThat(server.http().tls().verify()).isFalse();
        assertThat(server.http().responseTimeout()).isEqualTo(Duration.ofSeconds(50));
        assertThat(server.authorization()).isEqualTo(basic("u:p"));
    }

    @Test
    void theEnvironmentTakesPrecedenceOverAll() throws Exception {
        ElasticsearchServer server = server(
                Map.of(
                        "ES_HOST",
                        "env",
                        "ES_PORT",
                        "9999",
                        "ES_USE_SSL",
                        "True",
                        "ES_USERNAME",
                        "eu",
                        "ES_PASSWORD",
                        "ep"),
                "es_host",
                "logs",
                "es_port",
                9243,
                "use_ssl",
                false,
                "es_username",
                "u",
                "es_password",
                "p");
        assertThat(server.hosts()).containsExactly(URI.create("https://env:9999"));
        assertThat(server.authorization()).isEqualTo(basic("eu:ep"));
    }

    @Test
    void anEmptyVariableIsIgnored() throws Exception {
        assertThat(server(Map.of("ES_HOSTS", "", "ES_PORT", ""), "es_host", "logs")
                        .hosts())
                .containsExactly(URI.create("http://logs:9200"));
    }

    @Test
    void esHostsTakesPrecedenceOverEsHost() throws Exception {
        assertThat(server(Map.of(), "es_host", "one", "es_hosts", List.of("a", "b:9301", "https://u:p@c/x"))
                        .hosts())
                .containsExactly(
                        URI.create("http://a:9200"), URI.create("http://b:9301"), URI.create("https://c:443/x"));
        assertThat(server(Map.of("ES_HOSTS", "x, y:1"), "es_hosts", List.of("a"))
                        .hosts())
                .containsExactly(URI.create("http://x:9200"), URI.create("http://y:1"));
    }

    @Test
    void anApiKeyTakesPrecedenceOverABearerTokenAndThatOverAPassword() throws Exception {
        assertThat(server(Map.of(), "es_api_key", "k", "es_bearer", "b", "es_username", "u", "es_password", "p")
                        .authorization())
                .isEqualTo("ApiKey k");
        assertThat(server(Map.of("ES_BEARER", "eb"), "es_username", "u", "es_password", "p")
                        .authorization())
                .isEqualTo("Bearer eb");
        assertThat(server(Map.of(), "es_hosts", List.of("https://u:secret@h")).authorization())
                .isEqualTo(basic("u:secret"));
    }

    @Test
    void noSecretIsPrinted() throws Exception {
        ElasticsearchServer server =
                server(Map.of(), "es_hosts", List.of("https://u:secret@h"), "es_api_key", "secret");
        assertThat(server.toString() + server.hosts()).doesNotContain("secret");
        assertThatThrownBy(() -> server(Map.of(), "es_hosts", List.of("https://u:sec ret@h")))
                .isInstanceOf(RuleException.class)
                .message()
                .doesNotContain("sec ret");
    }

    @Test
    void serversWithTheSameOptionsAreEqual() throws Exception {
        assertThat(server(Map.of(), "es_host", "a", "es_api_key", "k"))
                .isEqualTo(server(Map.of("ES_HOST", "a"), "es_api_key", "k"))
                .isNotEqualTo(server(Map.of(), "es_host", "a", "es_api_key", "other"));
    }

    @ParameterizedTest
    @CsvSource({
        "es_port, 70000",
        "es_host, 'a b'",
        "es_conn_timeout, soon",
        "es_conn_timeout, NaN",
        "ca_certs, /no/such/file.pem",
        "aws_region, eu-central-1",
        "profile, default",
        "es_host, ftp://a"
    })
    void anOptionThatCannotBeUsedIsRefusedByItsNameAndLine(String option, String value) {
        Object given = value.equals("NaN") ? (Object) Double.NaN : value;
        assertThatThrownBy(() -> server(Map.of(), option, given)).isInstanceOfSatisfying(RuleException.class, e -> {
            assertThat(e.field()).isEqualTo(option);
            assertThat(e.line()).isEqualTo(1);
        });
    }

    @Test
    void filesMayComeFromTheSettings() throws Exception {
        ElasticsearchServer server = server(
                Map.of("watch.elasticsearch-ca", "pom.xml", "watch.elasticsearch-certificate", "pom.xml"), Map.of());
        assertThat(server.http().tls().caFile()).isEqualTo(Path.of("pom.xml"));
        assertThat(server.http().tls().key()).isEqualTo(Path.of("pom.xml"));
    }
}
