package serai.demo.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.io.FileUtils;
import serai.demo.SeraiProcess;

/**
 * Time from the start of the process until the first route runs and until all do: the runnable jar with the project's
 * own routes and its embedded warehouse, in a new folder and with data from before, beside a bare Camel Main with the
 * same components.
 */
final class StartUp {

    private final int port = SeraiProcess.freePort();

    private static final int ROUNDS = 3;
    private static final Pattern STARTED = Pattern.compile("time=(\\S+) .*message=\"Started ");
    private static final Pattern RUNS = Pattern.compile("time=(\\S+) .*message=\"Serai runs with ");
    private final Path folder = Path.of("target", "bench", "start-up").toAbsolutePath();

    void run() throws Exception {
        FileUtils.deleteDirectory(folder.toFile());
        Files.createDirectories(folder);
        FileUtils.copyDirectory(
                Path.of("routes").toFile(), folder.resolve("routes").toFile());
        FileUtils.copyDirectory(Path.of("sql").toFile(), folder.resolve("sql").toFile());
        Files.copy(Path.of("application.properties"), folder.resolve("application.properties"));
        double[] fresh = serai();
        double[] bare = new double[ROUNDS];
        double[] first = new double[ROUNDS];
        double[] all = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            bare[round] = bare();
            double[] again = serai();
            first[round] = again[0];
            all[round] = again[1];
        }
        Bench.figure("start-up.bare-camel-main", Bench.median(bare), "s");
        Bench.figure("start-up.serai.first-route", Bench.median(first), "s");
        Bench.figure("start-up.serai.all-routes", Bench.median(all), "s");
        Bench.figure("start-up.serai.first-route-in-a-new-folder", fresh[0], "s");
        Bench.figure("start-up.ratio", Bench.median(first) / Bench.median(bare), "x");
    }

    private double[] serai() throws Exception {
        Instant start = Instant.now();
        try (SeraiProcess serai = Bench.startJar(folder, Map.of("warehouse.embedded.port", String.valueOf(port)))) {
            Matcher all;
            do {
                TimeUnit.MILLISECONDS.sleep(20);
                serai.requireAlive();
                all = RUNS.matcher(serai.log());
            } while (!all.find());
            Matcher first = STARTED.matcher(serai.log());
            first.find();
            return new double[] {seconds(start, first.group(1)), seconds(start, all.group(1))};
        }
    }

    private double bare() throws Exception {
        Instant start = Instant.now();
        Process process = new ProcessBuilder(
                        SeraiProcess.java(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        Path.of("target", "serai.jar").toAbsolutePath()
                                + System.getProperty("path.separator")
                                + Path.of("target", "test-classes").toAbsolutePath(),
                        BareMain.class.getName(),
                        String.valueOf(SeraiProcess.freePort()))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        process.waitFor();
        Matcher first = Pattern.compile("FIRST ROUTE (\\d+)").matcher(output);
        if (!first.find()) {
            throw new IllegalStateException("The bare Camel Main did not start:\n" + output);
        }
        return (Long.parseLong(first.group(1)) - start.toEpochMilli()) / 1000.0;
    }

    private static double seconds(Instant start, String time) {
        return java.time.Duration.between(
                                start, java.time.OffsetDateTime.parse(time).toInstant())
                        .toMillis()
                / 1000.0;
    }
}
