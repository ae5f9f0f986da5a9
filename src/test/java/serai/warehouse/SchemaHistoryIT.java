package serai.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.testing.TestDatabase;

class SchemaHistoryIT {

    private static final String HISTORY = "flyway_schema_history";

    @TempDir
    Path migrations;

    private final TestDatabase database = new TestDatabase();

    @BeforeEach
    void copyMigrations() throws Exception {
        FileUtils.copyDirectory(Path.of("sql/schema").toFile(), migrations.toFile());
    }

    @AfterEach
    void close() {
        database.close();
    }

    private boolean isCurrent() {
        return SchemaHistory.isCurrent(database.warehouse().dataSource(), migrations, HISTORY);
    }

    @Test
    void aMigratedSchemaIsCurrentAsFlywayRecordedIt() {
        assertThat(isCurrent()).isTrue();
    }

    @Test
    void aSchemaIsNotCurrentWhenAMigrationIsNewMissingOrChanged() throws Exception {
        Path added = Files.writeString(migrations.resolve("V999__later.sql"), "select 1;\n");
        assertThat(isCurrent()).isFalse();
        Files.delete(added);
        assertThat(isCurrent()).isTrue();

        Path first = migrations.resolve("V001__meta.sql");
        String text = Files.readString(first);
        Files.writeString(first, text + "-- changed\n");
        assertThat(isCurrent()).isFalse();
        Files.delete(first);
        assertThat(isCurrent()).isFalse();
        // Flyway counts lines, and not how they end
        Files.writeString(first, text.replace("\n", "\r\n"));
        assertThat(isCurrent()).isTrue();
    }

    @Test
    void aSchemaIsNotCurrentWhenAMigrationFailed() {
        assertThat(isCurrent()).isTrue();
        database.execute("update meta.flyway_schema_history set success = false where version = '001'");
        assertThat(isCurrent()).isFalse();
    }

    @Test
    void anEmptyDatabaseIsNotCurrent() {
        try (TestDatabase empty = TestDatabase.empty();
                HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(empty.url());
            pool.setUsername("postgres");
            assertThat(SchemaHistory.isCurrent(pool, migrations, HISTORY)).isFalse();
        }
    }
}
