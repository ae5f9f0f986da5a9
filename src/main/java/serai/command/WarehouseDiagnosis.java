package serai.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import serai.warehouse.Sql;
import serai.warehouse.WarehouseSettings;

/** Whether the warehouse can be reached, has the tables of this version, and gives the rights that Serai needs. */
public final class WarehouseDiagnosis {

    private static final String CHECK = "warehouse";

    private WarehouseDiagnosis() {}

    /** Connects as commands do: to the server of a running instance, if there is one. */
    public static List<DoctorFinding> look(CommandContext context) throws Exception {
        WarehouseSettings settings = WarehouseSettings.of(context.settings(), context.root());
        if (settings.url().isBlank()) {
            Path folder = settings.data().toAbsolutePath();
            if (!isWritable(folder)) {
                return List.of(DoctorFinding.problem(
                        CHECK,
                        "the folder " + folder + " cannot be written",
                        "give its user the right, or set warehouse.embedded.data"));
            }
            if (!Files.isRegularFile(folder.resolve("postgres").resolve("PG_VERSION"))) {
                return List.of(
                        DoctorFinding.ok(CHECK, "an embedded PostgreSQL is made in " + folder + " at the first start"));
            }
        }
        try (Connection connection = context.warehouse().dataSource().getConnection()) {
            String version = Sql.on(connection)
                    .first("show server_version", row -> row.text("server_version"))
                    .orElseThrow();
            DoctorFinding reached = DoctorFinding.ok(
                    CHECK, "PostgreSQL " + version + " is reached, and has the tables of this version");
            return List.of(reached, rights(connection));
        } catch (IllegalStateException e) {
            return List.of(DoctorFinding.problem(
                    CHECK, e.getMessage(), "check the settings warehouse.*, and that PostgreSQL runs"));
        }
    }

    private static DoctorFinding rights(Connection connection) throws Exception {
        List<String> missing = Sql.on(connection).list("""
                select 'create on database ' || current_database() as missing
                where not has_database_privilege(current_database(), 'create')
                union all
                select 'create on schema ' || nspname from pg_namespace
                where nspname in ('meta', 'landing', 'staging', 'star', 'report')
                  and not has_schema_privilege(oid, 'create')""", row -> row.text("missing"));
        return missing.isEmpty()
                ? DoctorFinding.ok("rights", "the user of the warehouse may create schemas and tables")
                : DoctorFinding.problem(
                        "rights",
                        "the user of the warehouse lacks: " + String.join(", ", missing),
                        "grant them to the user that warehouse.user names");
    }

    /** Whether a folder can be written, or be made. */
    private static boolean isWritable(Path folder) {
        Path existing = folder;
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        return existing != null && Files.isDirectory(existing) && Files.isWritable(existing);
    }
}
