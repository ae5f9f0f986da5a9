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
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
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
 * million old rows, for which psql deletes and copies in one transaction. Then one day of the thirty has other values,
 * for which psql does the same; then nothing has. Each pair is measured three times, in turn; the figures are medians.
 * Then five million rows, for memory.
 */
final class WindowReload {

    private static final int ROUNDS = 3;
    private static final int DAYS = 30;
    private static final String COLUMNS =
            "day date not null, id bigint not null, account int, amount numeric(12,2), name text, country text, "
                    + "seen_at timestamptz, active boolean, score double precision, note text";
    private static final String LONGEST = """
            select coalesce(max(extract(epoch from clock_timestamp() - xact_start) * 1000000), 0)::bigint as micros
            from pg_stat_activity where application_name like 'serai %' and backend_xid is not null""";

    private final Path folder = Path.of("target", "bench", "window-reload").toAbsolutePath();
    private final Semaphore permits = new Semaphore(0);
    private volatile Path answer;

    void run() throws Exception {
        FileUtils.deleteDirectory(folder.toFile());
        project();
        Path million = csv("million.csv", 1_000_000, day -> 1);
        Path other = csv("million-changed.csv", 1_000_000, day -> 2);
        Path oneDay = csv("one-day-changed.csv", 1_000_000, day -> day == DAYS - 2 ? 4 : 2);
        Path fiveMillion = csv("five-million.csv", 5_000_000, day -> 3);
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
                measure(c, serai, port, million, other, oneDay, fiveMillion);
            }
        }
    }

    private void measure(
            Connection c, SeraiProcess serai, int port, Path million, Path other, Path oneDay, Path fiveMillion)
            throws Exception {
        double[][] seconds = new double[7][ROUNDS];
        double[][] wal = new double[7][ROUNDS];
        double[] write = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            empty(c);
            int r = round;
            wal[0][r] = wal(c, () -> seconds[0][r] = psql(port, copy(million)));
            wal[1][r] = wal(c, () -> seconds[1][r] = serai(c, serai, million, "ok"));
            wal[2][r] = wal(c, () -> seconds[2][r] = psql(port, replace(other)));
            wal[3][r] = wal(c, () -> seconds[3][r] = serai(c, serai, other, "ok"));
            wal[4][r] = wal(c, () -> seconds[4][r] = psql(port, replace(oneDay)));
            try (LongestTransaction transaction = new LongestTransaction(port)) {
                wal[5][r] = wal(c, () -> seconds[5][r] = serai(c, serai, oneDay, "ok"));
                write[r] = transaction.seconds();
            }
            wal[6][r] = wal(c, () -> seconds[6][r] = serai(c, serai, oneDay, "unchanged"));
            System.out.printf(
                    "round %d: \\copy %.2f s, Serai %.2f s; delete and \\copy %.2f s, Serai %.2f s; of which one day"
                            + " differs %.2f s, Serai %.2f s with a transaction of %.3f s; unchanged, Serai %.2f s%n",
                    round + 1,
                    seconds[0][r],
                    seconds[1][r],
                    seconds[2][r],
                    seconds[3][r],
                    seconds[4][r],
                    seconds[5][r],
                    write[r],
                    seconds[6][r]);
        }
        double memory = Processes.residentMegabytes(serai.pid(), "VmHWM");
        empty(c);
        double five = serai(c, serai, fiveMillion, "ok");
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
        double psqlOneDay = Bench.median(seconds[4]);
        Bench.figure("window-reload.one-day-of-thirty.psql-delete-and-copy", psqlOneDay, "s");
        Bench.figure("window-reload.one-day-of-thirty.serai", Bench.median(seconds[5]), "s");
        Bench.figure("window-reload.one-day-of-thirty.ratio", psqlOneDay / Bench.median(seconds[5]), "x");
        Bench.figure("window-reload.one-day-of-thirty.serai-transaction", Bench.median(write), "s");
        Bench.figure("window-reload.one-day-of-thirty.write-ratio", psqlOneDay / Bench.median(write), "x");
        Bench.figure("window-reload.one-day-of-thirty.psql-wal", Bench.median(wal[4]), "MB");
        Bench.figure("window-reload.one-day-of-thirty.serai-wal", Bench.median(wal[5]), "MB");
        Bench.figure("window-reload.one-day-of-thirty.wal-ratio", Bench.median(wal[4]) / Bench.median(wal[5]), "x");
        Bench.figure("window-reload.replace.psql-wal", Bench.median(wal[2]), "MB");
        Bench.figure("window-reload.replace.serai-wal", Bench.median(wal[3]), "MB");
        Bench.figure("window-reload.unchanged.serai", Bench.median(seconds[6]), "s");
        Bench.figure("window-reload.unchanged.serai-wal", Bench.median(wal[6]), "MB");
        Bench.figure("window-reload.five-million.serai", 5_000_000 / five, "rows/s");
        Bench.figure("window-reload.memory-after-1000000-rows", memory, "MB");
        Bench.figure(
                "window-reload.memory-after-5000000-rows", Processes.residentMegabytes(serai.pid(), "VmHWM"), "MB");
    }

    /** Time from the first byte that the double sends to the rows that another session sees. */
    private double serai(Connection c, SeraiProcess serai, Path file, String status) throws Exception {
        long before = lastLoad(c, status);
        answer = file;
        checkpoint(c);
        long start = System.nanoTime();
        permits.release();
        while (lastLoad(c, status) == before) {
            serai.requireAlive();
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static long lastLoad(Connection c, String status) throws SQLException {
        return Sql.on(c).first("""
                select coalesce(max(run_id) filter (where status = ?), 0) as last,
                  max(error) filter (where status in ('held', 'failed')) as error
                from meta.runs where source = 'load-bench'""", WindowReload::succeeded, status).orElseThrow();
    }

    private interface Step {
        void run() throws Exception;
    }

    /** The megabytes of WAL that a step makes the server write. */
    private static double wal(Connection c, Step step) throws Exception {
        Sql.on(c).execute("vacuum landing.bench, landing.peer");
        checkpoint(c);
        String before = Sql.on(c)
                .first("select pg_current_wal_lsn()::text as lsn", row -> row.text("lsn"))
                .orElseThrow();
        step.run();
        return Sql.on(c)
                        .first(
                                "select pg_wal_lsn_diff(pg_current_wal_lsn(), ?::pg_lsn)::bigint as bytes",
                                row -> row.number("bytes"),
                                before)
                        .orElseThrow()
                / 1e6;
    }

    private static String[] replace(Path file) {
        return new String[] {"begin; delete from landing.peer where day >= '" + first() + "';", copy(file), "commit;"};
    }

    private static long succeeded(Row row) throws SQLException {
        if (row.text("error") != null) {
            throw new IllegalStateException("A load did not succeed: " + row.text("error"));
        }
        return row.number("last");
    }

    /** Samples how long the transaction of Serai that writes has lasted. */
    private final class LongestTransaction implements AutoCloseable {

        private final Connection connection;
        private final Thread thread = new Thread(this::sample, "longest-transaction");
        private volatile boolean ended;
        private volatile double longest;

        LongestTransaction(int port) throws Exception {
            connection = java.sql.DriverManager.getConnection(
                    "jdbc:postgresql://127.0.0.1:" + port + "/postgres",
                    "postgres",
                    EmbeddedPassword.of(folder.resolve("warehouse")));
            thread.start();
        }

        private void sample() {
            while (!ended) {
                try {
                    double now = Sql.on(connection)
                            .first(LONGEST, row -> row.number("micros") / 1e6)
                            .orElseThrow();
                    longest = Math.max(longest, now);
                    TimeUnit.MILLISECONDS.sleep(2);
                } catch (SQLException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        double seconds() {
            return longest;
        }

        @Override
        public void close() throws Exception {
            ended = true;
            thread.join();
            connection.close();
        }
    }

    private double psql(int port, String... commands) throws Exception {
        try (Connection c = java.sql.DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres",
                "postgres",
                EmbeddedPassword.of(folder.resolve("warehouse")))) {
            checkpoint(c);
        }
        return new Psql(folder, port, EmbeddedPassword.of(folder.resolve("warehouse"))).seconds(commands);
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
                -- it would run in some steps and not in others
                alter table landing.bench set (autovacuum_enabled = false);
                alter table landing.peer set (autovacuum_enabled = false);
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

    private Path csv(String name, int rows, IntUnaryOperator seedOfDay) throws IOException {
        Path file = folder.resolve(name);
        SplittableRandom[] randoms = IntStream.range(0, DAYS)
                .mapToObj(day -> new SplittableRandom(100L * day + seedOfDay.applyAsInt(day)))
                .toArray(SplittableRandom[]::new);
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
                SplittableRandom random = randoms[i % DAYS];
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
