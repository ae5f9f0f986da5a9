package serai.demo.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;
import serai.demo.EmbeddedPassword;
import serai.demo.SeraiProcess;
import serai.warehouse.Row;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;
import serai.warehouse.WarehouseSettings;

/**
 * A file of a million rows that is dropped into the folder of the shipped route load-marketing-spend, against psql's
 * {@code \copy} into a temporary table and {@code insert ... on conflict do update} of the same rows: rows that are
 * new, and rows that all differ from those in the table. Each pair is measured three times, in turn; the figures are
 * medians. Then four million rows, for memory.
 */
final class FileUpsert {

    private static final int ROUNDS = 3;
    private static final int ROWS = 1_000_000;
    private static final int MORE_ROWS = 4_000_000;
    private static final String MERGE = """
            insert into landing.peer select * from staged
            on conflict (spend_date, campaign) do update set spend = excluded.spend, currency = excluded.currency,
              impressions = excluded.impressions, clicks = excluded.clicks
            where (peer.spend, peer.currency, peer.impressions, peer.clicks)
              is distinct from (excluded.spend, excluded.currency, excluded.impressions, excluded.clicks);""";

    private final Path folder = Path.of("target", "bench", "upsert-rows").toAbsolutePath();
    private final Path inbox = folder.resolve("inbox");

    void run() throws Exception {
        FileUtils.deleteDirectory(folder.toFile());
        project();
        int port = SeraiProcess.freePort();
        WarehouseSettings settings = new WarehouseSettings(
                "", "", "", folder.resolve("warehouse"), port, 5, Duration.ofSeconds(15), folder.resolve("sql/schema"));
        try (Warehouse warehouse = Warehouse.open(settings);
                Connection c = warehouse.dataSource().getConnection()) {
            String password = EmbeddedPassword.of(folder.resolve("warehouse"));
            try (SeraiProcess serai = Bench.startJar(
                    folder,
                    Map.of(
                            "warehouse.url",
                            "jdbc:postgresql://127.0.0.1:" + port + "/postgres",
                            "warehouse.user",
                            "postgres",
                            "warehouse.password",
                            password,
                            "load.marketing-spend.inbox",
                            inbox.toString()))) {
                measure(c, serai, new Psql(folder, port, password));
            }
        }
    }

    private void measure(Connection c, SeraiProcess serai, Psql psql) throws Exception {
        Sql.on(c).execute("create table landing.peer (like landing.marketing_spend including all)");
        // the first file is not measured: classes are loaded, and the route has started
        serai(c, serai, csv("first", 1_000, 0));
        double[][] seconds = new double[4][ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            empty(c);
            for (int version = 1; version <= 2; version++) {
                Path file = csv("round-" + round + "-" + version, ROWS, version);
                checkpoint(c);
                seconds[2 * version - 2][round] = psql.seconds(merge(file));
                checkpoint(c);
                seconds[2 * version - 1][round] = serai(c, serai, file);
            }
            System.out.printf(
                    "round %d: new rows psql %.2f s, Serai %.2f s; other values psql %.2f s, Serai %.2f s%n",
                    round + 1, seconds[0][round], seconds[1][round], seconds[2][round], seconds[3][round]);
        }
        double memory = Processes.residentMegabytes(serai.pid(), "VmHWM");
        empty(c);
        Path large = csv("large", MORE_ROWS, 1);
        double bytes = Files.size(large);
        double more = serai(c, serai, large);
        double[] rate = new double[4];
        for (int i = 0; i < 4; i++) {
            rate[i] = ROWS / Bench.median(seconds[i]);
        }
        Bench.figure("upsert-rows.file", bytes / 1e6 * ROWS / MORE_ROWS, "MB");
        Bench.figure("upsert-rows.new.psql", rate[0], "rows/s");
        Bench.figure("upsert-rows.new.serai", rate[1], "rows/s");
        Bench.figure("upsert-rows.new.ratio", rate[1] / rate[0], "x");
        Bench.figure("upsert-rows.changed.psql", rate[2], "rows/s");
        Bench.figure("upsert-rows.changed.serai", rate[3], "rows/s");
        Bench.figure("upsert-rows.changed.ratio", rate[3] / rate[2], "x");
        Bench.figure("upsert-rows.four-million.serai", MORE_ROWS / more, "rows/s");
        Bench.figure("upsert-rows.memory-after-1000000-rows", memory, "MB");
        Bench.figure("upsert-rows.memory-after-4000000-rows", Processes.residentMegabytes(serai.pid(), "VmHWM"), "MB");
    }

    private static String[] merge(Path file) {
        return new String[] {
            "begin;",
            "create temporary table staged (like landing.peer) on commit drop;",
            "\\copy staged from '" + file + "' with (format csv, header)",
            MERGE,
            "commit;"
        };
    }

    /** Time from the moment at which the file is in the folder to the rows that another session sees. */
    private double serai(Connection c, SeraiProcess serai, Path file) throws Exception {
        long before = lastLoad(c);
        Files.createDirectories(inbox);
        // it is taken at once: its last change was long ago
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3600)));
        long start = System.nanoTime();
        Files.move(file, inbox.resolve(file.getFileName()));
        while (lastLoad(c) == before) {
            serai.requireAlive();
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static long lastLoad(Connection c) throws SQLException {
        return Sql.on(c).first("""
                select coalesce(max(run_id) filter (where status = 'ok'), 0) as last,
                  max(error) filter (where status in ('held', 'failed')) as error
                from meta.runs where source = 'load-marketing-spend'""", FileUpsert::succeeded).orElseThrow();
    }

    private static long succeeded(Row row) throws SQLException {
        if (row.text("error") != null) {
            throw new IllegalStateException("A load did not succeed: " + row.text("error"));
        }
        return row.number("last");
    }

    private static void checkpoint(Connection c) throws SQLException {
        Sql.on(c).execute("checkpoint");
    }

    private static void empty(Connection c) throws SQLException {
        Sql.on(c).execute("truncate landing.marketing_spend, landing.peer, meta.loaded_files, meta.dirty");
    }

    private void project() throws IOException {
        FileUtils.copyDirectory(
                Path.of("sql/schema").toFile(), folder.resolve("sql/schema").toFile());
        for (String file : new String[] {
            "application.properties",
            "routes/_errors.camel.yaml",
            "routes/kamelets/upsert-rows.kamelet.yaml",
            "routes/load/load-marketing-spend.camel.yaml"
        }) {
            FileUtils.copyFile(Path.of(file).toFile(), folder.resolve(file).toFile());
        }
    }

    /** A file of the same keys for each version, and other values. */
    private Path csv(String name, int rows, int version) throws IOException {
        Path file = folder.resolve(name + ".csv");
        LocalDate first = LocalDate.of(2026, 1, 1);
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write("spend_date,campaign,spend,currency,impressions,clicks\n");
            for (int i = 0; i < rows; i++) {
                out.write(first.plusDays(i % 30) + ",\"Campaign, no. " + i / 30 + "\"," + (i % 997 + version)
                        + ".25,GBP," + i * 7L % 100_000 + "," + (i % 1_000 + version) + "\n");
            }
        }
        return file;
    }
}
