package serai.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import org.junit.jupiter.api.Test;
import serai.testing.TestDatabase;

/** A server whose defaults are others: the hashes of rows, and what statements mean, stay the same. */
class ServerSettingsIT {

    private static final String[][] DEFAULTS = {
        {"timezone", "Asia/Tokyo"},
        {"datestyle", "SQL, DMY"},
        {"intervalstyle", "iso_8601"},
        {"bytea_output", "escape"},
        {"extra_float_digits", "-5"},
        {"lc_monetary", "C.UTF-8"},
        {"xmloption", "document"},
        {"xmlbinary", "hex"},
        {"array_nulls", "off"},
        {"transform_null_equals", "on"},
        {"quote_all_identifiers", "on"},
        {"standard_conforming_strings", "off"},
        {"backslash_quote", "off"},
        {"default_transaction_isolation", "serializable"},
        // the last one: with it, nothing more can be set
        {"default_transaction_read_only", "on"},
    };

    private static final String ROW = """
            select row(timestamptz '2026-03-01 10:00Z', date '2026-03-04', interval '1 day 02:00', '\\x00ff'::bytea,
              1.1::float8 / 3, 2.5::money, '{a,NULL}'::text[], null = 1, 'a\\b', time '10:00',
              pg_get_viewdef('landing.odd'::regclass))::text as row""";

    @Test
    void rowsHaveTheSameTextWhateverTheServersDefaultsAre() throws Exception {
        try (TestDatabase database = new TestDatabase()) {
            database.execute("create view landing.odd as select user_id from landing.users");
            String before = read(database);
            String name = database.value("select current_database()");
            for (String[] setting : DEFAULTS) {
                database.execute("alter database " + name + " set " + setting[0] + " = '" + setting[1] + "'");
            }
            assertThat(read(database)).isEqualTo(before);
        }
    }

    private static String read(TestDatabase database) throws Exception {
        try (Warehouse warehouse = Warehouse.open(database.settings());
                Connection connection = warehouse.dataSource().getConnection()) {
            Sql sql = Sql.on(connection);
            assertThat(sql.update("update landing.users set country = 'GB'")).isZero();
            return sql.first(ROW, row -> row.text("row")).orElseThrow();
        }
    }
}
