package serai.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.JiraDouble;
import serai.demo.SlackDouble;
import serai.testing.TestDatabase;
import serai.warehouse.Warehouse;
import serai.watch.alert.AlertRule;

/** Tickets in Jira's double: opened once, commented on, and named by the other alerters. */
class JiraIT {

    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    Path root;

    private TestDatabase database;
    private Warehouse warehouse;
    private JiraDouble jira;
    private RunningWatch watch;

    @BeforeEach
    void prepare() throws Exception {
        database = new TestDatabase();
        warehouse = database.warehouse();
        jira = JiraDouble.start();
    }

    @AfterEach
    void stop() throws Exception {
        if (watch != null) {
            watch.close();
        }
        jira.close();
        database.close();
    }

    private AlertRule start(String options) throws Exception {
        Path login = Files.writeString(root.resolve("login.yaml"), "user: bot\npassword: s3cret\n");
        String all = "jira_server: " + jira.url() + "\njira_account_file: " + login
                + "\njira_project: OPS\njira_issuetype: Bug\n" + options;
        QueuedAlerts.write(root, "ticket", all);
        watch = RunningWatch.start(root, database, "watch.elasticsearch", "127.0.0.1:9");
        return QueuedAlerts.rule("ticket", all);
    }

    private void awaitSent(int messages) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(watch.value("select count(*) from meta.outbox where status = 'sent'"))
                        .isEqualTo(String.valueOf(messages)));
    }

    @Test
    void anAlertOpensATicketWithTheFieldsOfTheRule() throws Exception {
        AlertRule rule = start(
                "alert: jira\njira_labels: [serai]\njira_priority: 1\njira_assignee: ann\njira_watchers: bob\n"
                        + "jira_components: api\njira_team: core\njira_who: \"#text\"\njira_description: Look here\nquery_key: text\n");
        QueuedAlerts.enqueue(warehouse, rule, QueuedAlerts.match("disk"));
        awaitSent(1);
        JsonNode ticket = jira.issues().get("OPS-1");
        assertThat(ticket.at("/fields/summary").asText())
                .startsWith("ElastAlert: disk matched ticket - 2024-03-01 12:00");
        assertThat(ticket.at("/fields/description").asText()).startsWith("Look here\n");
        assertThat(ticket.at("/fields/priority/id").asText()).isEqualTo("200");
        assertThat(ticket.at("/fields/labels/0").asText()).isEqualTo("serai");
        assertThat(ticket.at("/fields/components/0/name").asText()).isEqualTo("api");
        assertThat(ticket.at("/fields/customfield_7/value").asText()).isEqualTo("core");
        assertThat(ticket.at("/fields/customfield_8/0").asText()).isEqualTo("disk");
        assertThat(ticket.path("assignee").asText()).isEqualTo("ann");
        assertThat(ticket.at("/watchers/0").asText()).isEqualTo("bob");
        assertThat(watch.value("select result from meta.outbox")).isEqualTo(jira.url() + "/browse/OPS-1");
        assertThat(watch.value("select o::text from meta.outbox o")).doesNotContain("s3cret");
    }

    @Test
    void anAlertIsACommentOnTheTicketThatExists() throws Exception {
        AlertRule rule = start(
                "alert: jira\njira_bump_tickets: true\njira_transition_to: Reopen\nalert_subject: \"Disk \\\"full\\\"\"\n");
        QueuedAlerts.enqueue(warehouse, rule, QueuedAlerts.match("one"));
        awaitSent(1);
        QueuedAlerts.enqueue(warehouse, rule, QueuedAlerts.match("two"));
        awaitSent(2);
        assertThat(jira.issues()).hasSize(1);
        assertThat(jira.issues().get("OPS-1").at("/comments/0/body").asText())
                .startsWith("This alert was triggered again at 2024-03-01");
        assertThat(jira.issues().get("OPS-1").path("transition").asText()).isEqualTo("31");
    }

    @Test
    void noSecondTicketIsOpenedWhenTheAnswerToTheFirstWasLost() throws Exception {
        AlertRule rule = start("alert: jira\n");
        jira.breakAfterOpening();
        QueuedAlerts.enqueue(warehouse, rule, QueuedAlerts.match("one"));
        awaitSent(1);
        assertThat(jira.issues()).hasSize(1);
        assertThat(watch.value("select result from meta.outbox")).endsWith("/browse/OPS-1");
    }

    @Test
    void anAlertIsNoCommentOnItsOwnTicketWhenTheAnswerWasLost() throws Exception {
        AlertRule rule = start("alert: jira\njira_bump_tickets: true\n");
        jira.breakAfterOpening();
        QueuedAlerts.enqueue(warehouse, rule, QueuedAlerts.match("one"));
        awaitSent(1);

        assertThat(jira.issues()).hasSize(1);
        assertThat(jira.issues().get("OPS-1").path("comments")).isEmpty();
        assertThat(watch.value("select result from meta.outbox")).endsWith("/browse/OPS-1");
    }

    @Test
    void slackLinksTheTicket() throws Exception {
        try (SlackDouble slack = SlackDouble.start()) {
            AlertRule rule = start("alert: [slack, jira]\nslack_webhook_url: " + slack.webhook("ops")
                    + "\nslack_attach_jira_ticket_url: true\n");
            QueuedAlerts.enqueue(warehouse, rule, QueuedAlerts.match("one"));
            awaitSent(2);
            assertThat(slack.messages().get(0).payload().at("/attachments/1").toString())
                    .isEqualTo("{\"color\":\"#ec4b98\",\"title\":\"Jira Ticket\",\"title_link\":\"" + jira.url()
                            + "/browse/OPS-1\"}");
        }
    }

    @Test
    void theReasonNamesWhatJiraRefuses() throws Exception {
        AlertRule rule = start("alert: jira\njira_no_such_field: x\n");
        QueuedAlerts.enqueue(warehouse, rule, QueuedAlerts.match("one"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(watch.value("select status || ' ' || error from meta.outbox"))
                        .isEqualTo("pending jira_no_such_field: Jira has no such field"));
        assertThat(jira.issues()).isEmpty();
    }
}
