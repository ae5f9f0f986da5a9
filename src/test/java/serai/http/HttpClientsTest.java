package serai.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class HttpClientsTest {

    @Test
    void noClientIsLostWhenManyAreMadeAtOnce() throws Exception {
        int threads = 16;
        int each = 500;
        ExecutorService openers = Executors.newFixedThreadPool(threads);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            HttpClients clients = new HttpClients(context, "test");
            CountDownLatch together = new CountDownLatch(1);
            List<Future<?>> opened = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int first = 1 + thread * each;
                opened.add(openers.submit(() -> {
                    together.await();
                    for (int seconds = first; seconds < first + each; seconds++) {
                        clients.endpoint(HttpOptions.of(TlsOptions.DEFAULT, null, Duration.ofSeconds(seconds)));
                    }
                    return null;
                }));
            }
            together.countDown();
            for (Future<?> one : opened) {
                one.get(30, TimeUnit.SECONDS);
            }
            assertThat(context.getRegistry().findByType(HttpClientConfigurer.class))
                    .hasSize(threads * each);
        } finally {
            openers.shutdownNow();
        }
    }

    @Test
    void equalOptionsShareAClientAndNoPasswordIsPrinted() throws Exception {
        HttpOptions options =
                HttpOptions.of(TlsOptions.DEFAULT, URI.create("http://u:s3cret@proxy:1"), Duration.ofSeconds(1));
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            HttpClients clients = new HttpClients(context, "test");
            String endpoint = clients.endpoint(options);
            assertThat(clients.endpoint(options.withoutProxy())).isNotEqualTo(endpoint);
            assertThat(clients.endpoint(HttpOptions.of(options.tls(), options.proxy(), Duration.ofSeconds(1))))
                    .isEqualTo(endpoint)
                    .doesNotContain("s3cret");
            assertThat(options.toString()).doesNotContain("s3cret");
        }
    }
}
