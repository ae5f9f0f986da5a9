package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static serai.testing.Waiting.soon;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.testing.ProjectFolder;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;

/** The route and the kamelet as an operator has them, on the project's own SQL files. */
class RefreshRouteIT {

    @Test
    void theTimerRefreshesTheStar(@TempDir Path folder) throws Exception {
        ProjectFolder.copyTo(folder, "routes/refresh/*", "routes/kamelets/refresh-*", "sql/**");
        Map<String, String> settings = Map.of("refresh.cron", "* * * * * ?", "refresh.lock-timeout", "1500ms");
        try (TestDatabase database = new TestDatabase();
                RunningSerai serai = RunningSerai.start(folder, database, settings)) {
            assertThat(database.rows("select file, reason from meta.edits where status = 'refused'"))
                    .isEmpty();
            soon().untilAsserted(() -> assertThat(
                            database.number("select count(*) from meta.model_state where status = 'ok'"))
                    .isEqualTo(20));
            assertThat(serai.context().getRoutes()).isNotEmpty();
        }
    }
}
