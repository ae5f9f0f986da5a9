package serai.load.metabase;

import org.apache.camel.component.http.HttpClientConfigurer;
import serai.load.LoadRoom;
import serai.metabase.MetabaseClient;
import serai.room.Room;
import serai.room.RoomContext;

/** The room of imports from Metabase. It binds the clients that the kamelet {@code metabase-report} uses. */
public final class MetabaseRoom implements Room {

    private final MetabaseClient client;

    private MetabaseRoom(MetabaseClient client) {
        this.client = client;
    }

    /** Opens the room with the settings {@code metabase.*}; the room {@code load} must be open. */
    public static MetabaseRoom open(RoomContext opened) {
        MetabaseClient client = MetabaseClient.of(opened.camel(), opened.settings(), opened.warehouse());
        var beans = opened.camel().getRegistry();
        beans.bind("metabase", client);
        beans.bind(
                "metabaseDownloads",
                HttpClientConfigurer.class,
                LoadRoom.compressed(opened.settings(), client.downloads(LoadRoom.bounds(opened.settings()))));
        return new MetabaseRoom(client);
    }

    @Override
    public void close() {
        client.close();
    }
}
