package serai.watch.kibana;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import serai.watch.rule.Recordings;
import serai.watch.rule.RuleException;

class DiscoverLinkTest {

    @Test
    void anOpenSearchLinkHasTheFormOfOpenSearch() throws RuleException {
        assertThat(decoded(
                        DiscoverLink.OPENSEARCH,
                        "opensearch",
                        Map.of("query_key", List.of("user", "gone"), "filter", List.of(Map.of("term", Map.of("x", 1)))),
                        Map.of("user", "bob")))
                .isEqualTo("http://127.0.0.1/app#/"
                        + "?_g=(filters:!(),refreshInterval:(pause:!t,value:0),time:(from:'2024-03-01T11:50:00Z',to:'2024-03-01T12:10:00Z'))"
                        + "&_a=(discover:(columns:!(_source),isDirty:!f,sort:!()),metadata:(indexPattern:p,view:discover))"
                        + "&_q=(filters:!(('$state':(store:appState),meta:(alias:filter,disabled:!f,index:p,key:query,negate:!f,type:custom,"
                        + "value:'{\"bool\":{\"must\":[{\"term\":{\"x\":1}}]}}'),query:(bool:(must:!((term:(x:1)))))),"
                        + "('$state':(store:appState),meta:(alias:!n,disabled:!f,index:p,key:user,negate:!f,params:(query:bob,type:phrase),"
                        + "type:phrase,value:bob),query:(match:(user:(query:bob,type:phrase)))),"
                        + "('$state':(store:appState),exists:(field:gone),meta:(alias:!n,disabled:!f,index:p,key:gone,negate:!t,type:exists,"
                        + "value:exists,view:discover))),query:(language:lucene,query:''))");
    }

    @Test
    void valuesOfEveryKindBecomeKibanaFilters() throws RuleException {
        Map<String, Object> match = new LinkedHashMap<>(Map.of(
                "one",
                List.of("a", ""),
                "two",
                Arrays.asList("it's", "b!", null),
                "none",
                List.of(),
                "n",
                5,
                "f",
                1.5,
                "b",
                true,
                "e",
                ""));
        String url = decoded(
                DiscoverLink.KIBANA,
                "kibana",
                Map.of("query_key", List.of("one", "two", "none", "n", "f", "b", "e")),
                match);

        assertThat(url)
                .contains("query:(match:(one:(query:a,type:phrase)))")
                .contains("params:(query:!('it!'s','b!!'),type:phrase),type:phrase,value:'[\"it!'s\", !'b!!!']'")
                .contains(
                        "exists:(field:none),meta:(alias:!n,disabled:!f,index:p,key:none,negate:!t,type:exists,value:exists)")
                .contains("params:(query:5,type:phrase),type:phrase,value:'5'")
                .contains("params:(query:1.5,type:phrase)")
                .contains("params:(query:!t,type:phrase),type:phrase,value:True")
                .contains("exists:(field:e)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            quoteCharacter = '`',
            value = {
                "a=b 'a=b'",
                "<b> '<b>'",
                "[] '[]'",
                "a% a%",
                "a+b a+b",
                "a\\b a\\b",
                "é/~x é/~x",
                "it's 'it!'s'",
                "0a '0a'",
                "-a '-a'",
                "a-0 a-0",
                "a;b 'a;b'"
            })
    void risonTextsAreQuotedWhereNeeded(String text, String rison) {
        assertThat(Rison.of(text)).isEqualTo(rison);
    }

    @ParameterizedTest
    @CsvSource({
        "http://h:1,a b/c,http://h:1/a b/c",
        "http://h:1,/a b/c,http://h:1/a b/c",
        "http://h:1/x/,a b/c,http://h:1/x/a b/c",
        "http://h:1/x,a b/c,http://h:1/a b/c",
        "http://h:1/x/,/a b,http://h:1/a b",
        "http://h:1/x/,http://k/a b,http://k/a b",
        "http://h:1,a/c,http://h:1/a/c"
    })
    void aLinkWithASpaceIsJoinedToItsBase(String base, String link, String joined) {
        assertThat(DiscoverLink.joined(base, link)).isEqualTo(joined);
    }

    @Test
    void theTenantIsFormEncodedInTheQuery() throws RuleException {
        Map<String, Object> rule = Map.of(
                "name",
                "r",
                "type",
                "any",
                "index",
                "i",
                "alert",
                "debug",
                "kibana_discover_security_tenant",
                "my own~*");

        assertThat(DiscoverLink.KIBANA.withTenant(
                        Recordings.rule(Recordings.json(Map.of("rule", rule))), "http://127.0.0.1/app#/"))
                .isEqualTo("http://127.0.0.1/app?security_tenant=my+own~%2A#/");
    }

    @Test
    void aLinkIsMadeOnlyOnRequestAndANoticeNamesMissingOptions() throws RuleException {
        Map<String, Object> options = new LinkedHashMap<>(Map.of(
                "name",
                "r",
                "type",
                "any",
                "index",
                "i",
                "alert",
                "debug",
                "kibana_discover_app_url",
                "http://127.0.0.1/app#/",
                "kibana_discover_index_pattern_id",
                "p"));
        assertThat(DiscoverLink.KIBANA.url(Recordings.rule(Recordings.json(Map.of("rule", options))), Map.of()))
                .isEmpty();

        options.remove("kibana_discover_index_pattern_id");
        options.put("generate_kibana_discover_url", true);
        assertThat(DiscoverLinks.notices(Recordings.rule(Recordings.json(Map.of("rule", options)))
                        .fileOptions()))
                .anyMatch(notice -> notice.contains("kibana_discover_index_pattern_id"));
    }

    private static String decoded(
            DiscoverLink link, String product, Map<String, Object> options, Map<String, Object> fields)
            throws RuleException {
        Map<String, Object> values = new LinkedHashMap<>(Map.of(
                "name",
                "r",
                "type",
                "any",
                "index",
                "i",
                "alert",
                "debug",
                "generate_" + product + "_discover_url",
                true,
                product + "_discover_app_url",
                "http://127.0.0.1/app#/",
                product + "_discover_index_pattern_id",
                "p"));
        values.putAll(options);
        Map<String, Object> match = new LinkedHashMap<>(fields);
        match.put("@timestamp", "2024-03-01T12:00:00Z");
        String url = link.url(Recordings.rule(Recordings.json(Map.of("rule", values))), match)
                .orElseThrow();
        return URLDecoder.decode(url, StandardCharsets.UTF_8);
    }
}
