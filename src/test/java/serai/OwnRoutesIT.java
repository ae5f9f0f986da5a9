package serai;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.SeraiProcess;
import serai.testing.ProjectFolder;
import serai.testing.TestDatabase;
import serai.testing.Waiting;

/**
 * Two real processes with the same routes of an operator: one with a timer runs on one of them, a shared one on both.
 */
class OwnRoutesIT {

    private static final Duration TAKE_OVER = Duration.ofSeconds(15);

    @TempDir
    Path root;

    private final TestDatabase database = new TestDatabase();

    @BeforeEach
    void prepare() {
        database.execute("create table landing.ticks (route text, instance text,"
                + " at timestamptz not null default clock_timestamp())");
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static String route(String id, String more) {
        return """
                - route:
                    id: %s
                    %s
                    from:
                      uri: timer:%s?period=200
                      steps:
                        - setBody:
                            constant: insert into landing.ticks values ('%s', '{{tick.instance}}')
                        - to: jdbc:warehouse
                """.formatted(id, more, id, id);
    }

    private SeraiProcess start(String name) throws Exception {
        Path folder = Files.createDirectories(root.resolve(name));
        ProjectFolder.copyTo(folder, "routes/_errors.camel.yaml")
                .write("routes/own/tick-one.camel.yaml", route("tick-one", ""))
                .write("routes/own/tick-all.camel.yaml", route("tick-all", "routePolicy: shared"));
        Map<String, String> settings = new HashMap<>(database.properties());
        settings.put("tick.instance", name);
        settings.put("lease.term", "10s");
        return SeraiProcess.start(folder, settings);
    }

    /** The instances on which a route has run within the last two seconds. */
    private List<String> running(String route) {
        return database.rows(
                "select distinct instance from landing.ticks where route = ?"
                        + " and at > clock_timestamp() - interval '2 seconds' order by 1",
                route);
    }

    private void untilRunning(String route, String... instances) {
        Waiting.soon().until(() -> running(route).equals(List.of(instances)));
    }

    @Test
    void aRouteWithATimerRunsOnOneInstanceAndTheOtherTakesOverAfterAKill() throws Exception {
        try (SeraiProcess one = start("one")) {
            untilRunning("tick-one", "one");
            try (SeraiProcess two = start("two")) {
                untilRunning("tick-all", "one", "two");
                TimeUnit.SECONDS.sleep(4);
                assertThat(database.rows("select distinct instance from landing.ticks where route = 'tick-one'"))
                        .containsExactly("one");
                HttpResponse<String> health = health(two);
                assertThat(health.statusCode()).as(health.body()).isEqualTo(200);

                long killed = System.nanoTime();
                one.kill();
                untilRunning("tick-one", "two");
                assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(TAKE_OVER);
            }
        }
    }

    @Test
    void aPausedInstanceIsReplacedAndStopsTheRouteWhenItGoesOn() throws Exception {
        try (SeraiProcess one = start("one")) {
            untilRunning("tick-one", "one");
            try (SeraiProcess two = start("two")) {
                untilRunning("tick-all", "one", "two");
                long paused = System.nanoTime();
                signal(one, "STOP");
                untilRunning("tick-one", "two");
                assertThat(Duration.ofNanos(System.nanoTime() - paused)).isLessThan(TAKE_OVER);
                signal(one, "CONT");
                untilRunning("tick-all", "one", "two");
                TimeUnit.SECONDS.sleep(4);
                assertThat(running("tick-one")).containsExactly("two");

                // stopped as it should: the other one needs not wait for the lease to expire
                long stopped = System.nanoTime();
                two.stop();
                untilRunning("tick-one", "one");
                assertThat(Duration.ofNanos(System.nanoTime() - stopped)).isLessThan(TAKE_OVER);
            }
        }
    }

    private static HttpResponse<String> health(SeraiProcess process) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(process.management() + "/observe/health"))
                                .build(),
                        BodyHandlers.ofString());
    }

    private static void signal(SeraiProcess process, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }
}
