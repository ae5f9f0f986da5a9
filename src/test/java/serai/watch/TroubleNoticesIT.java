package serai.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import serai.RoomSections;
import serai.http.HttpOptions;
import serai.testing.TestDatabase;
import serai.watch.alerter.HttpDestination;
import serai.watch.outbox.OperatorNotices;

class TroubleNoticesIT {

    private static final String WEBHOOK = "http://127.0.0.1:9/services/T0/B0/secret";

    private TestDatabase database;
    private RoomSections sections;
    private TroubleNotices notices;

    @BeforeEach
    void open() {
        database = new TestDatabase();
        sections = new RoomSections(database, Map.of());
        notices = notices(new OperatorNotices(HttpDestination.of("slack", WEBHOOK, HttpOptions.DEFAULT), null));
    }

    private TroubleNotices notices(OperatorNotices operators) {
        return new TroubleNotices(database.warehouse(), sections.reader(), Duration.ofMinutes(10), operators);
    }

    @AfterEach
    void close() throws Exception {
        sections.close();
        database.close();
    }

    private void rules(int count) {
        database.execute("""
                insert into meta.rules (rule, type, file, status, run_every_ms, due_at, last_run_at)
                select 'rule-' || i, 'any', 'f', 'ok', 60000, clock_timestamp() + interval '1 minute', clock_timestamp()
                from generate_series(1, ?) i""", count);
    }

    private void source(String name) {
        database.execute(
                "insert into meta.sources (source, kind, cron) values (?, 'metabase-report', '0 0 0 1 1 ? 2099')",
                name);
    }

    private void run(String source, String status, String ago, String error) {
        database.execute("""
                insert into meta.runs (source, kind, status, started_at, finished_at, error)
                select ?, 'metabase-report', ?, at, at, ? from (select clock_timestamp() - ?::interval as at) t""", source, status, error, ago);
    }

    /** The texts queued since the last call. */
    private String queued() throws SQLException {
        String texts =
                database.value("select string_agg(payload ->> 'text', '|' order by message_id) from meta.outbox");
        database.execute("delete from meta.outbox");
        return texts == null ? "" : texts;
    }

    @Test
    void manyRulesThatFailAreReportedOnceAndOnceWhenTheyRunAgain() throws Exception {
        rules(8);
        notices.check();
        assertThat(queued()).isEmpty();

        database.execute(
                "update meta.rules set status = 'failed', error = 'no answer', failing_since = clock_timestamp() - interval '9 minutes'");
        notices.check();
        assertThat(queued()).isEmpty();

        database.execute("update meta.rules set failing_since = clock_timestamp() - interval '11 minutes'");
        notices.check();
        notices.check();
        assertThat(queued())
                .isEqualTo(":warning: 8 rules (rule-1, rule-2, rule-3, rule-4, rule-5 and 3 more) have failed,"
                        + " for 11 min: no answer");

        database.execute(
                "update meta.rules set status = 'ok', error = null, failing_since = null where rule <> 'rule-8'");
        notices.check();
        notices.check();
        assertThat(queued())
                .isEqualTo(":white_check_mark: 7 rules (rule-1, rule-2, rule-3, rule-4, rule-5 and 2 more)"
                        + " are in order again.");

        database.execute("update meta.rules set active = false where rule = 'rule-8'");
        notices.check();
        assertThat(queued()).isEmpty();
        assertThat(database.value("select count(*) from meta.troubles")).isEqualTo("0");
    }

    @Test
    void aRuleThatDoesNotRunIsReportedUnlessItIsDisabled() throws Exception {
        rules(3);
        database.execute("update meta.rules set due_at = clock_timestamp() - interval '11 minutes'");
        database.execute("update meta.rules set run_every_ms = 3600000 where rule = 'rule-2'");
        database.execute("update meta.rules set disabled = true, status = 'disabled' where rule = 'rule-3'");
        notices.check();
        assertThat(queued()).startsWith(":warning: Rule rule-1 is late, for 11 min.\nIt has not run since ");
        assertThat(database.value("select string_agg(name, ',') from meta.troubles"))
                .isEqualTo("rule-1");
    }

    @Test
    void aSourceThatIsHeldFailedOrLateIsReportedWithWhatStands() throws Exception {
        source("crm");
        run("crm", "ok", "3 hours", null);
        run("crm", "failed", "20 minutes", "Metabase answered 500.");
        run("crm", "failed", "2 minutes", "Metabase answered 502.");
        source("held");
        run("held", "held", "12 minutes", "The answer is an HTML page.");
        source("late");
        database.execute("""
                update meta.sources set cron = '0 * * * * ?', registered_at = clock_timestamp() - interval '2 hours'
                where source = 'late'""");
        notices.check();
        assertThat(queued().lines())
                .contains(
                        ":warning: Source crm has failed, for 20 min: Metabase answered 502.",
                        "The last run failed. The rows loaded 3 h ago stay.",
                        ":warning: Source held is held, for 12 min: The answer is an HTML page.")
                .anyMatch(line -> line.startsWith(":warning: Source late is late, for 1 h."));

        run("crm", "unchanged", "1 minute", null);
        notices.check();
        assertThat(queued()).isEqualTo(":white_check_mark: Source crm is in order again.");
    }

    @Test
    void oneCauseIsOneMessageAlsoForThoseThatFollow() throws Exception {
        for (int i = 1; i <= 4; i++) {
            source("source-" + i);
            run("source-" + i, "failed", i <= 2 ? "15 minutes" : "5 minutes", "Card " + i + ": the login was refused.");
        }
        notices.check();
        assertThat(queued())
                .isEqualTo(":warning: 2 sources (source-1, source-2) have failed, for 15 min: Card 1: the login was"
                        + " refused.");

        database.execute("update meta.runs set started_at = clock_timestamp() - interval '11 minutes'");
        notices.check();
        assertThat(queued()).isEmpty();

        run("source-1", "ok", "0 minutes", null);
        run("source-4", "ok", "0 minutes", null);
        notices.check();
        assertThat(queued()).isEqualTo(":white_check_mark: 2 sources (source-1, source-4) are in order again.");
    }

    @Test
    void modelsThatWaitForAnotherAreNamedInItsMessage() throws Exception {
        database.execute("""
                insert into meta.model_state (model, kind, status, error, cause, since) values
                ('dim_users', 'table', 'failed', 'column x does not exist', null, clock_timestamp() - interval '61 minutes'),
                ('fact_a', 'recalc', 'blocked', 'It waits.', 'dim_users', clock_timestamp() - interval '61 minutes'),
                ('fact_b', 'recalc', 'blocked', 'It waits.', 'dim_users', clock_timestamp() - interval '61 minutes')""");
        notices.check();
        assertThat(queued())
                .isEqualTo(":warning: Model dim_users has failed, for 1 h: column x does not exist\n"
                        + "Its last refresh failed: it holds the rows of the refresh before.\n"
                        + "This waits for it: fact_a, fact_b.");

        database.execute("update meta.model_state set status = 'ok', error = null, cause = null, since = now()");
        notices.check();
        assertThat(queued()).isEqualTo(":white_check_mark: Model dim_users is in order again.");
        assertThat(database.value("select count(*) from meta.troubles")).isEqualTo("0");
    }

    @Test
    void aRouteThatFailsIsReportedButNotTheRouteOfASource() throws Exception {
        source("load-users");
        run("load-users", "ok", "1 minute", null);
        database.execute("""
                insert into meta.instances (id, host, pid, version) values ('i', 'h', 1, '1');
                insert into meta.route_runs (instance, route, failing_since, failures, error) values
                  ('i', 'own', clock_timestamp() - interval '1 hour', 3, 'refused'),
                  ('i', 'load-users', clock_timestamp() - interval '1 hour', 3, 'refused'),
                  ('gone', 'other', clock_timestamp() - interval '1 hour', 3, 'refused')""");
        notices.check();
        assertThat(queued()).isEqualTo(":warning: Route own has failed, for 1 h: refused\nIts last run failed.");
    }

    @Test
    void aNoticeIsQueuedOnlyTogetherWithItsState() throws Exception {
        rules(1);
        database.execute(
                "update meta.rules set status = 'failed', error = 'x', failing_since = clock_timestamp() - interval '1 hour'");
        // fails after the state was written, as a kill does
        database.execute("alter table meta.outbox add constraint no_more check (channel <> 'slack')");
        assertThatThrownBy(notices::check).hasMessageContaining("no_more");
        assertThat(database.value("select count(*) from meta.troubles")).isEqualTo("0");

        database.execute("alter table meta.outbox drop constraint no_more");
        notices.check();
        assertThat(queued()).startsWith(":warning: Rule rule-1 has failed");
    }

    @Test
    void theWarehouseDoesNotHoldTheWebhook() throws Exception {
        rules(1);
        database.execute(
                "update meta.rules set status = 'failed', error = 'x', failing_since = clock_timestamp() - interval '1 hour'");
        notices.check();
        assertThat(database.value("select string_agg(o::text, '') from meta.outbox o"))
                .contains("slack")
                .doesNotContain("secret");
    }

    @Test
    void nothingIsQueuedWithoutAWebhook() throws Exception {
        rules(1);
        database.execute(
                "update meta.rules set status = 'failed', error = 'x', failing_since = clock_timestamp() - interval '1 hour'");
        notices(new OperatorNotices(null, null)).check();
        assertThat(queued()).isEmpty();
    }

    @Test
    void aReasonNotifiesNobodyInTheChannel() throws Exception {
        rules(1);
        database.execute("update meta.rules set status = 'failed', error = '<!channel> <@U1> & more',"
                + " failing_since = clock_timestamp() - interval '1 hour'");
        notices.check();
        assertThat(queued()).contains(": &lt;!channel> &lt;@U1> & more\n").doesNotContain("<");
    }
}
