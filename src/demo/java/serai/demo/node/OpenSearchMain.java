package serai.demo.node;

import java.io.OutputStream;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * An OpenSearch node without its distribution, in a JVM of its own; it ends when its standard input does. By
 * reflection: its classes have the names of Elasticsearch's libraries in other versions, so they cannot be compiled
 * against here.
 */
public final class OpenSearchMain {

    private OpenSearchMain() {}

    /** @param args the node's home folder, with {@code config} in it */
    public static void main(String[] args) throws Exception {
        Path home = Path.of(args[0]).toAbsolutePath();
        Class<?> settingsType = Class.forName("org.opensearch.common.settings.Settings");
        Object settings = settings(settingsType, home);
        Class.forName("org.opensearch.common.logging.LogConfigurator")
                .getMethod("configureWithoutConfig", settingsType)
                .invoke(null, settings);
        Class<?> environmentType = Class.forName("org.opensearch.env.Environment");
        Object environment =
                environmentType.getConstructor(settingsType, Path.class).newInstance(settings, home.resolve("config"));
        Class<?> nodeType = Class.forName("org.codelibs.opensearch.runner.node.OpenSearchRunnerNode");
        Object node = nodeType.getConstructor(environmentType, Collection.class)
                .newInstance(environment, List.of(Class.forName("org.opensearch.transport.Netty4Plugin")));
        nodeType.getMethod("start").invoke(node);
        System.in.transferTo(OutputStream.nullOutputStream());
        nodeType.getMethod("close").invoke(node);
        System.exit(0);
    }

    private static Object settings(Class<?> settingsType, Path home) throws ReflectiveOperationException {
        Object builder = settingsType.getMethod("builder").invoke(null);
        Method put = builder.getClass().getMethod("put", String.class, String.class);
        for (Map.Entry<String, String> setting : Map.of(
                        "path.home",
                        home.toString(),
                        "path.data",
                        home.resolve("data").toString(),
                        "path.logs",
                        home.resolve("logs").toString(),
                        "node.name",
                        "serai-demo",
                        "discovery.type",
                        "single-node",
                        "network.host",
                        "127.0.0.1",
                        "http.port",
                        "0",
                        "transport.port",
                        "0",
                        "node.portsfile",
                        "true",
                        "cluster.routing.allocation.disk.threshold_enabled",
                        "false")
                .entrySet()) {
            put.invoke(builder, setting.getKey(), setting.getValue());
        }
        return builder.getClass().getMethod("build").invoke(builder);
    }
}
