package serai.load.replicate;

import java.util.List;
import serai.room.Room;
import serai.room.RoomContext;
import serai.settings.Setting;
import serai.settings.SettingType;

/** The room of replicated databases. It binds what the kamelet {@code replicate} uses. */
public final class ReplicateRoom implements Room {

    private static final Setting<String> URL = Setting.optional(
            "replicate.*.url",
            SettingType.address(ReplicateRoom::requireJdbc, ""),
            "JDBC address of a database that is replicated, such as jdbc:postgresql://db.example.org:5432/app. The star"
                    + " is the name that the route gives as 'database'.");
    private static final Setting<String> USER = Setting.optional(
            "replicate.*.user",
            SettingType.text(),
            "User of the address. It needs the attribute REPLICATION, and SELECT on the tables.");
    private static final Setting<String> PASSWORD =
            Setting.optional("replicate.*.password", SettingType.secret(), "Password of the user.");
    private static final Setting<String> MASK_KEY = Setting.optional(
            "replicate.mask-key",
            SettingType.secret(),
            "Key of salted hashes in mapping files, at least 16 characters. Keep it: with another one, the same value"
                    + " gets another hash.");

    /** The settings {@code replicate.*}. */
    public static final List<Setting<?>> SETTINGS = List.of(URL, USER, PASSWORD, MASK_KEY);

    private ReplicateRoom() {}

    private static String requireJdbc(String url) {
        return new SourceDatabase(url, "", "").url();
    }

    /** Opens the room; nothing is connected yet. */
    public static ReplicateRoom open(RoomContext opened) {
        ReplicationDatabases databases = new ReplicationDatabases(
                opened.warehouse(),
                opened.root(),
                opened.settings().texts(),
                opened.settings().get(MASK_KEY));
        opened.camel().getRegistry().bind("replicationDatabases", databases);
        opened.camel().addComponent("change-log", new ChangeLogComponent(opened.warehouse()));
        return new ReplicateRoom();
    }

    @Override
    public void close() {
        // routes end their sessions
    }
}
