package serai.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import serai.settings.Settings;

class ElasticsearchSettingsTest {

    /** @param settings name behind {@code watch.} and value in turn */
    private static ElasticsearchSettings settings(String... settings) {
        Map<String, String> texts = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            texts.put("watch." + settings[i], settings[i + 1]);
        }
        return new ElasticsearchSettings(Settings.of(texts));
    }

    @Test
    void withoutSettingsTheServerIsTheLocalOne() throws Exception {
        ElasticsearchSettings settings = settings();
        ElasticsearchServer server = settings.server(settings::value);
        assertThat(server.hosts()).containsExactly(URI.create("http://127.0.0.1:9200"));
        assertThat(server.authorization()).isNull();
        assertThat(server.http().responseTimeout()).isEqualTo(Duration.ofSeconds(20));
        assertThat(server.http().replies().maxBytes()).isEqualTo(32_000_000);
        assertThat(server.http().replies().maxTime()).isEqualTo(Duration.ofSeconds(40));
    }

    @Test
    void theSettingsMakeTheServerAndNoSecretIsPrinted() throws Exception {
        ElasticsearchSettings settings = settings(
                "elasticsearch", "a, https://u:s3cret@b:1/x",
                "elasticsearch-tls", "true",
                "elasticsearch-url-prefix", "/es/",
                "elasticsearch-verify", "false",
                "elasticsearch-proxy", "p:s3cret@proxy:3128",
                "search-timeout", "7");
        ElasticsearchServer server = settings.server(settings::value);
        assertThat(server.hosts()).containsExactly(URI.create("https://a:9200/es"), URI.create("https://b:1/x"));
        assertThat(server.http().tls().verify()).isFalse();
        assertThat(server.http().proxy()).isEqualTo(URI.create("http://p:s3cret@proxy:3128"));
        assertThat(server.http().responseTimeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(server.toString() + server.http()).doesNotContain("s3cret");
    }

    @ParameterizedTest
    @CsvSource({
        "elasticsearch-proxy, proxy, is not an address",
        "elasticsearch-proxy, http://u:s3 cret@proxy:1, is not an address",
        "search-timeout, 0, is not a whole number; write one from 1 to 600",
        "search-max-bytes, lots, is not a whole number; write one from 100000 to 1000000000"
    })
    void aWrongSettingIsNamedWithoutItsSecret(String name, String value, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(name, value))
                .withMessageContaining("watch." + name)
                .withMessageContaining(reason)
                .withMessageNotContaining("s3 cret");
    }
}
