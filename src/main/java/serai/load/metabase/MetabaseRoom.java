package serai.load.metabase;

import serai.load.Imports;
import serai.metabase.MetabaseClient;
import serai.room.Room;
import serai.room.RoomContext;

/** The room of imports from Metabase. It binds the bean of the kamelet {@code metabase-report}. */
public final class MetabaseRoom implements Room {

    private final MetabaseClient client;

    private MetabaseRoom(MetabaseClient client) {
        this.client = client;
    }

    /** Opens the room with the settings {@code metabase.*}; the room {@code load} must be open. */
    public static MetabaseRoom open(RoomContext opened) {
        MetabaseClient client = MetabaseClient.of(opened.camel(), opened.settings(), opened.warehouse());
        Imports imports = opened.camel().getRegistry().findSingleByType(Imports.class);
        opened.camel().getRegistry().bind("metabaseReport", new MetabaseReport(opened.camel(), imports, client));
        return new MetabaseRoom(client);
    }

    @Override
    public void close() {
        client.close();
    }
}
