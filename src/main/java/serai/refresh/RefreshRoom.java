package serai.refresh;

import java.time.Clock;
import java.util.List;
import serai.edits.EditableFiles;
import serai.request.RequestHandler;
import serai.room.Room;
import serai.room.RoomContext;
import serai.settings.Setting;

/** Opens the refresh of the models, and stops it. */
public final class RefreshRoom implements Room {

    /** The settings {@code refresh.*}. */
    public static final List<Setting<?>> SETTINGS = RefreshSettings.ALL;

    private final SqlFiles files;
    private final Refresh refresh;
    private final RequestHandler requests;

    private RefreshRoom(SqlFiles files, Refresh refresh, RequestHandler requests) {
        this.files = files;
        this.refresh = refresh;
        this.requests = requests;
    }

    /** Reads the settings {@code refresh.*} and binds the bean {@code refresh}, a {@link Refresh}. */
    public static RefreshRoom open(RoomContext context) {
        SqlFiles files = new SqlFiles(context.warehouse());
        Refresh refresh =
                new Refresh(context.warehouse(), files, RefreshSettings.of(context.settings()), Clock.systemUTC());
        context.camel().getRegistry().bind("refresh", refresh);
        return new RefreshRoom(files, refresh, new RefreshRequests(refresh));
    }

    @Override
    public List<EditableFiles> editableFiles() {
        return List.of(files);
    }

    @Override
    public List<RequestHandler> requestHandlers() {
        return List.of(requests);
    }

    @Override
    public void close() {
        refresh.stop();
    }
}
