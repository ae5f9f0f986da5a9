package serai.warehouse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.output.ValidateOutput;
import org.flywaydb.core.internal.sqlscript.FlywaySqlScriptException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of Flyway migrations with a history of its own. Serai's are in {@code sql/schema}, those of operators and
 * analysts in {@code sql/migrations}: their numbers are independent, and an upgrade never meets them.
 */
final class Migrations {

    private static final String SHIPPED_HISTORY = "flyway_schema_history";
    private static final String OWN_HISTORY = "own_schema_history";
    /** Before the first migration, so that a history can begin in a schema that has tables. */
    private static final String BEFORE_ALL = "0";

    /** Dependent objects still exist; a column is used by a view. */
    private static final Set<String> NEEDED_BY_OTHERS = Set.of("2BP01", "0A000");

    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);

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
     * @throws MigrationException when a migration fails, or one that was applied is changed or missing; the message
     *     names the file, the line and the fix
     */
    void apply(DataSource pool) {
        if (SchemaHistory.isCurrent(pool, folder, history)) {
            return;
        }
        try {
            Flyway flyway = flyway(pool).load();
            List<ValidateOutput> invalid = flyway.validateWithResult().invalidMigrations;
            if (!invalid.isEmpty()) {
                throw mistake(invalid);
            }
            migrate(pool, flyway);
        } catch (FlywayException e) {
            throw reason(e);
        }
    }

    private void migrate(DataSource pool, Flyway flyway) {
        try {
            flyway.migrate();
        } catch (FlywayException e) {
            if (history.equals(SHIPPED_HISTORY) || !isNeededByOthers(e)) {
                throw e;
            }
            LOG.info("Views read what a migration changes. It is repeated with the views of models taken down.");
            flyway(pool).callbacks(new ModelViewsAside(this::display)).load().migrate();
        }
    }

    /** Whether the server refused a statement because other objects, such as views, need what it changes. */
    private static boolean isNeededByOthers(FlywayException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException error && NEEDED_BY_OTHERS.contains(String.valueOf(error.getSQLState()))) {
                return true;
            }
        }
        return false;
    }

    /** Whether some are still to be applied. */
    boolean arePending(DataSource pool) {
        return !SchemaHistory.isCurrent(pool, folder, history)
                && flyway(pool).load().info().pending().length > 0;
    }

    private FluentConfiguration flyway(DataSource pool) {
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
                .validateMigrationNaming(true);
    }

    private MigrationException mistake(List<ValidateOutput> invalid) {
        String others = invalid.stream()
                .skip(1)
                .map(next -> "\n" + file(next) + " " + mistake(next))
                .collect(Collectors.joining());
        return new MigrationException(file(invalid.get(0)), null, mistake(invalid.get(0)) + others, null);
    }

    /** Where Flyway does not say which file it is, the file is missing. */
    private String file(ValidateOutput invalid) {
        String name = "V" + invalid.version + "__"
                + String.valueOf(invalid.description).replace(' ', '_') + ".sql";
        return invalid.filepath == null || invalid.filepath.isBlank()
                ? display(folder.resolve(name))
                : display(Path.of(invalid.filepath));
    }

    private String mistake(ValidateOutput invalid) {
        if (invalid.errorDetails.errorCode == CoreErrorCode.CHECKSUM_MISMATCH) {
            return "was changed after it was applied. Restore its text, and write the change as a new migration.";
        }
        if (invalid.errorDetails.errorCode == CoreErrorCode.APPLIED_VERSIONED_MIGRATION_NOT_RESOLVED) {
            return "was applied, and the file is missing. Restore it.";
        }
        if (invalid.errorDetails.errorCode == CoreErrorCode.RESOLVED_VERSIONED_MIGRATION_NOT_APPLIED) {
            return "is new, and its number is lower than one that was applied. Give it the next number.";
        }
        if (invalid.errorDetails.errorCode == CoreErrorCode.FAILED_VERSIONED_MIGRATION) {
            return "failed half-way, because it has a statement that cannot run in a transaction. Undo what it did,"
                    + " then delete its row from meta." + history + ".";
        }
        return "cannot be applied: " + invalid.errorDetails.errorMessage;
    }

    private IllegalStateException reason(FlywayException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof MigrationException known) {
                return known;
            }
            if (cause instanceof FlywaySqlScriptException script && script.getCause() instanceof SQLException error) {
                Path file = Path.of(script.getResource().getAbsolutePathOnDisk());
                return new MigrationException(
                        display(file),
                        line(script, error),
                        ServerErrors.withoutValues(error).getMessage().replaceFirst("^ERROR: ", "")
                                + ". Correct the file and start again; nothing of it was applied.",
                        e);
            }
        }
        return new IllegalStateException(
                "The migrations in " + display(folder) + " cannot be applied: " + e.getMessage(), e);
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
