package serai.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import serai.http.HttpOptions;
import serai.testing.TestDatabase;
import serai.warehouse.Warehouse;
import serai.watch.alerter.HttpDestination;
import serai.watch.outbox.OperatorNotices;

class FailureNoticeIT {

    private static final String WEBHOOK = "http://127.0.0.1:9/services/T0/B0/secret";

    private TestDatabase database;
    private Warehouse warehouse;
    private RuleFailureNotice notice;

    @BeforeEach
    void open() throws SQLException {
        database = new TestDatabase();
        warehouse = database.warehouse();
        notice = new RuleFailureNotice(
                warehouse,
                Duration.ofMinutes(10),
                new OperatorNotices(HttpDestination.of("slack", WEBHOOK, HttpOptions.DEFAULT)));
        database.execute("""
                insert into meta.rules (rule, type, file, status, run_every_ms, due_at, last_run_at)
                select 'rule-' || i, 'any', 'f', 'ok', 60000, clock_timestamp() + interval '1 minute', clock_timestamp()
                from generate_series(1, 8) i""");
    }

    @AfterEach
    void close() {
        database.close();
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
        notice.check();
        assertThat(queued()).isEmpty();

        database.execute(
                "update meta.rules set status = 'failed', error = 'nobody answers', failing_since = clock_timestamp() - interval '9 minutes'");
        notice.check();
        assertThat(queued()).isEmpty();

        database.execute("update meta.rules set failing_since = clock_timestamp() - interval '11 minutes'");
        notice.check();
        notice.check();
        assertThat(queued())
                .isEqualTo(
                        ":warning: No successful run of 8 alert rules (rule-1, rule-2, rule-3, rule-4, rule-5 and 3 more)"
                                + " for more than 600 s: nobody answers\nWhen they run again, they cover the time since their last run.");

        database.execute(
                "update meta.rules set status = 'ok', error = null, failing_since = null where rule <> 'rule-8'");
        notice.check();
        notice.check();
        assertThat(queued())
                .isEqualTo(":white_check_mark: Successful runs again of 7 alert rules"
                        + " (rule-1, rule-2, rule-3, rule-4, rule-5 and 2 more).");

        database.execute("update meta.rules set active = false where rule = 'rule-8'");
        notice.check();
        assertThat(queued()).isEmpty();
    }

    @Test
    void aRuleThatDoesNotRunIsReportedUnlessItIsDisabled() throws Exception {
        database.execute(
                "update meta.rules set due_at = clock_timestamp() - interval '11 minutes' where rule in ('rule-1', 'rule-2', 'rule-3')");
        database.execute("update meta.rules set run_every_ms = 3600000 where rule = 'rule-2'");
        database.execute("update meta.rules set disabled = true, status = 'disabled' where rule = 'rule-3'");
        notice.check();
        assertThat(queued())
                .startsWith(":warning: No successful run of alert rule rule-1 for more than 600 s: no run ended");
        assertThat(database.value("select string_agg(rule, ',') from meta.rules where failure_notified"))
                .isEqualTo("rule-1");
    }

    @Test
    void theWarehouseDoesNotHoldTheWebhook() throws Exception {
        database.execute(
                "update meta.rules set status = 'failed', error = 'x', failing_since = clock_timestamp() - interval '1 hour'");
        notice.check();
        assertThat(database.value("select string_agg(o::text, '') from meta.outbox o"))
                .contains("slack")
                .doesNotContain("secret");
    }

    @Test
    void nothingIsQueuedWithoutAWebhook() throws Exception {
        database.execute(
                "update meta.rules set status = 'failed', error = 'x', failing_since = clock_timestamp() - interval '1 hour'");
        new RuleFailureNotice(warehouse, Duration.ofMinutes(10), new OperatorNotices(null)).check();
        assertThat(queued()).isEmpty();
    }

    @Test
    void aReasonNotifiesNobodyInTheChannel() throws Exception {
        database.execute("update meta.rules set status = 'failed', error = '<!channel> <@U1> & more',"
                + " failing_since = clock_timestamp() - interval '1 hour' where rule = 'rule-1'");
        notice.check();
        assertThat(queued()).contains(": &lt;!channel> &lt;@U1> & more\n").doesNotContain("<");
    }
}
