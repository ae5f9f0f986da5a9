package serai.load.ga4;

import static org.assertj.core.api.Assertions.assertThat;
import static serai.load.ga4.Ga4Visits.today;

import java.nio.file.Path;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.testing.Waiting;

/** A reload of past days from Google Analytics' double, in parts of a month. */
class Ga4ReloadIT {

    @TempDir
    static Path folder;

    @Test
    void aReloadImportsPastDaysInParts() throws Exception {
        try (Ga4Visits serai = new Ga4Visits(folder)) {
            serai.load();
            LocalDate first = today().minusDays(60);
            serai.database.execute(
                    "insert into meta.reloads (source, first_day, end_day, next_day, requested_by)"
                            + " values (?, ?, ?, ?, 'ann')",
                    Ga4Visits.SOURCE,
                    first,
                    first.plusDays(40),
                    first);
            assertThat(serai.run()).isEqualTo("ok");
            // the other part follows by itself
            Waiting.soon()
                    .untilAsserted(() -> assertThat(serai.database.rows("select next_day from meta.reloads"))
                            .isEmpty());
            serai.assertPartIsWhole(first, 40);
        }
    }
}
