package serai.demo.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.commons.io.FileUtils;
import serai.demo.EmbeddedPassword;
import serai.demo.SeraiProcess;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;
import serai.warehouse.WarehouseSettings;

/**
 * Replication from one embedded server to another by the runnable jar, in 256 MB of heap, against a subscription of
 * PostgreSQL in another database of the same target. Changes wait in the slots of both; each in turn drains them, from
 * the moment at which its slot is read to the one at which another session sees the last change. Then first copies from
 * scratch, drains with 5 ms more round trip, and the lag under a steady load. Arguments: {@code changes:parts}, such as
 * {@code 300000:drain,large}; without parts all.
 */
final class ReplicationSpeed {

    private static final long USUAL = 3_000_000;
    private static final int ROUNDS = 3;
    private static final int LIVE_SECONDS = 15;
    private static final Duration ROUND_TRIP = Duration.ofMillis(5);
    private static final List<String> PARTS = List.of("drain", "large", "snapshot", "far", "live");
    private static final String MASKED = "facts.note";

    private final Path folder = Path.of("target", "bench", "replicate").toAbsolutePath();
    private final String masked;
    private final Set<String> parts;
    private final long changes;

    /** @param arguments as the class says */
    ReplicationSpeed(String arguments) {
        String[] words = arguments.split(":");
        changes = words[0].isEmpty() ? USUAL : Long.parseLong(words[0]);
        parts = new HashSet<>(words.length > 1 ? List.of(words[1].split(",")) : PARTS);
        masked = MASKED;
        if (!PARTS.containsAll(parts) || changes < 6_000) {
            throw new IllegalArgumentException(
                    "usage: -Dbench=replicate:CHANGES:PARTS, at least 6000 changes, parts of " + PARTS);
        }
    }

    void run() throws Exception {
        FileUtils.deleteDirectory(folder.toFile());
        try (Warehouse source = server("source");
                Warehouse target = server("target");
                Connection c = source.dataSource().getConnection()) {
            try (Connection t = target.dataSource().getConnection()) {
                Sql.on(t).execute("create database peer");
            }
            SourceLoad load = new SourceLoad(c);
            near(source, load, Sql.on(c));
            if (parts.contains("far")) {
                far(load, Sql.on(c));
            }
        }
    }

    private Warehouse server(String name) {
        return Warehouse.open(new WarehouseSettings(
                "",
                "",
                "",
                folder.resolve(name),
                SeraiProcess.freePort(),
                20,
                Duration.ofSeconds(15),
                Path.of("sql/schema")));
    }

    private void near(Warehouse source, SourceLoad load, Sql sql) throws Exception {
        try (Follower builtIn = builtIn(port("source"), sql);
                SeraiFollower serai = serai("project", port("source"), port("target"), sql)) {
            List<Follower> both = List.of(builtIn, serai);
            begin(load, both);
            if (parts.contains("drain")) {
                drains("drain", load, true, both);
            }
            if (parts.contains("large")) {
                drains("drain-large", load, false, both);
            }
            if (parts.contains("snapshot")) {
                snapshots(load, both);
            }
            if (parts.contains("live")) {
                live(source, load, both);
            }
            Bench.figure("replicate.resident-memory", serai.residentMegabytes(), "MB");
            both.get(0).remove();
            both.get(1).remove();
        }
    }

    /** The server of each name waits behind a relay; Serai's own statements at the warehouse wait, too. */
    private void far(SourceLoad load, Sql sql) throws Exception {
        try (Relay source = new Relay("tcp://127.0.0.1:" + port("source"), ROUND_TRIP);
                Relay target = new Relay("tcp://127.0.0.1:" + port("target"), ROUND_TRIP);
                Follower builtIn = builtIn(source.port(), sql);
                Follower serai = serai("far", source.port(), target.port(), sql)) {
            List<Follower> both = List.of(builtIn, serai);
            begin(load, both);
            drains("drain-5ms", load, true, both);
            drains("drain-large-5ms", load, false, both);
            builtIn.remove();
            serai.remove();
        }
    }

    private Follower builtIn(int sourcePort, Sql sql) throws SQLException, IOException {
        String string = "host=127.0.0.1 port=" + sourcePort + " dbname=postgres user=postgres password="
                + EmbeddedPassword.of(folder.resolve("source"));
        return new BuiltInFollower(string, sql, connect("peer"));
    }

    private SeraiFollower serai(String name, int sourcePort, int targetPort, Sql sql) throws SQLException, IOException {
        Map<String, String> settings = new HashMap<>();
        settings.put("warehouse.url", url(targetPort, "postgres"));
        settings.put("warehouse.user", "postgres");
        settings.put("warehouse.password", EmbeddedPassword.of(folder.resolve("target")));
        settings.put("replicate.bench.url", url(sourcePort, "postgres"));
        settings.put("replicate.bench.user", "postgres");
        settings.put("replicate.bench.password", EmbeddedPassword.of(folder.resolve("source")));
        return new SeraiFollower(folder.resolve(name), settings, masked, sql, connect("postgres"));
    }

    private Connection connect(String database) throws SQLException, IOException {
        return DriverManager.getConnection(
                url(port("target"), database), "postgres", EmbeddedPassword.of(folder.resolve("target")));
    }

    private static String url(int port, String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    private List<String> pidFile(String server) throws IOException {
        return Files.readAllLines(folder.resolve(server).resolve("postgres/postmaster.pid"));
    }

    private int port(String server) throws IOException {
        return Integer.parseInt(pidFile(server).get(3).strip());
    }

    private double cpuSeconds(String server) throws IOException {
        long pid = Long.parseLong(pidFile(server).get(0).strip());
        return Processes.familyCpuSeconds(ProcessHandle.of(pid).orElseThrow());
    }

    /** Copies small tables, so that both have a slot. */
    private static void begin(SourceLoad load, List<Follower> both) throws Exception {
        load.fill(1_000);
        for (Follower follower : both) {
            follower.create();
            follower.await("it has copied", follower::isCopied);
            follower.await("it follows", follower::isReading);
            follower.pause();
        }
    }

    /** What one of the followers needed. */
    private record Cost(double seconds, double process, double source, double target) {}

    private Cost measure(Follower follower, Follower.Condition begun, Follower.Condition done) throws Exception {
        follower.await("it begins", begun);
        double process = follower.cpuSeconds();
        double source = cpuSeconds("source");
        double target = cpuSeconds("target");
        long start = System.nanoTime();
        follower.await("it is done", done);
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Cost(
                seconds, follower.cpuSeconds() - process, cpuSeconds("source") - source, cpuSeconds("target") - target);
    }

    private void drains(String name, SourceLoad load, boolean small, List<Follower> both) throws Exception {
        List<List<Cost>> costs = List.of(new ArrayList<>(), new ArrayList<>());
        for (int round = 0; round < ROUNDS; round++) {
            String mark = name + " " + round;
            load.change(changes, small, mark);
            for (int i = 0; i < both.size(); i++) {
                int turn = (i + round) % 2;
                costs.get(turn).add(drain(both.get(turn), mark));
            }
            System.out.printf(
                    "%s, round %d: built-in %s; Serai %s%n",
                    name,
                    round + 1,
                    text(costs.get(0).get(round)),
                    text(costs.get(1).get(round)));
        }
        figures(name, changes, costs);
    }

    private Cost drain(Follower follower, String mark) throws Exception {
        checkpoint(follower);
        follower.resume();
        String last = "select 1 from " + follower.table("facts") + " where id = 1 and status = ?";
        Cost cost = measure(
                follower,
                follower::isReading,
                () -> follower.target().first(last, row -> true, mark).isPresent());
        follower.pause();
        requireSame(follower);
        return cost;
    }

    private static void checkpoint(Follower follower) throws SQLException {
        follower.source().execute("checkpoint");
        follower.target().execute("checkpoint");
    }

    private static void requireSame(Follower follower) throws SQLException {
        String there = SourceLoad.hash(follower.source(), "public.facts");
        String here = SourceLoad.hash(follower.target(), follower.table("facts"));
        if (!there.equals(here)) {
            throw new IllegalStateException(follower.slot() + " has other rows: " + here + ", the source " + there);
        }
    }

    private void snapshots(SourceLoad load, List<Follower> both) throws Exception {
        load.fill(changes);
        List<List<Cost>> costs = List.of(new ArrayList<>(), new ArrayList<>());
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < both.size(); i++) {
                int turn = (i + round) % 2;
                Follower follower = both.get(turn);
                follower.remove();
                checkpoint(follower);
                follower.create();
                costs.get(turn).add(measure(follower, follower::hasSlot, follower::isCopied));
                requireSame(follower);
                follower.await("it follows", follower::isReading);
                follower.pause();
            }
            System.out.printf(
                    "snapshot, round %d: built-in %s; Serai %s%n",
                    round + 1, text(costs.get(0).get(round)), text(costs.get(1).get(round)));
        }
        figures("snapshot", changes, costs);
    }

    private void live(Warehouse source, SourceLoad load, List<Follower> both) throws Exception {
        int rows = (int) Math.min(100_000, changes);
        load.fill(rows);
        for (Follower follower : both) {
            follower.resume();
            follower.await("it follows", follower::isReading);
            for (int rate : new int[] {250, 500, 1_000}) {
                double[] lags = new LiveLag(source.dataSource(), follower, rate, LIVE_SECONDS, rows).measure();
                for (int percent : new int[] {50, 95, 99}) {
                    Bench.figure(
                            "replicate.live-" + rate + ".p" + percent + "." + name(follower),
                            lags[(int) (lags.length * percent / 100.0)],
                            "ms");
                }
            }
            follower.pause();
        }
    }

    private static String name(Follower follower) {
        return follower instanceof SeraiFollower ? "serai" : "built-in";
    }

    private static String text(Cost cost) {
        return String.format(
                Locale.ROOT,
                "%.2f s, CPU s process %.1f, source %.1f, target %.1f",
                cost.seconds(),
                cost.process(),
                cost.source(),
                cost.target());
    }

    private interface Part {
        double of(Cost cost);
    }

    private static double median(List<Cost> costs, Part part) {
        return Bench.median(costs.stream().mapToDouble(part::of).toArray());
    }

    private static void figures(String name, long count, List<List<Cost>> costs) {
        String prefix = "replicate." + name + ".";
        String[] names = {"built-in", "serai"};
        String unit = name.equals("snapshot") ? "rows/s" : "changes/s";
        for (int i = 0; i < names.length; i++) {
            List<Cost> own = costs.get(i);
            Bench.figure(prefix + names[i], count / median(own, Cost::seconds), unit);
            Bench.figure(prefix + names[i] + ".cpu-source", median(own, Cost::source), "s");
            Bench.figure(prefix + names[i] + ".cpu-target", median(own, Cost::target), "s");
        }
        Bench.figure(prefix + "serai.cpu-process", median(costs.get(1), Cost::process), "s");
        Bench.figure(
                prefix + "ratio-to-built-in",
                median(costs.get(0), Cost::seconds) / median(costs.get(1), Cost::seconds),
                "x");
    }
}
