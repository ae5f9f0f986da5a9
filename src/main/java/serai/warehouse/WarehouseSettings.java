package serai.warehouse;

import java.nio.file.Path;
import java.time.Duration;
import org.apache.camel.CamelContext;

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

    /**
     * Reads the settings {@code warehouse.*}.
     *
     * @param camel resolves {@code application.properties}
     * @param root the project's folder, to which relative paths refer
     */
    public static WarehouseSettings of(CamelContext camel, Path root) {
        return new WarehouseSettings(
                camel.resolvePropertyPlaceholders("{{warehouse.url:}}"),
                camel.resolvePropertyPlaceholders("{{warehouse.user:}}"),
                camel.resolvePropertyPlaceholders("{{warehouse.password:}}"),
                root.resolve(camel.resolvePropertyPlaceholders("{{warehouse.embedded.data:data/warehouse}}")),
                Integer.parseInt(camel.resolvePropertyPlaceholders("{{warehouse.embedded.port:25432}}")),
                Integer.parseInt(camel.resolvePropertyPlaceholders("{{warehouse.pool-size:20}}")),
                camel.getTypeConverter()
                        .convertTo(Duration.class, camel.resolvePropertyPlaceholders("{{lease.term:10s}}")),
                root.resolve("sql/schema"));
    }

    /** Whether the embedded server is used, because no {@code warehouse.url} is set. */
    boolean embedded() {
        return url == null || url.isBlank();
    }

    /** The same settings for an embedded server that already runs at this address. */
    WarehouseSettings at(String address) {
        return new WarehouseSettings(address, "postgres", null, data, port, poolSize, leaseTerm, migrations);
    }
}
