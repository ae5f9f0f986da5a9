package serai.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import serai.warehouse.TestWarehouse;
import serai.warehouse.Warehouse;
import serai.watch.alerter.HttpDestination;

class FailureNoticeIT {

    private static final String WEBHOOK = "http://127.0.0.1:9/services/T0/B0/secret";

    private Warehouse warehouse;
    private RuleFailureNotice notice;

    @BeforeEach
    void open() throws SQLException {
        warehouse = TestWarehouse.fresh();
        notice = new RuleFailureNotice(
                warehouse,
                Duration.ofMinutes(10),
                HttpDestination.of("slack", WEBHOOK, serai.http.HttpOptions.DEFAULT));
        run("""
                insert into meta.rules (rule, type, file, status, run_every_ms, due_at, last_run_at)
                select 'rule-' || i, 'any', 'f', 'ok', 60000, clock_timestamp() + interval '1 minute', clock_timestamp()
                from generate_series(1, 8) i""");
    }

    @AfterEach
    void close() {
        warehouse.close();
    }

    private void run(String sql) throws SQLException {
        try (Connection c = warehouse.dataSource().getConnection();
                Statement s = c.createStatement()) {
            s.execute(sql);
        }
    }

    /** The texts queued since the last call. */
    private String queued() throws SQLException {
        String texts = RunningWatch.value(
                warehouse, "select string_agg(payload ->> 'text', '|' order by message_id) from meta.outbox");
        run("delete from meta.outbox");
        return texts == null ? "" : texts;
    }

    @Test
    void tellsOnceOfManyRulesThatFailForLongAndOnceWhenTheyRunAgain() throws Exception {
        notice.tell();
        assertThat(queued()).isEmpty();

        run(
                "update meta.rules set status = 'failed', error = 'nobody answers', failing_since = clock_timestamp() - interval '9 minutes'");
        notice.tell();
        assertThat(queued()).isEmpty();

        run("update meta.rules set failing_since = clock_timestamp() - interval '11 minutes'");
        notice.tell();
        notice.tell();
        assertThat(queued())
                .isEqualTo(
                        ":warning: 8 alert rules (rule-1, rule-2, rule-3, rule-4, rule-5 and 3 more) for more than 600 s"
                                + " without a run that succeeded: nobody answers\nTheir time is covered when they run again.");

        run("update meta.rules set status = 'ok', error = null, failing_since = null where rule <> 'rule-8'");
        notice.tell();
        notice.tell();
        assertThat(queued())
                .isEqualTo(":white_check_mark: 7 alert rules (rule-1, rule-2, rule-3, rule-4, rule-5 and 2 more)"
                        + " again in order.");

        run("update meta.rules set active = false where rule = 'rule-8'");
        notice.tell();
        assertThat(queued()).isEmpty();
    }

    @Test
    void tellsOfARuleThatDoesNotRunAndNotOfOneThatIsSwitchedOff() throws Exception {
        run(
                "update meta.rules set due_at = clock_timestamp() - interval '11 minutes' where rule in ('rule-1', 'rule-2', 'rule-3')");
        run("update meta.rules set run_every_ms = 3600000 where rule = 'rule-2'");
        run("update meta.rules set disabled = true, status = 'disabled' where rule = 'rule-3'");
        notice.tell();
        assertThat(queued()).startsWith(":warning: Alert rule rule-1 for more than 600 s without a run that succeeded");
        assertThat(RunningWatch.value(warehouse, "select string_agg(rule, ',') from meta.rules where failure_notified"))
                .isEqualTo("rule-1");
    }

    @Test
    void keepsTheWebhookOutOfTheWarehouse() throws Exception {
        run(
                "update meta.rules set status = 'failed', error = 'x', failing_since = clock_timestamp() - interval '1 hour'");
        notice.tell();
        assertThat(RunningWatch.value(warehouse, "select string_agg(o::text, '') from meta.outbox o"))
                .contains("slack")
                .doesNotContain("secret");
    }

    @Test
    void saysNothingWhereTheSettingsNameNobody() throws Exception {
        run(
                "update meta.rules set status = 'failed', error = 'x', failing_since = clock_timestamp() - interval '1 hour'");
        new RuleFailureNotice(warehouse, Duration.ofMinutes(10), null).tell();
        assertThat(queued()).isEmpty();
    }
}
