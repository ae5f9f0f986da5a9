package serai.watch.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import serai.watch.alerter.HttpOptions;

class PostClientsTest {

    @Test
    void losesNoWayToAServerThoughManyAreOpenedAtOnce() throws Exception {
        int threads = 16;
        int each = 500;
        ExecutorService openers = Executors.newFixedThreadPool(threads);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            PostClients clients = new PostClients(context);
            CountDownLatch together = new CountDownLatch(1);
            List<Future<?>> opened = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int first = 1 + thread * each;
                opened.add(openers.submit(() -> {
                    together.await();
                    for (int seconds = first; seconds < first + each; seconds++) {
                        clients.endpoint(new HttpOptions(true, null, null, null, null, seconds), "http://127.0.0.1/");
                    }
                    return null;
                }));
            }
            together.countDown();
            for (Future<?> one : opened) {
                one.get(30, TimeUnit.SECONDS);
            }
            assertThat(context.getRegistry().findByType(PostClient.class)).hasSize(threads * each);
        } finally {
            openers.shutdownNow();
        }
    }
}
