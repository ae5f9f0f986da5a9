package serai.watch.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.junit.jupiter.api.Test;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;

class BatchingSearchTest {

    @Test
    void eachServerHasAClientOfItsOwnAlsoWhenManyAreFirstAskedAtOnce() throws Exception {
        int servers = 40;
        ExecutorService askers = Executors.newFixedThreadPool(servers);
        try (RunningSearch running = RunningSearch.at("127.0.0.1:1")) {
            CountDownLatch together = new CountDownLatch(1);
            List<Future<?>> asked = new ArrayList<>();
            for (int i = 0; i < servers; i++) {
                Rule rule = RunningSearch.rule("es_host", "127.0.0.1", "es_port", 1, "es_api_key", "key " + i);
                asked.add(askers.submit(() -> {
                    together.await();
                    return running.ask(rule, "logs", "{}");
                }));
            }
            together.countDown();
            for (Future<?> one : asked) {
                one.get(30, TimeUnit.SECONDS);
            }
            assertThat(running.context().getRegistry().findByTypeWithName(HttpClientConfigurer.class))
                    .hasSize(servers);
        } finally {
            askers.shutdownNow();
        }
    }

    @Test
    void aQueryLanguageIsRefusedWhereSomethingIsAggregated() throws Exception {
        try (RunningSearch running = RunningSearch.at("127.0.0.1:1")) {
            Map<String, String> eql = Map.of("eql", "any where true");
            running.search.check(RunningSearch.rule("filter", List.of(eql)));
            assertThatThrownBy(() -> running.search.check(
                            RunningSearch.rule("filter", List.of(eql), "type", "new_term", "fields", "user")))
                    .isInstanceOf(RuleException.class)
                    .hasMessageContaining("the values of the time before");
            assertThatThrownBy(() -> running.search.check(RunningSearch.rule(
                            "filter",
                            List.of(eql),
                            "type",
                            "frequency",
                            "num_events",
                            1,
                            "timeframe",
                            Map.of("minutes", 1),
                            "use_count_query",
                            true)))
                    .isInstanceOf(RuleException.class)
                    .hasMessageContaining("use_count_query");
        }
    }

    @Test
    void aServerThatSendsItsHeadByteByByteIsGivenUpInTime() throws Exception {
        var letters = Executors.newSingleThreadScheduledExecutor();
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                RunningSearch running =
                        RunningSearch.at("127.0.0.1:" + server.getLocalPort(), "watch.search-timeout", "1")) {
            var asked = running.ask(RunningSearch.rule(), "logs", "{}");
            Socket line = server.accept();
            line.getOutputStream().write("HTTP/1.1 200 OK\r\nX: ".getBytes(StandardCharsets.US_ASCII));
            letters.scheduleAtFixedRate(() -> write(line), 0, 200, TimeUnit.MILLISECONDS);
            assertThat(asked).failsWithin(Duration.ofSeconds(8));
            assertThatThrownBy(asked::get).hasMessageContaining("in time");
        } finally {
            letters.shutdownNow();
        }
    }

    private static void write(Socket line) {
        try {
            line.getOutputStream().write('x');
        } catch (IOException e) {
            throw new IllegalStateException("the client closed the connection", e);
        }
    }
}
