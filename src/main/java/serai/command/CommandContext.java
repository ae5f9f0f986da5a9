package serai.command;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import serai.settings.SettingGroup;
import serai.settings.Settings;
import serai.settings.SettingsReader;
import serai.warehouse.Warehouse;
import serai.warehouse.WarehouseSettings;

/**
 * What a command works with: the project's folder, its settings and its warehouse. Each is opened when it is first
 * asked for and closed at the end. Routes of the project are not started, so a command is safe beside a running
 * instance. Not thread-safe.
 */
public final class CommandContext implements AutoCloseable {

    /** Settings that would start a server or supervise routes, which a command has no use for. */
    private static final String[] SWITCHED_OFF = {
        "camel.server.enabled", "camel.management.enabled", "camel.metrics.enabled", "camel.routecontroller.enabled"
    };

    private final Path root;
    private final List<SettingGroup> declared;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private Settings settings;
    private Main main;
    private CamelContext camel;
    private Warehouse warehouse;
    private boolean started;

    /**
     * @param root the project's folder, with {@code application.properties}
     * @param declared all settings that there are
     */
    public CommandContext(Path root, List<SettingGroup> declared) {
        this.root = root;
        this.declared = declared;
    }

    /** The project's folder. */
    public Path root() {
        return root;
    }

    /**
     * The settings, read and checked at the first call.
     *
     * @throws serai.settings.SettingsException when a setting is refused
     */
    public Settings settings() {
        if (settings == null) {
            settings = new SettingsReader(declared, System::getenv, System.getProperties())
                    .read(root.resolve("application.properties"), root.resolve("routes"));
        }
        return settings;
    }

    /** A Camel context that resolves the settings of {@code application.properties}; it is not started. */
    public CamelContext camel() {
        if (camel == null) {
            Settings checked = settings();
            main = new Main();
            main.setPropertyPlaceholderLocations("file:" + root.resolve("application.properties"));
            checked.texts().forEach(main::addOverrideProperty);
            for (String setting : SWITCHED_OFF) {
                main.addOverrideProperty(setting, "false");
            }
            main.addMainListener(new MainListenerSupport() {
                @Override
                public void beforeConfigure(BaseMainSupport support) {
                    camel = support.getCamelContext();
                    // application.properties refers to this bean, which imports use and commands do not
                    camel.getRegistry().bind("boundedReplies", (HttpClientConfigurer) client -> {});
                }
            });
            main.init();
        }
        return camel;
    }

    /** The same context, started, without routes of the project. A command may add the ones that it needs. */
    public CamelContext startedCamel() {
        camel();
        if (!started) {
            main.start();
            started = true;
        }
        return camel;
    }

    /**
     * The warehouse of the running instance, or of the last one that ran.
     *
     * @throws IllegalStateException when there is none; the message says what to do
     */
    public Warehouse warehouse() {
        if (warehouse == null) {
            warehouse = Warehouse.connect(WarehouseSettings.of(settings(), root));
        }
        return warehouse;
    }

    /** Has something closed at the end of the command, before the context and the warehouse. */
    public <T extends AutoCloseable> T closeAtEnd(T resource) {
        opened.push(resource);
        return resource;
    }

    @Override
    public void close() throws Exception {
        try {
            while (!opened.isEmpty()) {
                opened.pop().close();
            }
        } finally {
            if (main != null) {
                main.stop();
            }
            if (warehouse != null) {
                warehouse.close();
            }
        }
    }
}
