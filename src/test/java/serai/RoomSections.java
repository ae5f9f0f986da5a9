package serai;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import serai.edits.EditSection;
import serai.room.Room;
import serai.room.RoomContext;
import serai.settings.Settings;
import serai.status.InstanceSection;
import serai.status.RouteSection;
import serai.status.Status;
import serai.status.StatusReader;
import serai.status.StatusSection;
import serai.testing.TestDatabase;

/** The status of a database as the page reads it, with the sections of all rooms, while no route runs. */
public final class RoomSections implements AutoCloseable {

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final Deque<Room> rooms = new ArrayDeque<>();
    private final StatusReader reader;

    /** Opens all rooms with these settings. */
    public RoomSections(TestDatabase database, Map<String, String> settings) {
        List<StatusSection> sections = new ArrayList<>();
        reader = new StatusReader(
                database.warehouse().dataSource(),
                () -> Stream.concat(
                                sections.stream(),
                                Stream.of(new RouteSection(), new EditSection(), new InstanceSection()))
                        .toList());
        RoomContext context = new RoomContext(camel, Settings.of(settings), database.warehouse(), Path.of("."), reader);
        for (Function<RoomContext, Room> open : Application.ROOMS) {
            Room room = open.apply(context);
            rooms.push(room);
            sections.addAll(room.statusSections());
        }
    }

    /** What reads the status. */
    public StatusReader reader() {
        return reader;
    }

    /** Reads the status as the page does. */
    public Status read() throws Exception {
        return reader.read(StatusReader.PAGE_ROWS);
    }

    @Override
    public void close() throws Exception {
        for (Room room : rooms) {
            room.close();
        }
        camel.close();
    }
}
