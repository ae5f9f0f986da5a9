package serai.refresh;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.apache.camel.Processor;
import serai.edits.EditableFiles;
import serai.request.RequestHandler;
import serai.room.Room;
import serai.room.RoomContext;
import serai.settings.Setting;
import serai.status.StatusSection;
import serai.status.StatusSettings;

/** Opens the refresh of the models, and stops it. */
public final class RefreshRoom implements Room {

    /** The settings {@code refresh.*}. */
    public static final List<Setting<?>> SETTINGS = RefreshSettings.ALL;

    private final SqlFiles files;
    private final CaseFiles cases = new CaseFiles();
    private final SourcesFile sources;
    private final Refresh refresh;
    private final List<RequestHandler> requests;
    private final Duration within;

    private RefreshRoom(
            SqlFiles files, SourcesFile sources, Refresh refresh, List<RequestHandler> requests, Duration within) {
        this.within = within;
        this.files = files;
        this.sources = sources;
        this.refresh = refresh;
        this.requests = requests;
    }

    /** Reads the settings {@code refresh.*} and binds the processor {@code refresh-models}. */
    public static RefreshRoom open(RoomContext context) {
        SqlFiles files = new SqlFiles(context.warehouse());
        Refresh refresh =
                new Refresh(context.warehouse(), files, RefreshSettings.of(context.settings()), Clock.systemUTC());
        context.camel().getRegistry().bind("refresh-models", (Processor) exchange -> refresh.run());
        return new RefreshRoom(
                files,
                new SourcesFile(context.warehouse()),
                refresh,
                List.of(new RefreshRequests(refresh), new RebuildRequests(refresh)),
                StatusSettings.of(context.settings()).modelsWithin());
    }

    @Override
    public List<EditableFiles> editableFiles() {
        return List.of(files, sources, cases);
    }

    @Override
    public List<RequestHandler> requestHandlers() {
        return requests;
    }

    @Override
    public List<StatusSection> statusSections() {
        return List.of(new QueueSection(within), new ModelSection(within));
    }

    @Override
    public void close() {
        refresh.stop();
    }
}
