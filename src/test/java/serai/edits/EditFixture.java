package serai.edits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import serai.demo.CardReport;
import serai.demo.MetabaseDouble;
import serai.testing.ProjectFolder;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;

/** Serai running on a copy of the project's files that a test edits, and what an operator sees of it. */
final class EditFixture implements AutoCloseable {

    static final int SESSIONS_CARD = 12;
    static final String NO_USERS =
            "User ID,Created At,Country,Locale,Email Domain,Role,Is Internal,Is Test,Source,Medium\n";
    private static final List<String> SESSIONS = List.of(
            "Session Date",
            "Source",
            "Medium",
            "Campaign",
            "Landing Page",
            "Country",
            "Device",
            "Sessions",
            "Users",
            "Engaged",
            "Signups");

    private final Map<String, String> settings = new HashMap<>();
    final TestDatabase database = new TestDatabase();
    final MetabaseDouble metabase;
    final ProjectFolder project;
    RunningSerai serai;

    private EditFixture(Path folder, Map<String, String> more) throws Exception {
        metabase = MetabaseDouble.start()
                .card(11, p -> CardReport.raw(NO_USERS))
                .card(SESSIONS_CARD, p -> sessionsReport())
                .card(13, p -> CardReport.raw("Login At,User ID,Device\n"));
        project = ProjectFolder.copyTo(folder);
        settings.putAll(
                Map.of("metabase.url", metabase.url(), "metabase.api-key", MetabaseDouble.API_KEY, "load.retry", "1h"));
        settings.putAll(more);
    }

    static EditFixture start(Path folder, Map<String, String> settings) throws Exception {
        EditFixture edited = new EditFixture(folder, settings);
        edited.restart();
        edited.serai.firstImport("load-users");
        edited.serai.firstImport("load-logins");
        edited.serai.firstImport("load-web-sessions");
        return edited;
    }

    void restart() throws Exception {
        if (serai != null) {
            serai.close();
        }
        serai = RunningSerai.start(project.root(), database, settings);
    }

    static CardReport sessionsReport() {
        return CardReport.of(SESSIONS, sessions(300));
    }

    private static List<List<Object>> sessions(int rows) {
        LocalDate day = LocalDate.now(ZoneOffset.UTC).minusDays(1);
        return IntStream.range(0, rows)
                .mapToObj(
                        i -> List.<Object>of(day, "source-" + i, "cpc", "spring", "/", "DE", "mobile", 10 + i, 9, 8, 1))
                .toList();
    }

    /** A route that answers a GET of {@code /<id>} with a text. */
    static String answering(String id, String text) {
        return """
                - route:
                    id: %s
                    from:
                      uri: platform-http:/%s
                      steps:
                        - setBody: { constant: "%s" }
                """.formatted(id, id, text);
    }

    /** The answer's body, or its status when that is not 200. */
    String get(String path) {
        try {
            HttpResponse<String> answer = serai.get("/" + path);
            return answer.statusCode() == 200 ? answer.body() : String.valueOf(answer.statusCode());
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    void awaitAnswer(String path, String text) {
        soon("the answer of /" + path + " to be " + text)
                .untilAsserted(() -> assertThat(get(path)).isEqualTo(text));
    }

    /** Waits until the file's row in {@code meta.edits} says so. */
    void awaitStatus(String file, String status) {
        soon(file + " to be " + status)
                .untilAsserted(() -> assertThat(edit(file)).startsWith(status + "|"));
    }

    /** Waits until it is refused, and gives line and reason, joined by {@code |}. */
    String awaitRefusal(String file) throws Exception {
        awaitStatus(file, "refused");
        return edit(file).substring("refused|".length());
    }

    /** Status, line and reason. */
    String edit(String file) throws Exception {
        List<String> rows = database.rows("select status, line, reason from meta.edits where file = ?", file);
        return rows.isEmpty() ? "" : rows.get(0);
    }

    void delete(String file) throws IOException {
        Files.deleteIfExists(project.root().resolve(file));
    }

    /** Waits until Serai has taken in all that was written so far. */
    void awaitLook() throws Exception {
        String file = "routes/show/look-" + System.nanoTime() + ".camel.yaml";
        project.write(file, "# " + file + "\n" + answering("look", "look"));
        soon("a look").until(() -> !edit(file).isEmpty());
        delete(file);
        soon("a look").until(() -> edit(file).isEmpty());
    }

    static org.awaitility.core.ConditionFactory soon(String what) {
        return await(what)
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(30))
                .pollDelay(Duration.ZERO);
    }

    @Override
    public void close() throws Exception {
        try (metabase;
                database) {
            serai.close();
        }
    }
}
