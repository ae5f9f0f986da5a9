package serai.warehouse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.output.ValidateOutput;
import org.flywaydb.core.internal.sqlscript.FlywaySqlScriptException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * A folder of Flyway migrations with a history of its own. Serai's are in {@code sql/schema}, those of operators and
 * analysts in {@code sql/migrations}: their numbers are independent, and an upgrade never meets them.
 */
final class Migrations {

    private static final String SHIPPED_HISTORY = "flyway_schema_history";
    private static final String OWN_HISTORY = "own_schema_history";
    /** Before the first migration, so that a history can begin in a schema that has tables. */
    private static final String BEFORE_ALL = "0";

    private final Path folder;
    private final String history;

    private Migrations(Path folder, String history) {
        this.folder = folder;
        this.history = history;
    }

    /** Serai's own, which create the schema {@code meta}. */
    static Migrations shipped(Path folder) {
        return new Migrations(folder, SHIPPED_HISTORY);
    }

    /** Those of operators and analysts; the folder need not exist. They run after {@link #shipped}. */
    static Migrations own(Path folder) {
        return new Migrations(folder, OWN_HISTORY);
    }

    /**
     * Applies what is new.
     *
     * @throws IllegalStateException when a migration fails, or one that was applied is changed or missing; the message
     *     names the file, the line and the fix
     */
    void apply(DataSource pool) {
        if (SchemaHistory.isCurrent(pool, folder, history)) {
            return;
        }
        try {
            Flyway flyway = flyway(pool);
            List<ValidateOutput> invalid = flyway.validateWithResult().invalidMigrations;
            if (!invalid.isEmpty()) {
                throw new IllegalStateException(
                        invalid.stream().map(this::mistake).collect(Collectors.joining("\n")));
            }
            flyway.migrate();
        } catch (FlywayException e) {
            throw new IllegalStateException(reason(e), e);
        }
    }

    /** Whether some are still to be applied. */
    boolean arePending(DataSource pool) {
        return !SchemaHistory.isCurrent(pool, folder, history)
                && flyway(pool).info().pending().length > 0;
    }

    private Flyway flyway(DataSource pool) {
        return Flyway.configure()
                // a lock in a transaction would make an index that is built concurrently wait for ever
                .configuration(
                        Map.of("flyway.postgresql.transactional.lock", String.valueOf(history.equals(SHIPPED_HISTORY))))
                .dataSource(pool)
                .defaultSchema("meta")
                .table(history)
                .createSchemas(true)
                .baselineOnMigrate(history.equals(OWN_HISTORY))
                .baselineVersion(BEFORE_ALL)
                .locations("filesystem:" + folder.toAbsolutePath())
                .failOnMissingLocations(history.equals(SHIPPED_HISTORY))
                .ignoreMigrationPatterns("*:pending", "*:future")
                .validateMigrationNaming(true)
                .load();
    }

    /** Where Flyway does not say which file it is, the file is missing. */
    private String mistake(ValidateOutput invalid) {
        String name = "V" + invalid.version + "__"
                + String.valueOf(invalid.description).replace(' ', '_') + ".sql";
        String file = invalid.filepath == null || invalid.filepath.isBlank()
                ? display(folder.resolve(name))
                : display(Path.of(invalid.filepath));
        if (invalid.errorDetails.errorCode == CoreErrorCode.CHECKSUM_MISMATCH) {
            return file
                    + " was changed after it was applied. Restore its text, and write the change as a new migration.";
        }
        if (invalid.errorDetails.errorCode == CoreErrorCode.APPLIED_VERSIONED_MIGRATION_NOT_RESOLVED) {
            return file + " was applied, and the file is missing. Restore it.";
        }
        if (invalid.errorDetails.errorCode == CoreErrorCode.RESOLVED_VERSIONED_MIGRATION_NOT_APPLIED) {
            return file + " is new, and its number is lower than one that was applied. Give it the next number.";
        }
        if (invalid.errorDetails.errorCode == CoreErrorCode.FAILED_VERSIONED_MIGRATION) {
            return file
                    + " failed half-way, because it has a statement that cannot run in a transaction. Undo what it did,"
                    + " then delete its row from meta." + history + ".";
        }
        return file + ": " + invalid.errorDetails.errorMessage;
    }

    private String reason(FlywayException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof FlywaySqlScriptException script && script.getCause() instanceof SQLException error) {
                Path file = Path.of(script.getResource().getAbsolutePathOnDisk());
                return display(file) + ", line " + line(script, error) + ": "
                        + ServerErrors.withoutValues(error).getMessage().replaceFirst("^ERROR: ", "")
                        + ". Correct the file and start again; nothing of it was applied.";
            }
        }
        return "The migrations in " + display(folder) + " cannot be applied: " + e.getMessage();
    }

    /** The line of the mistake: Flyway knows where its statement begins, PostgreSQL the place in the statement. */
    private static int line(FlywaySqlScriptException script, SQLException error) {
        ServerErrorMessage message = error instanceof PSQLException p ? p.getServerErrorMessage() : null;
        String statement = script.getStatement();
        int position = message == null ? 0 : Math.min(message.getPosition(), statement.length());
        return script.getLineNumber()
                + (int) statement
                        .substring(0, position)
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
    }

    /** {@code sql/migrations/V1__x.sql}: as people name it. */
    private String display(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        Path sql = folder.toAbsolutePath().normalize().getParent();
        return Files.isDirectory(sql) && absolute.startsWith(sql)
                ? sql.getFileName().resolve(sql.relativize(absolute)).toString()
                : absolute.toString();
    }
}
