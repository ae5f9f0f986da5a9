package serai.warehouse;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.sql.DataSource;

/**
 * Compares a folder of migrations with Flyway's own table. At most starts nothing is to be migrated, and loading and
 * running Flyway would take a large part of the start.
 */
final class SchemaHistory {

    private SchemaHistory() {}

    /**
     * Whether exactly the migrations of a folder were applied, with their present text. Otherwise, and when it cannot
     * be decided, Flyway has to run: it migrates, or names what is wrong.
     */
    static boolean isCurrent(DataSource pool, Path migrations, String history) {
        try (Connection c = pool.getConnection()) {
            return applied(c, history).equals(present(migrations));
        } catch (SQLException | IOException e) {
            return false;
        }
    }

    private static Map<String, Integer> applied(Connection c, String history) throws SQLException {
        boolean known = Sql.on(c)
                .first("select to_regclass(?) as name", row -> row.text("name"), "meta." + history)
                .isPresent();
        Map<String, Integer> checksums = new TreeMap<>();
        if (known) {
            // one of a type other than SQL is Flyway's own, such as the creation of the schema
            String rows = "select script, checksum from meta." + history
                    + " where success and type = 'SQL' order by installed_rank";
            Sql.on(c).each(rows, row -> checksums.put(row.text("script"), (int) row.number("checksum")));
        }
        return checksums;
    }

    private static Map<String, Integer> present(Path migrations) throws IOException {
        Map<String, Integer> checksums = new TreeMap<>();
        if (!Files.exists(migrations)) {
            return checksums;
        }
        try (Stream<Path> files = Files.walk(migrations)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".sql")).toList()) {
                checksums.put(migrations.relativize(file).toString().replace('\\', '/'), checksum(file));
            }
        }
        return checksums;
    }

    /** As Flyway calculates it: the CRC-32 of the lines without their ends. */
    private static int checksum(Path file) throws IOException {
        CRC32 crc = new CRC32();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                crc.update(line.getBytes(StandardCharsets.UTF_8));
            }
        }
        return (int) crc.getValue();
    }
}
