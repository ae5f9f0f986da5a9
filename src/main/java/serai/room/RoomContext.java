package serai.room;

import java.nio.file.Path;
import org.apache.camel.CamelContext;
import serai.settings.Settings;
import serai.status.StatusReader;
import serai.warehouse.Warehouse;

/**
 * What a room is opened with.
 *
 * @param camel the context that routes will run in; settings can be resolved, nothing has started yet
 * @param settings the settings, checked
 * @param warehouse open and migrated
 * @param root the project's folder, with {@code routes/} and {@code sql/}
 * @param status reads the rows that all rooms publish
 */
public record RoomContext(CamelContext camel, Settings settings, Warehouse warehouse, Path root, StatusReader status) {}
