package serai;

import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import serai.warehouse.Warehouse;
import serai.watch.RuleSandboxFactory;
import serai.watch.command.RuleCommandContext;
import serai.watch.command.RuleSandbox;

/**
 * The project's folder as a command sees it: the settings of the routes, without the routes, and the warehouse that
 * they write.
 */
final class Project implements RuleCommandContext, AutoCloseable {

    private final Path root;
    private Main main;
    private CamelContext context;
    private Warehouse warehouse;
    private RuleSandboxFactory bench;

    Project(Path root) {
        this.root = root;
    }

    @Override
    public Path root() {
        return root;
    }

    @Override
    public CamelContext context() {
        if (context == null) {
            main = new Main();
            main.setPropertyPlaceholderLocations("file:" + root.resolve("application.properties"));
            // the same settings, but for what answers others
            for (String server : new String[] {
                "camel.server.enabled",
                "camel.management.enabled",
                "camel.metrics.enabled",
                "camel.routecontroller.enabled"
            }) {
                main.addOverrideProperty(server, "false");
            }
            main.addMainListener(new MainListenerSupport() {
                @Override
                public void beforeConfigure(BaseMainSupport support) {
                    context = support.getCamelContext();
                    // the settings name it for polls, and a command polls nothing
                    context.getRegistry().bind("boundedReplies", (HttpClientConfigurer) client -> {});
                }
            });
            main.init();
        }
        return context;
    }

    @Override
    public Warehouse warehouse() {
        if (warehouse == null) {
            warehouse = Warehouse.visit(Application.warehouseSettings(context(), root));
        }
        return warehouse;
    }

    @Override
    public RuleSandbox workbench() {
        if (bench == null) {
            CamelContext configured = context();
            try {
                main.start();
                bench = RuleSandboxFactory.open(configured, root, this::warehouse);
            } catch (Exception e) {
                throw new IllegalStateException(
                        "The search of routes/watch/search.camel.yaml cannot be used: " + Application.rootMessage(e),
                        e);
            }
        }
        return bench.workbench();
    }

    @Override
    public void close() {
        if (bench != null) {
            bench.close();
        }
        if (main != null) {
            main.stop();
        }
        if (warehouse != null) {
            warehouse.close();
        }
    }
}
