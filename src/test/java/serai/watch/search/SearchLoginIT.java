package serai.watch.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.SearchFront;
import serai.http.Certificates;
import serai.http.Tunnel;
import serai.testing.TestElasticsearch;
import serai.watch.query.Query;
import serai.watch.query.Search;
import serai.watch.query.Window;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

/** Logins, TLS and proxies in front of a real node. */
class SearchLoginIT {

    private static final String ALL = "{\"size\":0,\"track_total_hits\":true}";

    @TempDir
    static Path dir;

    private static Certificates certificates;
    private SearchFront front;

    @BeforeAll
    static void certificates() throws Exception {
        certificates = new Certificates(dir);
    }

    @BeforeEach
    void start() throws Exception {
        front = SearchFront.start(TestElasticsearch.node().url());
    }

    @AfterEach
    void stop() throws Exception {
        front.close();
    }

    private static String basic(String login) {
        return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertAnswers(RunningSearch running, Object... options) throws Exception {
        assertThat(running.answer(RunningSearch.rule(options), "search-login", ALL)
                        .total())
                .isZero();
    }

    @Test
    void aLoginMayBeAPasswordABearerTokenOrAnApiKey() throws Exception {
        try (RunningSearch password = RunningSearch.at(
                front.requiring(basic("serai:säcret")).hostAddress(),
                "watch.elasticsearch-user",
                "serai",
                "watch.elasticsearch-password",
                "säcret")) {
            assertAnswers(password);
        }
        try (RunningSearch bearer =
                RunningSearch.at(front.requiring("Bearer abc").hostAddress(), "watch.elasticsearch-bearer", "abc")) {
            assertAnswers(bearer);
            front.requiring("ApiKey of-the-rule");
            assertAnswers(bearer, "es_api_key", "of-the-rule");
        }
    }

    @Test
    void aRefusedLoginIsReportedWithoutShowingIt() throws Exception {
        front.requiring("ApiKey right");
        try (RunningSearch wrong = RunningSearch.at(front.hostAddress(), "watch.elasticsearch-api-key", "s3cret")) {
            assertThatThrownBy(() -> assertAnswers(wrong))
                    .hasRootCauseInstanceOf(Search.FailedException.class)
                    .hasMessageContaining("login was refused (401)")
                    .message()
                    .doesNotContain("s3cret");
        }
    }

    @Test
    void onlyTheConfiguredAuthorityIsTrusted() throws Exception {
        try (Tunnel tls = Tunnel.tls(certificates.server("server"), front.port(), false)) {
            String address = "127.0.0.1:" + tls.port();
            try (RunningSearch own = RunningSearch.at(
                    address,
                    "watch.elasticsearch-tls",
                    "true",
                    "watch.elasticsearch-ca",
                    certificates.file("ca.pem").toString())) {
                assertAnswers(own);
            }
            try (RunningSearch none = RunningSearch.at(address, "watch.elasticsearch-tls", "true")) {
                assertThatThrownBy(() -> assertAnswers(none)).hasMessageContaining("TLS failed");
            }
            try (RunningSearch any = RunningSearch.at("127.0.0.1:9")) {
                assertAnswers(
                        any, "es_host", "127.0.0.1", "es_port", tls.port(), "use_ssl", true, "verify_certs", false);
            }
        }
    }

    @Test
    void aCertificateForAnotherHostIsRefused() throws Exception {
        try (Tunnel tls = Tunnel.tls(certificates.server("elsewhere"), front.port(), false);
                RunningSearch running = RunningSearch.at(
                        "127.0.0.1:" + tls.port(),
                        "watch.elasticsearch-tls",
                        "true",
                        "watch.elasticsearch-ca",
                        certificates.file("ca.pem").toString())) {
            assertThatThrownBy(() -> assertAnswers(running)).hasMessageContaining("TLS failed");
        }
    }

    @Test
    void ourOwnCertificateIsShownToTheServer() throws Exception {
        try (Tunnel tls = Tunnel.tls(certificates.server("server"), front.port(), true);
                RunningSearch running = RunningSearch.at("127.0.0.1:9")) {
            Object[] options = {
                "es_hosts",
                List.of("https://127.0.0.1:" + tls.port()),
                "ca_certs",
                certificates.file("ca.pem").toString(),
                "client_cert",
                certificates.file("client.pem").toString(),
                "client_key",
                certificates.file("client.key").toString()
            };
            assertAnswers(running, options);
            assertThatThrownBy(() -> assertAnswers(running, Arrays.copyOf(options, 4)))
                    .hasRootCauseInstanceOf(Search.FailedException.class);
        }
    }

    @Test
    void aFileWithoutCertificatesIsRefusedWhenTheRuleIsLoaded() throws Exception {
        try (RunningSearch running = RunningSearch.at("127.0.0.1:9")) {
            Path empty = Files.writeString(dir.resolve("empty.pem"), "nothing");
            Rule rule = RunningSearch.rule("es_host", "h", "use_ssl", true, "ca_certs", empty.toString());
            assertThatThrownBy(() -> running.search.check(rule))
                    .isInstanceOf(RuleException.class)
                    .hasMessageContaining("empty.pem");
        }
    }

    @Test
    void requestsGoThroughAProxyThatRequiresALogin() throws Exception {
        try (Tunnel tls = Tunnel.tls(certificates.server("server"), front.port(), false);
                Tunnel proxy = Tunnel.proxy("p:w")) {
            try (RunningSearch plain = RunningSearch.at(
                    front.hostAddress(), "watch.elasticsearch-proxy", "http://p:w@127.0.0.1:" + proxy.port())) {
                assertAnswers(plain);
            }
            assertThat(proxy.heads())
                    .isNotEmpty()
                    .allSatisfy(head -> assertThat(head).contains("http://" + front.hostAddress()));
            proxy.heads().clear();
            try (RunningSearch secure = RunningSearch.at(
                    "127.0.0.1:" + tls.port(),
                    "watch.elasticsearch-tls",
                    "true",
                    "watch.elasticsearch-api-key",
                    "s3cret",
                    "watch.elasticsearch-ca",
                    certificates.file("ca.pem").toString(),
                    "watch.elasticsearch-proxy",
                    "http://p:w@127.0.0.1:" + proxy.port())) {
                front.requiring("ApiKey s3cret");
                assertAnswers(secure);
            }
            assertThat(proxy.heads())
                    .isNotEmpty()
                    .allSatisfy(head -> assertThat(head).startsWith("CONNECT ").doesNotContain("s3cret"));
        }
    }

    @Test
    void thePathPrefixIsPutInFrontOfEachPath() throws Exception {
        front.always((request, line) -> line.json(
                200,
                request.path().equals("/es/_msearch")
                        ? "{\"responses\":[{\"status\":200,\"hits\":{\"total\":{\"value\":0},\"hits\":[]}}]}"
                        : "{}"));
        try (RunningSearch running = RunningSearch.at(front.hostAddress(), "watch.elasticsearch-url-prefix", "es")) {
            assertAnswers(running);
        }
    }

    @Test
    void queriesInEqlAndEsqlAreSentToTheirOwnPaths() throws Exception {
        front.passTo(null);
        front.next((request, line) -> {
            assertThat(request.path()).isEqualTo("/a,b*/_eql/search");
            line.json(200, "{\"hits\":{\"events\":[{\"_index\":\"a\",\"_id\":\"1\",\"_source\":{}}]}}");
        });
        front.next((request, line) -> {
            assertThat(request.path()).isEqualTo("/_query");
            line.json(200, "{\"columns\":[{\"name\":\"n\"}],\"values\":[[1],[2]]}");
        });
        front.next((request, line) -> line.json(400, """
                {"error":{"root_cause":[],"type":"parsing_exception","reason":"line 1:1: mismatched input 'x'"},"status":400}"""));
        try (RunningSearch running = RunningSearch.at(front.hostAddress())) {
            for (String language : new String[] {"eql", "esql", "esql"}) {
                Rule rule = RunningSearch.rule("index", "a,b*", "filter", List.of(Map.of(language, "x")));
                Query query = Query.Documents.first(rule, new Window(Instant.EPOCH, Instant.EPOCH), 5);
                if (front.questions().size() == 2) {
                    assertThatThrownBy(() -> RunningSearch.answer(running.search.ask(query)))
                            .hasMessageContaining("mismatched input");
                } else {
                    assertThat(RunningSearch.answer(running.search.ask(query)).hits())
                            .isNotEmpty();
                }
            }
        }
    }
}
