package serai;

import java.util.List;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.http.HttpComponent;
import serai.command.CommandContext;
import serai.edits.Edits;
import serai.edits.Refusal;
import serai.load.LoadRoom;
import serai.room.Room;
import serai.room.RoomContext;
import serai.status.StatusReader;
import serai.warehouse.Warehouse;

/** Starts the route of one source within a command, while no process runs: that imports it. */
final class ImportHere {

    private ImportHere() {}

    /** Begins the import. The route is stopped at the end of the command. */
    static void begin(CommandContext context, String source) throws Exception {
        CamelContext camel = context.camel();
        Warehouse warehouse = context.warehouse();
        RoomContext opened = new RoomContext(
                camel,
                context.settings(),
                warehouse,
                context.root(),
                new StatusReader(warehouse.dataSource(), List::of));
        LoadRoom load = context.closeAtEnd(LoadRoom.open(opened));
        for (Function<RoomContext, Room> room : Application.SOURCES) {
            context.closeAtEnd(room.apply(opened));
        }
        // the component was configured before the room was opened
        camel.getComponent("http", HttpComponent.class)
                .setHttpClientConfigurer(
                        camel.getRegistry().lookupByNameAndType("boundedReplies", HttpClientConfigurer.class));
        context.startedCamel();
        List<Refusal> refusals =
                Edits.startRoute(camel, context.settings(), warehouse, context.root(), source, load.routeClaims());
        if (!refusals.isEmpty()) {
            throw new IllegalStateException(
                    refusals.get(0).file() + ": " + refusals.get(0).reason());
        }
        load.importNow(source);
    }
}
