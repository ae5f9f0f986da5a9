package serai.load.replicate;

import java.nio.file.Path;
import java.util.List;
import serai.edits.EditableFiles;
import serai.load.replicate.mapping.MappingFiles;
import serai.room.Room;
import serai.room.RoomContext;
import serai.settings.Setting;
import serai.settings.SettingType;
import serai.settings.Settings;
import serai.status.StatusSection;
import serai.warehouse.Warehouse;

/** The room of replicated databases. It binds what the kamelet {@code replicate} uses. */
public final class ReplicateRoom implements Room {

    private static final Setting<String> URL = Setting.optional(
            "replicate.*.url",
            SettingType.address(SourceDatabase::requireAddress, ""),
            "JDBC address of a database that is replicated, such as jdbc:postgresql://db.example.org:5432/app or"
                    + " jdbc:mariadb://db.example.org:3306/. The star is the name that the route gives as 'database'.");
    private static final Setting<String> USER = Setting.optional(
            "replicate.*.user",
            SettingType.text(),
            "User of the address. It needs the right to read the log (REPLICATION, in MariaDB REPLICATION SLAVE and"
                    + " BINLOG MONITOR), and SELECT on the tables.");
    private static final Setting<String> PASSWORD =
            Setting.optional("replicate.*.password", SettingType.secret(), "Password of the user.");
    private static final Setting<String> MASK_KEY = Setting.optional(
            "replicate.mask-key",
            SettingType.secret(),
            "Key of salted hashes in mapping files, at least 16 characters. Keep it: with another one, the same value"
                    + " gets another hash.");

    private static final Setting<Long> RETAINED_WARN = Setting.of(
            "replicate.retained-warn",
            SettingType.number(1, 1L << 50),
            "10000000000",
            "Log that a database may keep for Serai, in bytes, before its disk counts as at risk.");

    private static final Setting<String> AUDIT_COLUMNS = Setting.of(
            "replicate.audit-columns",
            SettingType.text(),
            "created_date, created_by, last_modified_date, last_modified_by",
            "Columns that each table of a replicated database should have; the page counts those that lack one. 'none'"
                    + " for no such check.");

    /** The settings {@code replicate.*}. */
    public static final List<Setting<?>> SETTINGS =
            List.of(URL, USER, PASSWORD, MASK_KEY, RETAINED_WARN, AUDIT_COLUMNS);

    private final MappingFiles mappings;

    private ReplicateRoom(MappingFiles mappings) {
        this.mappings = mappings;
    }

    /** Opens the room; nothing is connected yet. */
    public static ReplicateRoom open(RoomContext opened) {
        ReplicationDatabases databases = databases(opened.settings(), opened.root(), opened.warehouse());
        opened.camel().getRegistry().bind("replicationDatabases", databases);
        return new ReplicateRoom(new MappingFiles(databases.maskKey()));
    }

    /** @param warehouse null for a command, which starts no route */
    static ReplicationDatabases databases(Settings settings, Path root, Warehouse warehouse) {
        String maskKey = settings.get(MASK_KEY);
        return new ReplicationDatabases(
                warehouse,
                root,
                settings.texts(),
                maskKey == null || maskKey.isBlank() ? null : maskKey,
                settings.get(RETAINED_WARN),
                auditColumns(settings.get(AUDIT_COLUMNS)));
    }

    private static List<String> auditColumns(String names) {
        return names.strip().equals("none") ? List.of() : List.of(names.strip().split("\\s*,\\s*"));
    }

    @Override
    public List<EditableFiles> editableFiles() {
        return List.of(mappings);
    }

    @Override
    public List<StatusSection> statusSections() {
        return List.of(new ReplicationSection());
    }

    @Override
    public void close() {
        // routes end their sessions
    }
}
