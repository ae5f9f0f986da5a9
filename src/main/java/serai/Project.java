package serai;

import java.nio.file.Path;

import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;

import serai.warehouse.Warehouse;
import serai.watch.command.Premises;

/** The project's folder as a command sees it: the settings of the routes, without the routes, and the warehouse that they write. */
final class Project implements Premises, AutoCloseable {

    private final Path root;
    private Main main;
    private CamelContext context;
    private Warehouse warehouse;

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
            for (String server : new String[] {"camel.server.enabled", "camel.management.enabled", "camel.metrics.enabled",
                "camel.routecontroller.enabled"}) {
                main.addOverrideProperty(server, "false");
            }
            main.addMainListener(new MainListenerSupport() {
                @Override
                public void beforeConfigure(BaseMainSupport support) {
                    context = support.getCamelContext();
                }
            });
            main.init();
        }
        return context;
    }

    @Override
    public Warehouse warehouse() {
        if (warehouse == null) {
            warehouse = Warehouse.visit(House.warehouseSettings(context(), root));
        }
        return warehouse;
    }

    @Override
    public void close() {
        if (main != null) {
            main.stop();
        }
        if (warehouse != null) {
            warehouse.close();
        }
    }
}
