package serai;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import serai.edits.Edits;
import serai.load.LoadRoom;
import serai.load.ga4.Ga4Room;
import serai.load.replicate.ReplicateRoom;
import serai.metabase.MetabaseClient;
import serai.refresh.RefreshRoom;
import serai.settings.Setting;
import serai.settings.SettingGroup;
import serai.settings.SettingType;
import serai.settings.Settings;
import serai.settings.SettingsReader;
import serai.show.ShowRoom;
import serai.warehouse.WarehouseSettings;
import serai.watch.WatchRoom;

/** All settings: those that the rooms declare, and those of Camel that Serai needs otherwise than Camel has them. */
public final class SeraiSettings {

    static final String FILE = "application.properties";

    static final Setting<String> SERVER_HOST = Setting.of(
            "camel.server.host",
            SettingType.text(),
            "127.0.0.1",
            "Address that the page is bound to. The page has no login: put a proxy in front of it before you open it to"
                    + " others.");
    static final Setting<Integer> SERVER_PORT =
            Setting.of("camel.server.port", SettingType.port(), "8080", "Port of the page.");

    static final Setting<Boolean> SERVER_ENABLED = Setting.of(
            "camel.server.enabled", SettingType.flag(), "true", "Whether the page and status.json are served.");
    static final Setting<Boolean> MANAGEMENT_ENABLED = Setting.of(
            "camel.management.enabled",
            SettingType.flag(),
            "true",
            "Whether /observe/health and /observe/metrics (Prometheus) are served.");
    static final Setting<String> MANAGEMENT_HOST = Setting.of(
            "camel.management.host", SettingType.text(), "127.0.0.1", "Address that health and metrics are bound to.");
    static final Setting<Integer> MANAGEMENT_PORT =
            Setting.of("camel.management.port", SettingType.port(), "9876", "Port of health and metrics.");

    private static final List<Setting<?>> PROCESS = List.of(
            Setting.of(
                    "camel.main.name", SettingType.text(), "serai", "Name of the Camel context, in logs and metrics."),
            Setting.of(
                    "camel.main.routesIncludePattern",
                    SettingType.text(),
                    "false",
                    "Serai reads the files in routes/ itself, so Camel must not: a broken file then cannot stop the"
                            + " start."),
            Setting.of(
                    "camel.main.autoConfigurationLogSummary",
                    SettingType.flag(),
                    "false",
                    "Whether Camel logs all settings at the start."),
            Setting.of(
                    "camel.main.useMdcLogging",
                    SettingType.flag(),
                    "true",
                    "Whether log lines have the id of the route."),
            Setting.of(
                    "camel.main.streamCachingEnabled",
                    SettingType.flag(),
                    "false",
                    "Reports are streamed. Camel must not keep a copy of them."),
            Setting.of(
                    "camel.main.shutdownTimeout",
                    SettingType.count(86_400),
                    "30",
                    "Seconds that work in progress may take when Serai stops."),
            Setting.of(
                    "camel.routecontroller.enabled",
                    SettingType.flag(),
                    "true",
                    "Whether a route that cannot start is tried again in the background."),
            Setting.of(
                    "camel.routecontroller.backOffDelay",
                    SettingType.count(Integer.MAX_VALUE),
                    "2000",
                    "Milliseconds before the first new try to start a route."),
            Setting.of(
                    "camel.routecontroller.backOffMultiplier",
                    SettingType.decimal(1, 100),
                    "2",
                    "Factor by which that wait grows with each try."),
            Setting.of(
                    "camel.routecontroller.backOffMaxDelay",
                    SettingType.count(Integer.MAX_VALUE),
                    "60000",
                    "Longest wait between two tries, in milliseconds."),
            Setting.of(
                    "camel.routecontroller.unhealthyOnRestarting",
                    SettingType.flag(),
                    "true",
                    "Whether the health check fails while a route waits for its next try."),
            Setting.of(
                    "camel.routecontroller.excludeRoutes",
                    SettingType.text(),
                    "[^.:]+[.][^:]+",
                    "Routes that do not start on their own: those of kamelets (ids with a dot) start with the route"
                            + " that uses them."),
            Setting.of(
                    "camel.metrics.enableExchangeEventNotifier",
                    SettingType.flag(),
                    "false",
                    "Whether each event of each exchange is a metric."),
            Setting.of(
                    "camel.opentelemetry2.enabled",
                    SettingType.flag(),
                    "false",
                    "Whether OpenTelemetry spans are made. Set it to true only with a collector: timers fire many times"
                            + " a second."),
            Setting.of(
                    "camel.component.quartz.enableJmx",
                    SettingType.flag(),
                    "false",
                    "Whether each timer is a JMX bean."));

    private static final List<Setting<?>> SERVERS =
            List.of(SERVER_ENABLED, SERVER_HOST, SERVER_PORT, MANAGEMENT_ENABLED, MANAGEMENT_HOST, MANAGEMENT_PORT);

    /** By the headings of the documentation. */
    public static final List<SettingGroup> GROUPS = List.of(
            SettingGroup.of("Process", PROCESS, Edits.SETTINGS),
            SettingGroup.of("Show: status page, health, metrics", SERVERS, ShowRoom.SETTINGS),
            new SettingGroup("Warehouse: PostgreSQL 16 or newer", WarehouseSettings.ALL),
            SettingGroup.of("Load: imports from Metabase", MetabaseClient.SETTINGS, LoadRoom.SETTINGS),
            new SettingGroup("Load: imports from Google Analytics", Ga4Room.SETTINGS),
            new SettingGroup("Load: replication of databases", ReplicateRoom.SETTINGS),
            new SettingGroup("Refresh: models in sql/", RefreshRoom.SETTINGS),
            new SettingGroup("Watch: alert rules", WatchRoom.SETTINGS));

    private SeraiSettings() {}

    /**
     * Reads the settings of the current folder.
     *
     * @param root the folder with {@code routes}
     * @param overrides take precedence over all others
     * @throws serai.settings.SettingsException when a setting is refused
     */
    public static Settings read(Path root, Map<String, String> overrides) {
        Properties system = new Properties();
        system.putAll(System.getProperties());
        system.putAll(overrides);
        return new SettingsReader(GROUPS, System::getenv, system).read(Path.of(FILE), root.resolve("routes"));
    }
}
