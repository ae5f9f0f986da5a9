package serai.watch.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.testing.TestDatabase;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;
import serai.warehouse.WarehouseSettings;

class NotifiedMigrationIT {

    private static final String FIRST_WITH_NEW_NAMES = "V010";

    @TempDir
    private Path older;

    @Test
    void aWarehouseOfAnOlderVersionKeepsItsRowsRightsAndViews() throws Exception {
        TestDatabase database = TestDatabase.empty();
        try (Warehouse warehouse = Warehouse.open(olderVersion(database));
                Connection c = warehouse.dataSource().getConnection()) {
            Sql.on(c).execute("""
                    insert into meta.told (identity, told_at) values ('a', '2024-03-01T12:00:00Z');
                    insert into meta.matches (rule, found_at, event_at, told, correlated, match)
                      values ('r', now(), now(), true, false, '{}');
                    insert into meta.rules (rule, type, file, trouble_told) values ('r', 'any', 'r.yaml', true);
                    grant select on meta.told to pg_monitor;
                    create view report.told_by_day as select told_at::date as day, count(*) as told from meta.told group by 1""");
        }
        try (Warehouse warehouse = database.warehouse();
                Connection c = warehouse.dataSource().getConnection()) {
            assertThat(texts(c, "select identity || ' ' || notified_at as text from meta.notified"))
                    .containsExactly("a 2024-03-01 12:00:00+00");
            assertThat(texts(c, "select notified as text from meta.matches")).containsExactly("t");
            assertThat(texts(c, "select name as text from meta.troubles where section = 'rules'"))
                    .containsExactly("r");
            assertThat(texts(c, "select has_table_privilege('pg_monitor', 'meta.notified', 'select') as text"))
                    .containsExactly("t");
            assertThat(texts(c, "select day || ' ' || told as text from report.told_by_day"))
                    .containsExactly("2024-03-01 1");
            assertThat(texts(c, """
                            select indexname as text from pg_indexes where schemaname = 'meta' and tablename = 'notified'
                            order by 1""")).containsExactly("notified_by_time", "notified_pkey");
        }
    }

    private WarehouseSettings olderVersion(TestDatabase database) throws IOException {
        WarehouseSettings now = database.settings();
        try (Stream<Path> files = Files.list(now.migrations())) {
            for (Path file : files.toList()) {
                if (file.getFileName().toString().compareTo(FIRST_WITH_NEW_NAMES) < 0) {
                    Files.copy(file, older.resolve(file.getFileName()));
                }
            }
        }
        return new WarehouseSettings(database.url(), "postgres", "", null, 0, 10, Duration.ofSeconds(15), older);
    }

    private static List<String> texts(Connection c, String query) throws SQLException {
        return Sql.on(c).list(query, row -> row.text("text"));
    }
}
