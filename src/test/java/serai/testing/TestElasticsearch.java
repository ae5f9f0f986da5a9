package serai.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import serai.demo.ElasticsearchNode;

/** One Elasticsearch for all tests of a JVM; each test uses indices of its own. */
public final class TestElasticsearch {

    private static ElasticsearchNode node;

    private TestElasticsearch() {}

    /** Starts it at the first call; it ends with this JVM. */
    public static synchronized ElasticsearchNode node() {
        if (node == null) {
            try {
                node = ElasticsearchNode.start(Path.of(
                        "target", "elasticsearch-" + ProcessHandle.current().pid()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
            Runtime.getRuntime().addShutdownHook(new Thread(TestElasticsearch::stop, "elasticsearch-stop"));
        }
        return node;
    }

    private static void stop() {
        try {
            node.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
