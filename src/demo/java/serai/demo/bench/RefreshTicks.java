package serai.demo.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.commons.io.FileUtils;
import serai.demo.SeraiProcess;
import serai.edits.EditableFiles;
import serai.edits.Refusal;
import serai.refresh.RefreshRoom;
import serai.request.RequestHandler;
import serai.room.RoomContext;
import serai.settings.Settings;
import serai.status.StatusReader;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;
import serai.warehouse.WarehouseSettings;

/**
 * The shipped models over histories of different length, refreshed each hour of some simulated days while rows come,
 * some of them late; with tests in the header of fact_logins. In the last two days each tick is also done by a peer
 * ({@link PlainRefresh}), in turn. Then ten more logins in each of two days, against a calculation of the whole table;
 * ticks with nothing to do; and 200 small models. The arguments are {@code the rows of the largest history:days}.
 */
final class RefreshTicks {

    private static final String USUAL = "10000000:30";
    private static final int LONGEST_DAYS = 400;
    private static final int PEER_HOURS = 48;
    private static final int ROUNDS = 5;
    private static final LocalDate END = LocalDate.of(2026, 3, 1);
    private static final String TESTS = """
            -- @fk user_key in dim_users
            -- @accepted main_device in mobile, desktop, (not set)
            -- @expect rows 1..1000000000, change -60%..+200%
            """;

    private final Path folder = Path.of("target", "bench", "refresh").toAbsolutePath();

    /** The median seconds of a tick, by the rows of the history. */
    private final Map<Long, Double> ticks = new HashMap<>();

    void run(String arguments) throws Exception {
        String[] words = ((arguments.isEmpty() ? USUAL : arguments) + ":30").split(":");
        long largest = Long.parseLong(words[0]);
        int days = Integer.parseInt(words[1]);
        // else each tick would write its lines among the figures
        System.setProperty("serai.log.level", "warn");
        FileUtils.deleteDirectory(folder.toFile());
        for (long rows = largest / 100; rows <= largest; rows *= 10) {
            world(rows, (int) (rows * LONGEST_DAYS / largest), (int) (largest / LONGEST_DAYS), days);
        }
        Bench.figure("refresh.tick-growth-ratio", ticks.get(largest) / ticks.get(largest / 10), "x");
        smallModels();
    }

    private interface Measured {
        void with(Refreshes refreshes) throws Exception;
    }

    private void open(String name, Measured measured) throws Exception {
        WarehouseSettings settings = new WarehouseSettings(
                "",
                "",
                "",
                folder.resolve(name),
                SeraiProcess.freePort(),
                10,
                Duration.ofSeconds(15),
                Path.of("sql/schema"));
        try (Warehouse warehouse = Warehouse.open(settings);
                Refreshes refreshes = new Refreshes(warehouse)) {
            measured.with(refreshes);
        }
        FileUtils.deleteDirectory(folder.resolve(name).toFile());
    }

    private void world(long rows, int historyDays, int loginsADay, int days) throws Exception {
        open("world-" + rows, refreshes -> {
            RefreshWorld world = new RefreshWorld(refreshes.warehouse, END, historyDays, loginsADay);
            double filled = seconds(world::fill);
            refreshes.read(projectModels());
            Instant now = END.atStartOfDay().toInstant(ZoneOffset.UTC);
            Instant begin = now;
            double first = seconds(() -> refreshes.refresh("all models", begin));
            System.out.printf(
                    "%,d rows of %d days: filled in %.1f s, first refresh %.1f s%n", rows, historyDays, filled, first);
            ticks(rows, world, refreshes, now, days * 24);
        });
    }

    private void ticks(long rows, RefreshWorld world, Refreshes refreshes, Instant begin, int hours) throws Exception {
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        try (Connection c = refreshes.warehouse.dataSource().getConnection()) {
            PlainRefresh peer = null;
            for (int hour = 1; hour <= hours; hour++) {
                Instant now = begin.plus(hour, ChronoUnit.HOURS);
                if (hour == hours - PEER_HOURS + 1) {
                    peer = PlainRefresh.copyOf(c);
                }
                SortedSet<LocalDate> changed = world.hour(now);
                // the day that ends at midnight is calculated with the one that begins
                Instant at = now.minusSeconds(1);
                PlainRefresh other = peer;
                double their = other != null && hour % 2 == 0 ? seconds(() -> other.tick(at, changed)) : 0;
                double our = seconds(() -> refreshes.refresh("all models", at));
                their = other != null && hour % 2 == 1 ? seconds(() -> other.tick(at, changed)) : their;
                ours.add(our);
                if (other != null) {
                    theirs.add(their);
                    ratios.add(our / their);
                }
                if (hour % 120 == 0) {
                    System.out.printf("hour %d: %.3f s%n", hour, our);
                }
            }
            peer.requireSame();
            String size = "refresh." + rows;
            ticks.put(rows, median(ours));
            Bench.figure(size + ".tick", median(ours), "s");
            Bench.figure(size + ".tick-mean", mean(ours), "s");
            Bench.figure(size + ".peer-tick", median(theirs), "s");
            Bench.figure(size + ".overhead-ratio", median(ratios), "x");
            idle(size, refreshes, begin.plus(hours, ChronoUnit.HOURS).minusSeconds(1));
            twoDays(
                    size,
                    world,
                    refreshes,
                    peer,
                    begin.plus(hours, ChronoUnit.HOURS).minusSeconds(1));
        }
    }

    private static void idle(String size, Refreshes refreshes, Instant now) throws Exception {
        List<Double> idle = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            idle.add(seconds(() -> refreshes.refresh("all models", now)));
        }
        Bench.figure(size + ".tick-without-news", median(idle), "s");
    }

    private static void twoDays(String size, RefreshWorld world, Refreshes refreshes, PlainRefresh peer, Instant now)
            throws Exception {
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            SortedSet<LocalDate> days = new TreeSet<>(List.of(END.minusDays(1 + i), END.minusDays(3 + i)));
            world.late(days);
            ours.add(seconds(() -> refreshes.refresh("fact_logins", now)));
            theirs.add(seconds(() -> {
                for (LocalDate day : days) {
                    peer.logins(day, now);
                }
                peer.logins(LocalDate.ofInstant(now, ZoneOffset.UTC), now);
            }));
        }
        peer.requireSame();
        double plain = seconds(() -> peer.rebuild(LocalDate.of(2020, 1, 1), now.plusSeconds(1)));
        peer.requireSameAsRebuilt();
        double rebuild = seconds(() -> refreshes.rebuild("fact_logins"));
        peer.requireSameAsRebuilt();
        Bench.figure(size + ".two-days", median(ours), "s");
        Bench.figure(size + ".two-days.peer", median(theirs), "s");
        Bench.figure(size + ".rebuild", rebuild, "s");
        Bench.figure(size + ".rebuild.peer", plain, "s");
        Bench.figure(size + ".two-days-speed-up", rebuild / median(ours), "x");
    }

    /** 200 models over small tables: a tick with nothing to do. */
    private void smallModels() throws Exception {
        open("small", refreshes -> {
            RefreshWorld world = new RefreshWorld(refreshes.warehouse, END, 4, 100);
            world.fill();
            Map<Path, Optional<String>> files = projectModels();
            refreshes.read(files);
            Instant now = END.atStartOfDay().toInstant(ZoneOffset.UTC);
            refreshes.refresh("all models", now);
            idle("refresh.shipped-models", refreshes, now);
            for (int i = 0; i < 200 - files.size(); i++) {
                files.put(
                        Path.of("sql/facts/fact_small_" + i + ".sql"),
                        Optional.of(
                                files.get(Path.of("sql/facts/fact_logins.sql")).orElseThrow()));
            }
            refreshes.read(files);
            refreshes.refresh("all models", now);
            idle("refresh.200-models", refreshes, now);
        });
    }

    private static Map<Path, Optional<String>> projectModels() throws IOException {
        Map<Path, Optional<String>> texts = new HashMap<>();
        try (Stream<Path> paths = Files.walk(Path.of("sql"))) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                texts.put(path, Optional.of(Files.readString(path)));
            }
        }
        texts.computeIfPresent(
                Path.of("sql/facts/fact_logins.sql"),
                (path, text) -> Optional.of(text.orElseThrow().replaceFirst("(?m)^-- @about", TESTS + "-- @about")));
        return texts;
    }

    /** The refresh of a warehouse, by what the room offers. */
    private static final class Refreshes implements AutoCloseable {

        private final Warehouse warehouse;
        private final RefreshRoom room;

        Refreshes(Warehouse warehouse) {
            this.warehouse = warehouse;
            StatusReader status = new StatusReader(warehouse.dataSource(), List::of);
            room = RefreshRoom.open(new RoomContext(
                    new DefaultCamelContext(),
                    Settings.of(Map.of("refresh.run-at-most", "1h")),
                    warehouse,
                    Path.of("."),
                    status));
        }

        void read(Map<Path, Optional<String>> texts) {
            EditableFiles files = room.editableFiles().get(0);
            Map<Path, Optional<String>> owned = new HashMap<>(texts);
            owned.keySet().removeIf(path -> !files.owns(path));
            List<Refusal> refusals = files.apply(owned);
            if (!refusals.isEmpty()) {
                throw new IllegalStateException("Models were refused: " + refusals);
            }
        }

        void refresh(String models, Instant now) throws Exception {
            obey("refresh", models + " at " + now);
            try (Connection c = warehouse.dataSource().getConnection()) {
                List<String> problems = Sql.on(c)
                        .list(
                                "select model || ' ' || status || ' ' || coalesce(error, '') as problem"
                                        + " from meta.model_state where active and status not in ('ok')",
                                row -> row.text("problem"));
                if (!problems.isEmpty()) {
                    throw new IllegalStateException("Models are not up to date: " + problems);
                }
            }
        }

        void rebuild(String model) throws Exception {
            obey("rebuild", model);
        }

        private void obey(String verb, String target) throws Exception {
            for (RequestHandler handler : room.requestHandlers()) {
                if (handler.verb().equals(verb)) {
                    handler.obey(target).get();
                }
            }
        }

        @Override
        public void close() {
            room.close();
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static double seconds(Work work) throws Exception {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    private static double median(List<Double> values) {
        return Bench.median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
}
