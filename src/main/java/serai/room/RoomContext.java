package serai.room;

import java.nio.file.Path;
import org.apache.camel.CamelContext;
import serai.warehouse.Warehouse;

/**
 * What a room is opened with.
 *
 * @param camel the context that routes will run in; settings can be resolved, nothing has started yet
 * @param warehouse open and migrated
 * @param root the project's folder, with {@code routes/} and {@code sql/}
 */
public record RoomContext(CamelContext camel, Warehouse warehouse, Path root) {}
