package serai.load.ga4;

import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.room.Room;
import serai.room.RoomContext;
import serai.settings.Setting;

/** The room of imports from Google Analytics. It binds what the kamelet {@code ga4-report} uses. */
public final class Ga4Room implements Room {

    /** The settings {@code ga4.*}. */
    public static final List<Setting<?>> SETTINGS = Ga4Client.SETTINGS;

    private static final Logger LOG = LoggerFactory.getLogger(Ga4Room.class);

    private final Ga4Client client;

    private Ga4Room(Ga4Client client) {
        this.client = client;
    }

    /** Opens the room with the settings {@code ga4.*}; the room {@code load} must be open. Nothing is requested yet. */
    public static Ga4Room open(RoomContext opened) {
        Ga4Client client = new Ga4Client(
                opened.settings(), opened.warehouse(), () -> opened.camel().isStopping());
        opened.camel()
                .getRegistry()
                .bind(
                        "ga4",
                        new Ga4Reports(
                                client,
                                new Ga4Days(opened.warehouse()),
                                opened.root().resolve("data")));
        return new Ga4Room(client);
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            LOG.debug("The client of Google Analytics did not close cleanly: {}", e.getMessage());
        }
    }
}
