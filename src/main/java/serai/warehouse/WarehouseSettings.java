package serai.warehouse;

import java.nio.file.Path;
import org.apache.camel.CamelContext;

/**
 * Where the warehouse is.
 *
 * @param url JDBC address of a PostgreSQL 16 or newer; empty for the embedded server
 * @param user login name, only with a url
 * @param password its password, only with a url
 * @param data folder in which the embedded server keeps its data
 * @param port fixed port of the embedded server on the loopback address; a fixed one, so that a server left behind by a
 *     killed process is found again
 * @param poolSize connections at most; every running import and refresh holds one
 * @param migrations folder of the Flyway migrations, {@code sql/schema}
 */
public record WarehouseSettings(
        String url, String user, String password, Path data, int port, int poolSize, Path migrations) {

    /**
     * Reads the settings {@code warehouse.*}.
     *
     * @param camel resolves {@code application.properties}
     * @param root the project's folder, in which relative paths begin
     */
    public static WarehouseSettings of(CamelContext camel, Path root) {
        return new WarehouseSettings(
                camel.resolvePropertyPlaceholders("{{warehouse.url:}}"),
                camel.resolvePropertyPlaceholders("{{warehouse.user:}}"),
                camel.resolvePropertyPlaceholders("{{warehouse.password:}}"),
                root.resolve(camel.resolvePropertyPlaceholders("{{warehouse.embedded.data:data/warehouse}}")),
                Integer.parseInt(camel.resolvePropertyPlaceholders("{{warehouse.embedded.port:25432}}")),
                Integer.parseInt(camel.resolvePropertyPlaceholders("{{warehouse.pool-size:20}}")),
                root.resolve("sql/schema"));
    }

    /** Whether the embedded server is used, because no {@code warehouse.url} is set. */
    public boolean embedded() {
        return url == null || url.isBlank();
    }

    /** The same, where a server of ours answers already. */
    WarehouseSettings at(String address) {
        return new WarehouseSettings(address, "postgres", null, data, port, poolSize, migrations);
    }
}
