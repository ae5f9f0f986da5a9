package serai.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.apache.camel.component.quartz.QuartzComponent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quartz.JobKey;
import serai.demo.SlackDouble;
import serai.demo.SlackFailure;
import serai.testing.TestDatabase;

/** The shipped route of the digest, over star tables of a test. */
class MorningDigestIT {

    @TempDir
    Path root;

    private final LocalDate yesterday = LocalDate.now(ZoneOffset.UTC).minusDays(1);
    private TestDatabase database;
    private SlackDouble slack;
    private RunningWatch watch;

    @BeforeEach
    void start() throws Exception {
        database = new TestDatabase();
        slack = SlackDouble.start();
        star();
        watch = RunningWatch.start(
                root,
                database,
                "watch.slack-webhook",
                slack.webhook("a"),
                "watch.elasticsearch",
                "127.0.0.1:9",
                "watch.morning-digest.cron",
                "0 0 0 1 1 ? 2099");
        await().atMost(Duration.ofSeconds(30)).until(() -> watch.context().getRoute("watch-morning-digest") != null);
    }

    @AfterEach
    void stop() throws Exception {
        watch.close();
        slack.close();
        database.close();
    }

    /** Three signups, one of them internal; two active users; two channels; the web sessions are not complete. */
    private void star() {
        database.execute("""
                create table star.dim_users (user_key bigint, signup_date date, is_internal boolean, is_test boolean);
                create table star.fact_logins (user_key bigint, date_key date);
                create table star.dim_channels (channel_key bigint, channel text);
                create table star.fact_web_sessions_day (date_key date, channel_key bigint, sessions bigint)""");
        database.execute(
                "insert into star.dim_users values (1, ?, false, false), (2, ?, false, false), (3, ?, true, false),"
                        + " (4, ?, false, false), (0, null, false, false)",
                yesterday,
                yesterday,
                yesterday,
                yesterday.minusDays(7));
        database.execute(
                "insert into star.fact_logins values (1, ?), (2, ?), (3, ?), (1, ?), (2, ?), (4, ?)",
                yesterday,
                yesterday,
                yesterday,
                yesterday.minusDays(1),
                yesterday.minusDays(7),
                yesterday.minusDays(7));
        database.execute("insert into star.dim_channels values (7, 'Direct'), (8, '<!channel>')");
        database.execute(
                "insert into star.fact_web_sessions_day values (?, 7, 60), (?, 7, 30), (?, 7, 100), (?, 8, 5)",
                yesterday,
                yesterday,
                yesterday.minusDays(7),
                yesterday);
        database.execute(
                "insert into meta.model_state (model, kind, complete_to) values ('dim_users', 'table', 'infinity'),"
                        + " ('fact_logins', 'recalc', ?::date + interval '1 day'),"
                        + " ('fact_web_sessions_day', 'recalc', (?::date + interval '14 hours') at time zone 'UTC')",
                yesterday.plusDays(1),
                yesterday);
    }

    private void fire() throws Exception {
        watch.context()
                .getComponent("quartz", QuartzComponent.class)
                .getScheduler()
                .triggerJob(new JobKey("morning-digest", "watch"));
    }

    @Test
    void theDigestHasEachNumberItsChangeAndAMarkWhereTheInputIsNotCompleteAndComesOnce() throws Exception {
        slack.retryAfter(1).next(SlackFailure.RATE_LIMITED, SlackFailure.ROLLUP_ERROR);
        fire();
        await().atMost(Duration.ofSeconds(60)).until(() -> !slack.messages().isEmpty());
        String day =
                DateTimeFormatter.ofPattern("EEE dd MMM yyyy", Locale.ENGLISH).format(yesterday);
        String dayAndTime =
                DateTimeFormatter.ofPattern("dd MMM", Locale.ENGLISH).format(yesterday) + " 14:00 UTC";
        assertThat(slack.messages().get(0).text())
                .isEqualTo(String.join(
                        "\n",
                        "Yesterday, " + day + ", and the change to a week before",
                        "Signups: 2 (+100%)",
                        "Active users: 2 (+0%)",
                        "Sessions, Direct: 90 (-10%)  ⚠ not complete: data to " + dayAndTime,
                        "Sessions, &lt;!channel&gt;: 5  ⚠ not complete: data to " + dayAndTime));

        fire();
        await().atMost(Duration.ofSeconds(30)).until(() -> database.value("""
                                select 'x' from meta.outbox having count(*) = 1 and count(*) filter (where status = 'sent') = 1""") != null);
        assertThat(slack.messages()).hasSize(1);
    }
}
