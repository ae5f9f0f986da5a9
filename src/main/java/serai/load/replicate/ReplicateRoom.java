package serai.load.replicate;

import java.util.List;
import serai.edits.EditableFiles;
import serai.load.replicate.mapping.MappingFiles;
import serai.room.Room;
import serai.room.RoomContext;
import serai.settings.Setting;
import serai.settings.SettingType;

/** The room of replicated databases. It binds what the kamelet {@code replicate} uses. */
public final class ReplicateRoom implements Room {

    private static final Setting<String> URL = Setting.optional(
            "replicate.*.url",
            SettingType.address(SourceDatabase::requireAddress, ""),
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

    private final MappingFiles mappings;

    private ReplicateRoom(MappingFiles mappings) {
        this.mappings = mappings;
    }

    /** Opens the room; nothing is connected yet. */
    public static ReplicateRoom open(RoomContext opened) {
        String maskKey = opened.settings().get(MASK_KEY);
        ReplicationDatabases databases = new ReplicationDatabases(
                opened.warehouse(), opened.root(), opened.settings().texts(), maskKey);
        opened.camel().getRegistry().bind("replicationDatabases", databases);
        return new ReplicateRoom(new MappingFiles(maskKey == null || maskKey.isBlank() ? null : maskKey));
    }

    @Override
    public List<EditableFiles> editableFiles() {
        return List.of(mappings);
    }

    @Override
    public void close() {
        // routes end their sessions
    }
}
