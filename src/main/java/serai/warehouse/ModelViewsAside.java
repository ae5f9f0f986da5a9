package serai.warehouse;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.function.Function;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/**
 * Takes the views of models down before each migration and puts them back after it, in the migration's transaction, so
 * that a migration may change what they read.
 */
final class ModelViewsAside extends BaseCallback {

    private final Function<Path, String> display;
    private DependentViews views;

    /** @param display a file as people name it */
    ModelViewsAside(Function<Path, String> display) {
        this.display = display;
    }

    @Override
    public boolean supports(Event event, Context context) {
        return event == Event.BEFORE_EACH_MIGRATE || event == Event.AFTER_EACH_MIGRATE;
    }

    @Override
    public void handle(Event event, Context context) {
        try {
            if (context.getConnection().getAutoCommit()) {
                // a statement that cannot run in a transaction changes no column
                return;
            }
            if (event == Event.BEFORE_EACH_MIGRATE) {
                views = DependentViews.dropModels(context.getConnection());
            } else {
                views.restoreThoseThatFit();
            }
        } catch (SQLException e) {
            Path file = Path.of(context.getMigrationInfo().getPhysicalLocation());
            throw new MigrationException(display.apply(file), null, "cannot be applied. " + e.getMessage(), e);
        }
    }
}
