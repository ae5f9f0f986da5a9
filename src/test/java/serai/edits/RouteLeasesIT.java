package serai.edits;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.ServiceStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.testing.ProjectFolder;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;
import serai.testing.Waiting;
import serai.warehouse.Writer;

/** Edits of a route that runs on one instance, while this one has its lease and while another one has it. */
class RouteLeasesIT {

    private static final String FILE = "routes/own/own-tick.camel.yaml";
    private static final String HELD =
            "select count(*) from meta.leases where source = 'route:own-tick' and expires_at > clock_timestamp()";

    @TempDir
    Path root;

    private final TestDatabase database = new TestDatabase();
    private ProjectFolder project;
    private RunningSerai serai;

    @BeforeEach
    void start() throws Exception {
        project = ProjectFolder.copyTo(root, "routes/_errors.camel.yaml");
        serai = RunningSerai.start(root, database, Map.of());
    }

    @AfterEach
    void stop() {
        serai.close();
        database.close();
    }

    private static String route(String from, String more) {
        return """
                - route:
                    id: own-tick
                    %s
                    from:
                      uri: %s
                      steps:
                        - log: "${body}"
                """.formatted(more, from);
    }

    private ServiceStatus status() {
        return serai.context().getRouteController().getRouteStatus("own-tick");
    }

    private void untilStatus(ServiceStatus status) {
        Waiting.soon().until(() -> status() == status);
    }

    private String uri() {
        return serai.context().getRoute("own-tick") == null
                ? ""
                : serai.context().getRoute("own-tick").getEndpoint().getEndpointUri();
    }

    @Test
    void anEditedRouteKeepsRunningAndARemovedOneGivesItsLeaseBack() throws Exception {
        project.write(FILE, route("timer:own?period=1000", ""));
        untilStatus(ServiceStatus.Started);
        assertThat(database.value(HELD)).isEqualTo("1");
        project.write(FILE, route("timer:own?period=2000", ""));
        Waiting.soon().until(() -> uri().contains("2000") && status() == ServiceStatus.Started);
        assertThat(database.value(HELD)).isEqualTo("1");
        project.delete(FILE);
        Waiting.soon().until(() -> database.value(HELD).equals("0"));
        assertThat(status()).isNull();
    }

    @Test
    void aRouteThatRunsElsewhereIsStoppedHereAlsoWhenEditedUntilTheOtherGivesItBack() throws Exception {
        try (Writer other = database.warehouse().tryWriter("route:own-tick").orElseThrow()) {
            assertThat(other.isRenewed()).isTrue();
            project.write(FILE, route("timer:own?period=1000", ""));
            untilStatus(ServiceStatus.Stopped);
            project.write("routes/_errors.camel.yaml", project.read("routes/_errors.camel.yaml") + "\n# edited\n");
            project.write(FILE, route("timer:own?period=2000", ""));
            Waiting.soon().until(() -> uri().contains("2000"));
            TimeUnit.SECONDS.sleep(4);
            assertThat(status()).isEqualTo(ServiceStatus.Stopped);
        }
        untilStatus(ServiceStatus.Started);
        assertThat(serai.context().getRoute("own-tick").isAutoStartup()).isTrue();
    }

    @Test
    void aRouteStopsWhenItsLeaseIsTaken() throws Exception {
        project.write(FILE, route("timer:own?period=1000", ""));
        untilStatus(ServiceStatus.Started);
        database.execute("update meta.leases set owner = 'other', epoch = epoch + 1,"
                + " expires_at = clock_timestamp() + interval '1 minute' where source = 'route:own-tick'");
        untilStatus(ServiceStatus.Stopped);
        database.execute("update meta.leases set expires_at = '-infinity' where source = 'route:own-tick'");
        untilStatus(ServiceStatus.Started);
    }

    @Test
    void aRouteWithLocalInputOrThatIsSharedHasNoLease() throws Exception {
        try (Writer other = database.warehouse().tryWriter("route:own-tick").orElseThrow()) {
            project.write(FILE, route("file:" + root.resolve("inbox"), ""));
            untilStatus(ServiceStatus.Started);
            project.write(FILE, route("timer:own", "routePolicy: shared"));
            Waiting.soon().until(() -> uri().contains("timer") && status() == ServiceStatus.Started);
            project.write(FILE, route("file:" + root.resolve("inbox"), "routePolicy: single"));
            Waiting.soon().until(() -> uri().contains("file") && status() == ServiceStatus.Stopped);
            assertThat(other.isRenewed()).isTrue();
        }
    }

    @Test
    void aRouteThatWasStoppedByHandStaysStoppedWhenAnotherFileIsEdited() throws Exception {
        project.write(FILE, route("timer:own?period=1000", ""));
        untilStatus(ServiceStatus.Started);
        serai.context().getRouteController().stopRoute("own-tick");
        project.write("routes/_errors.camel.yaml", project.read("routes/_errors.camel.yaml") + "\n# edited\n");
        TimeUnit.SECONDS.sleep(4);
        assertThat(status()).isEqualTo(ServiceStatus.Stopped);
    }
}
