package serai.demo.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;
import serai.demo.Card;
import serai.demo.CardReport;
import serai.demo.EmbeddedPassword;
import serai.demo.MetabaseDouble;
import serai.demo.SeraiProcess;
import serai.warehouse.Row;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;
import serai.warehouse.WarehouseSettings;

/**
 * A report of a million rows by ten columns over HTTP into the embedded warehouse, with validation on, against psql's
 * {@code \copy} of the same file into an equal table of the same server: into an empty window, and in place of a
 * million old rows, for which psql deletes and copies in one transaction. Each pair is measured three times, in turn;
 * the figures are medians. Then five million rows, for memory.
 */
final class WindowReload {

    private static final int ROUNDS = 3;
    private static final int DAYS = 30;
    private static final String COLUMNS =
            "day date not null, id bigint not null, account int, amount numeric(12,2), name text, country text, "
                    + "seen_at timestamptz, active boolean, score double precision, note text";
    private final Path folder = Path.of("target", "bench", "window-reload").toAbsolutePath();
    private final Semaphore permits = new Semaphore(0);
    private volatile Path answer;

    void run() throws Exception {
        FileUtils.deleteDirectory(folder.toFile());
        project();
        Path million = csv("million.csv", 1_000_000, 1);
        Path other = csv("million-changed.csv", 1_000_000, 2);
        Path fiveMillion = csv("five-million.csv", 5_000_000, 3);
        answer = million;
        int port = SeraiProcess.freePort();
        WarehouseSettings settings = new WarehouseSettings(
                "", "", "", folder.resolve("warehouse"), port, 5, Duration.ofSeconds(15), folder.resolve("sql/schema"));
        try (Warehouse warehouse = Warehouse.open(settings);
                MetabaseDouble metabase = MetabaseDouble.start()) {
            metabase.card(Card.between(41, "Bench", p -> released()));
            String url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
            try (Connection c = warehouse.dataSource().getConnection();
                    SeraiProcess serai = Bench.startJar(
                            folder,
                            Map.of(
                                    "warehouse.url",
                                    url,
                                    "warehouse.user",
                                    "postgres",
                                    "warehouse.password",
                                    EmbeddedPassword.of(folder.resolve("warehouse")),
                                    "metabase.url",
                                    metabase.url(),
                                    "metabase.api-key",
                                    MetabaseDouble.API_KEY,
                                    // the double plays another machine: its gzip would be charged to this one
                                    "load.compression",
                                    "false"))) {
                measure(c, serai, port, million, other, fiveMillion);
            }
        }
    }

    private void measure(Connection c, SeraiProcess serai, int port, Path million, Path other, Path fiveMillion)
            throws Exception {
        double[][] seconds = new double[4][ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            empty(c);
            seconds[0][round] = psql(port, copy(million));
            seconds[1][round] = serai(c, serai, million);
            seconds[2][round] = psql(
                    port, "begin; delete from landing.peer where day >= '" + first() + "';", copy(other), "commit;");
            seconds[3][round] = serai(c, serai, other);
            System.out.printf(
                    "round %d: \\copy %.2f s, Serai %.2f s; delete and \\copy %.2f s, Serai %.2f s%n",
                    round + 1, seconds[0][round], seconds[1][round], seconds[2][round], seconds[3][round]);
        }
        double memory = Processes.residentMegabytes(serai.pid(), "VmHWM");
        empty(c);
        double five = serai(c, serai, fiveMillion);
        double[] rate = new double[4];
        for (int i = 0; i < 4; i++) {
            rate[i] = 1_000_000 / Bench.median(seconds[i]);
        }
        Bench.figure("window-reload.file", Files.size(million) / 1e6, "MB");
        Bench.figure("window-reload.empty.psql-copy", rate[0], "rows/s");
        Bench.figure("window-reload.empty.serai", rate[1], "rows/s");
        Bench.figure("window-reload.empty.ratio", rate[1] / rate[0], "x");
        Bench.figure("window-reload.replace.psql-delete-and-copy", rate[2], "rows/s");
        Bench.figure("window-reload.replace.serai", rate[3], "rows/s");
        Bench.figure("window-reload.replace.ratio", rate[3] / rate[2], "x");
        Bench.figure("window-reload.five-million.serai", 5_000_000 / five, "rows/s");
        Bench.figure("window-reload.memory-after-1000000-rows", memory, "MB");
        Bench.figure(
                "window-reload.memory-after-5000000-rows", Processes.residentMegabytes(serai.pid(), "VmHWM"), "MB");
    }

    /** Time from the first byte that the double sends to the rows that another session sees. */
    private double serai(Connection c, SeraiProcess serai, Path file) throws Exception {
        long before = lastLoad(c);
        answer = file;
        checkpoint(c);
        long start = System.nanoTime();
        permits.release();
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
                from meta.runs where source = 'load-bench'""", WindowReload::succeeded).orElseThrow();
    }

    private static long succeeded(Row row) throws SQLException {
        if (row.text("error") != null) {
            throw new IllegalStateException("A load did not succeed: " + row.text("error"));
        }
        return row.number("last");
    }

    private double psql(int port, String... commands) throws Exception {
        Path script = folder.resolve("peer.sql");
        Files.writeString(script, String.join("\n", commands));
        try (Connection c = java.sql.DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres",
                "postgres",
                EmbeddedPassword.of(folder.resolve("warehouse")))) {
            checkpoint(c);
        }
        long start = System.nanoTime();
        Process psql;
        try {
            ProcessBuilder command = new ProcessBuilder(
                            "psql",
                            "-q",
                            "-v",
                            "ON_ERROR_STOP=1",
                            "-h",
                            "127.0.0.1",
                            "-p",
                            String.valueOf(port),
                            "-U",
                            "postgres",
                            "-f",
                            script.toString(),
                            "postgres")
                    .inheritIO();
            command.environment().put("PGPASSWORD", EmbeddedPassword.of(folder.resolve("warehouse")));
            psql = command.start();
        } catch (IOException e) {
            throw new IllegalStateException("The peer psql is not installed: apt-get install postgresql-client", e);
        }
        if (psql.waitFor() != 0) {
            throw new IllegalStateException("psql failed");
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static String copy(Path file) {
        return "\\copy landing.peer from '" + file + "' with (format csv, header)";
    }

    private static void checkpoint(Connection c) throws SQLException {
        Sql.on(c).execute("checkpoint");
    }

    private static void empty(Connection c) throws SQLException {
        Sql.on(c).execute("truncate landing.bench, landing.peer, meta.window_days, meta.dirty");
    }

    /** Serai polls all the time; an answer waits until the measurement lets it go. */
    private CardReport released() throws IOException {
        permits.acquireUninterruptibly();
        return CardReport.raw(Files.newInputStream(answer));
    }

    private static LocalDate first() {
        return LocalDate.now(ZoneOffset.UTC).minusDays(DAYS - 1);
    }

    private void project() throws IOException {
        FileUtils.copyDirectory(
                Path.of("sql/schema").toFile(), folder.resolve("sql/schema").toFile());
        FileUtils.copyDirectory(
                Path.of("routes/kamelets").toFile(),
                folder.resolve("routes/kamelets").toFile());
        Files.copy(Path.of("application.properties"), folder.resolve("application.properties"));
        Files.copy(Path.of("routes/_errors.camel.yaml"), folder.resolve("routes/_errors.camel.yaml"));
        Files.writeString(folder.resolve("sql/schema/V900__bench.sql"), """
                create table landing.bench (%s);
                create index on landing.bench (day);
                create table landing.peer (like landing.bench including all);
                """.formatted(COLUMNS));
        Files.createDirectories(folder.resolve("routes/load"));
        Files.writeString(folder.resolve("routes/load/load-bench.camel.yaml"), """
                - route:
                    id: load-bench
                    from:
                      uri: kamelet:metabase-report
                      parameters: { card: 41, cron: "0/1 * * * * ?", lookback: %dd }
                      steps:
                        - to:
                            uri: kamelet:replace-window
                            parameters: { table: landing.bench, window: day, minShare: 0 }
                """.formatted(DAYS));
    }

    private Path csv(String name, int rows, long seed) throws IOException {
        Path file = folder.resolve(name);
        SplittableRandom random = new SplittableRandom(seed);
        LocalDate first = first();
        String[] days = new String[DAYS];
        for (int i = 0; i < DAYS; i++) {
            days[i] = first.plusDays(i).toString();
        }
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            out.write("day,id,account,amount,name,country,seen_at,active,score,note\n"
                    .getBytes(StandardCharsets.US_ASCII));
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < rows; i++) {
                line.setLength(0);
                String day = days[i % DAYS];
                line.append(day)
                        .append(',')
                        .append(1_000_000_000L + i)
                        .append(',')
                        .append(random.nextInt(100_000))
                        .append(',')
                        .append(random.nextInt(100_000))
                        .append('.')
                        .append(10 + random.nextInt(90))
                        .append(",\"Account, no. ")
                        .append(random.nextInt(1_000_000))
                        .append("\",")
                        .append(random.nextBoolean() ? "GB" : "DE")
                        .append(',')
                        .append(day)
                        .append('T')
                        .append(10 + random.nextInt(14))
                        .append(":")
                        .append(10 + random.nextInt(50))
                        .append(":07.123Z,")
                        .append(random.nextBoolean())
                        .append(',')
                        .append(random.nextInt(1000) / 1000.0)
                        .append(',')
                        .append(random.nextInt(4) == 0 ? "" : "seen again caf\u00e9")
                        .append('\n');
                out.write(line.toString().getBytes(StandardCharsets.UTF_8));
            }
        }
        return file;
    }
}
