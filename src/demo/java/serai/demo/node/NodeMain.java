package serai.demo.node;

import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * An Elasticsearch node without its distribution, in a JVM of its own: the server's checks for a production machine sit
 * in its command line, which is not used here. It ends when its standard input does, so also when its parent dies.
 */
public final class NodeMain {

    private NodeMain() {}

    /** @param args the node's home folder, with {@code config} and {@code modules} in it */
    public static void main(String[] args) throws Exception {
        Path home = Path.of(args[0]).toAbsolutePath();
        Settings settings = Settings.builder()
                .put("path.home", home.toString())
                .put("path.data", home.resolve("data").toString())
                .put("path.logs", home.resolve("logs").toString())
                .put("cluster.name", "serai-demo")
                .put("node.name", "serai-demo")
                .put("discovery.type", "single-node")
                .put("network.host", "127.0.0.1")
                .put("http.port", "0")
                .put("transport.port", "0")
                // a disk that is nearly full would make every index read-only
                .put("cluster.routing.allocation.disk.threshold_enabled", false)
                .put("node.portsfile", true)
                .build();
        LogConfigurator.configureWithoutConfig(settings);
        Environment environment = InternalSettingsPreparer.prepareEnvironment(
                settings, Map.of(), home.resolve("config"), () -> "serai-demo");
        PluginsLoader plugins = PluginsLoader.createPluginsLoader(
                PluginsLoader.loadModulesBundles(environment.modulesDir()),
                PluginsLoader.loadPluginsBundles(environment.pluginsDir()),
                Map.of(),
                false);
        CountDownLatch closed = outlivingTheTerminal();
        try (Node node = new Node(environment, plugins)) {
            node.start();
            System.in.transferTo(OutputStream.nullOutputStream());
        }
        closed.countDown();
        System.exit(0);
    }

    /** Ctrl-C reaches every process of a terminal at once; what still needs the node may end first. */
    private static CountDownLatch outlivingTheTerminal() {
        CountDownLatch closed = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            try {
                                closed.await(60, TimeUnit.SECONDS);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "outlive"));
        return closed;
    }
}
