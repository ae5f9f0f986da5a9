package serai.watch.kibana;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import serai.demo.KibanaDouble;
import serai.watch.alert.AlertRule;
import serai.watch.rule.Recordings;
import serai.watch.rule.RuleException;

class DiscoverLinksIT {

    private static final String LONG = "app/discover#/?_g=";

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theKibanaOfTheRuleShortensTheLink(boolean current) throws Exception {
        try (KibanaDouble kibana = KibanaDouble.start(current).login("me", "p:w")) {
            String url = link(new DiscoverLinks(new KibanaShortLinks()), kibana.url(), current ? "8.11" : "7.15");

            assertThat(url).startsWith(kibana.url() + "goto/").doesNotContain("_g=");
            assertThat(kibana.behind(url.substring(url.lastIndexOf('/') + 1)))
                    .hasValueSatisfying(
                            path -> assertThat(path).startsWith("/" + LONG).contains("&_a="));
        }
    }

    @ParameterizedTest
    @EnumSource(KibanaDouble.Failure.class)
    @Timeout(value = 10, unit = TimeUnit.SECONDS)
    void theLongLinkIsUsedWhenKibanaFailsAndKibanaIsNotAskedForAWhile(KibanaDouble.Failure failure) throws Exception {
        try (KibanaDouble kibana = KibanaDouble.start(true).fail(failure)) {
            DiscoverLinks links = new DiscoverLinks(new KibanaShortLinks());

            assertThat(link(links, kibana.url(), "8.11")).startsWith(kibana.url() + LONG);
            assertThat(link(links, kibana.url(), "8.11")).startsWith(kibana.url() + LONG);

            assertThat(kibana.requests()).hasSize(1);
        }
    }

    @Test
    void shortLinksWithoutKibanaUrlAreRefused() {
        assertThatThrownBy(() -> DiscoverLinks.notices(rule("", "8.11").rule().fileOptions()))
                .isInstanceOf(RuleException.class)
                .hasMessageContaining("kibana_url");
    }

    private static String link(DiscoverLinks links, String kibana, String version) throws Exception {
        Map<String, Object> match = new LinkedHashMap<>(Map.of("@timestamp", "2024-03-01T12:00:00Z"));
        links.enrich(rule(kibana, version), match, Instant.EPOCH, null).get(5, TimeUnit.SECONDS);
        return (String) match.get("kibana_discover_url");
    }

    private static AlertRule rule(String kibana, String version) throws RuleException {
        return Recordings.alertRule(Recordings.json(Map.of(
                "rule",
                Map.ofEntries(
                        Map.entry("name", "r"),
                        Map.entry("type", "any"),
                        Map.entry("index", "i"),
                        Map.entry("alert", "debug"),
                        Map.entry("generate_kibana_discover_url", true),
                        Map.entry("shorten_kibana_discover_url", true),
                        Map.entry("kibana_url", kibana),
                        Map.entry("kibana_username", "me"),
                        Map.entry("kibana_password", "p:w"),
                        Map.entry("kibana_discover_app_url", "app/discover#/"),
                        Map.entry("kibana_discover_version", version),
                        Map.entry("kibana_discover_index_pattern_id", "p")))));
    }
}
