package serai.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import serai.testing.TestDatabase;

class RetentionIT {

    private static final TestDatabase database = new TestDatabase();

    @AfterAll
    static void stop() {
        database.close();
    }

    @BeforeEach
    void empty() {
        database.execute("truncate meta.runs, meta.rejects, meta.sources, meta.ga4_days restart identity");
    }

    /** Runs that began on as many days, the last one today, each with a window of the three days before. */
    private static void runs(String source, int days, String status, int inserted) {
        database.execute("""
                insert into meta.runs (source, kind, started_at, finished_at, status, window_from, window_to, rows_inserted)
                select ?, 'test', day, day, ?, day - interval '3 days', day, ?
                from generate_series(?::int - 1, 0, -1) as ago, lateral (select now() - ago * interval '1 day' as day) d""", source, status, inserted, days);
    }

    private static void delete() throws Exception {
        new Retention(database.warehouse(), Duration.ofDays(90), Duration.ofDays(90)).delete();
    }

    private static List<String> left(String source) {
        return database.rows("select run_id from meta.runs where source = ? order by run_id", source);
    }

    @Test
    void runsOlderThanThatAreDeletedButForTheLastHundredAndTheFirst() throws Exception {
        runs("a", 300, "ok", 1);
        delete();
        assertThat(left("a")).hasSize(101).startsWith("1", "201").endsWith("300");
        delete();
        assertThat(left("a")).hasSize(101);
    }

    @Test
    void runsOfTheLastDaysStayHoweverManyThereAre() throws Exception {
        for (int i = 0; i < 3; i++) {
            runs("a", 60, "ok", 1);
        }
        delete();
        assertThat(left("a")).hasSize(180);
    }

    @Test
    void theLastSuccessOfASourceThatFailsSinceLongStays() throws Exception {
        runs("a", 1, "ok", 1);
        runs("a", 1, "unchanged", 0);
        runs("a", 400, "failed", 0);
        database.execute("update meta.runs set started_at = started_at - interval '400 days',"
                + " finished_at = finished_at - interval '400 days'");
        delete();
        assertThat(left("a")).hasSize(102).startsWith("1", "2", "303");
    }

    @Test
    void howFarBackASourceWasImportedStaysKnown() throws Exception {
        runs("a", 300, "unchanged", 0);
        // a reload of early days, and the first run that had rows
        database.execute("update meta.runs set window_from = '2020-01-01' where run_id = 50");
        database.execute("update meta.runs set rows_inserted = 7 where run_id = 70");
        String history = "select min(window_from) || ' ' || bool_or(rows_inserted > 0 and finished_at <"
                + " now() - interval '200 days') from meta.runs where source = 'a' and status in ('ok', 'unchanged')";
        String before = database.value(history);
        delete();
        assertThat(left("a")).hasSize(102).startsWith("50", "70", "201");
        assertThat(database.value(history)).isEqualTo(before).endsWith(" true");
    }

    @Test
    void resolvedRejectsAreDeletedAndOpenOnesOfASourceStayWithTheirRun() throws Exception {
        runs("a", 300, "ok", 1);
        database.execute("insert into meta.sources (source, kind) values ('a', 'test')");
        String reject =
                "insert into meta.rejects (run_id, source, target, locator, payload, payload_bytes, reason, fingerprint,"
                        + " last_seen, resolved_at) select ?, ?, 't.t', '{}', '', 0, '', ?, now() - interval '200 days',"
                        + " now() - ?::int * interval '1 day'";
        database.execute(reject, 10, "a", "open", null);
        database.execute(reject, 11, "a", "resolved long ago", 91);
        database.execute(reject, 12, "a", "resolved lately", 89);
        database.execute(reject, 13, "rule", "a document", null);
        delete();
        assertThat(database.rows("select fingerprint from meta.rejects order by 1"))
                .containsExactly("open", "resolved lately");
        assertThat(left("a")).startsWith("1", "10", "201");
    }

    @Test
    void moreThanOnePartIsDeletedAndARunInProgressStays() throws Exception {
        runs("a", 1, "running", 0);
        database.execute("update meta.runs set started_at = now() - interval '1 year'");
        for (int i = 0; i < 60; i++) {
            runs("b", 500, "ok", 0);
        }
        database.execute("update meta.runs set started_at = started_at - interval '1 year',"
                + " finished_at = finished_at - interval '1 year'");
        delete();
        assertThat(left("a")).hasSize(1);
        assertThat(left("b")).hasSizeBetween(100, 102);
    }
}
