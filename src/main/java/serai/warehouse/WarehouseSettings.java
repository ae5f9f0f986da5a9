package serai.warehouse;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import serai.settings.Setting;
import serai.settings.SettingType;
import serai.settings.Settings;

/**
 * Where the warehouse is.
 *
 * @param url JDBC address of a PostgreSQL 16 or newer; empty for the embedded server
 * @param user login name, only with a url
 * @param password its password, only with a url
 * @param data the folder for the data of the embedded server
 * @param port the port of the embedded server on the loopback address; it is fixed so that a server which a killed
 *     process left running is found
 * @param poolSize maximum number of connections; a commit and a refresh hold one each
 * @param leaseTerm how long a process that does not answer remains the writer of its sources
 * @param migrations the folder of the Flyway migrations, {@code sql/schema}
 */
public record WarehouseSettings(
        String url,
        String user,
        String password,
        Path data,
        int port,
        int poolSize,
        Duration leaseTerm,
        Path migrations) {

    private static final Setting<String> URL = Setting.optional(
            "warehouse.url",
            SettingType.address(WarehouseSettings::requireJdbc, ""),
            "JDBC address, such as jdbc:postgresql://db.example.org/warehouse. Empty: an embedded PostgreSQL.");
    private static final Setting<String> USER = Setting.optional(
            "warehouse.user", SettingType.text(), "User of the address. It must be allowed to create schemas.");
    private static final Setting<String> PASSWORD =
            Setting.optional("warehouse.password", SettingType.secret(), "Password of the user.");
    private static final Setting<Integer> POOL_SIZE = Setting.of(
            "warehouse.pool-size",
            SettingType.count(1000),
            "20",
            "Most connections. A commit holds one, and so does a refresh.");
    private static final Setting<String> DATA = Setting.of(
            "warehouse.embedded.data", SettingType.path(), "data/warehouse", "Folder of the embedded PostgreSQL.");
    private static final Setting<Integer> PORT = Setting.of(
            "warehouse.embedded.port",
            SettingType.port(),
            "25432",
            "Port of the embedded PostgreSQL, on the loopback address. Keep it fixed.");

    private static final Setting<Duration> LEASE_TERM = Setting.of(
            "lease.term",
            SettingType.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            "10s",
            "How long a process that does not answer any more remains the writer of its sources; then another one takes"
                    + " over.");

    /** The settings {@code warehouse.*} and {@code lease.*}. */
    public static final List<Setting<?>> ALL = List.of(
            URL, USER, PASSWORD, POOL_SIZE, DATA, PORT, LEASE_TERM, Retention.KEEP_RUNS, Retention.KEEP_REJECTS);

    /**
     * Reads the settings.
     *
     * @param root the project's folder, to which relative paths refer
     */
    public static WarehouseSettings of(Settings settings, Path root) {
        return new WarehouseSettings(
                settings.get(URL),
                settings.get(USER),
                settings.get(PASSWORD),
                root.resolve(settings.get(DATA)),
                settings.get(PORT),
                settings.get(POOL_SIZE),
                settings.get(LEASE_TERM),
                root.resolve("sql/schema"));
    }

    /**
     * @throws IllegalArgumentException when it is no address of PostgreSQL; without the text, which may have a password
     */
    public static String requireJdbc(String text) {
        // the driver would log an address that it does not understand
        if (!text.strip().matches("jdbc:postgresql:(//[^/\\s]+/|//[^/\\s?]+$|[^/\\s:]+$)\\S*")) {
            throw new IllegalArgumentException("is not a JDBC address of PostgreSQL; write one such as"
                    + " jdbc:postgresql://db.example.org:5432/warehouse");
        }
        return text.strip();
    }

    /** Whether the embedded server is used, because no {@code warehouse.url} is set. */
    boolean embedded() {
        return url == null || url.isBlank();
    }

    /** The folder of the migrations of operators and analysts, {@code sql/migrations}; it need not exist. */
    Path ownMigrations() {
        return migrations.resolveSibling("migrations");
    }

    /** The same settings for an embedded server that already runs at this address. */
    WarehouseSettings at(String address) {
        String known = EmbeddedLogin.read(data).orElse(null);
        return new WarehouseSettings(address, EmbeddedLogin.USER, known, data, port, poolSize, leaseTerm, migrations);
    }
}
