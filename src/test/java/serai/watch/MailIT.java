package serai.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.testing.TestDatabase;
import serai.warehouse.Warehouse;
import serai.watch.alert.AlertRule;

/** Mails to a real SMTP server on 127.0.0.1. */
class MailIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path root;

    private TestDatabase database;
    private Warehouse warehouse;
    private GreenMail server;
    private RunningWatch watch;

    @BeforeEach
    void prepare() throws Exception {
        database = new TestDatabase();
        warehouse = database.warehouse();
    }

    @AfterEach
    void stop() throws Exception {
        if (watch != null) {
            watch.close();
        }
        if (server != null) {
            server.stop();
        }
        database.close();
    }

    private int serve(String protocol) {
        server = new GreenMail(new ServerSetup(0, "127.0.0.1", protocol));
        server.start();
        return "smtp".equals(protocol)
                ? server.getSmtp().getPort()
                : server.getSmtps().getPort();
    }

    private AlertRule start(String name, String options) throws Exception {
        QueuedAlerts.write(root, name, options);
        watch = RunningWatch.start(root, database, "watch.elasticsearch", "127.0.0.1:9");
        return QueuedAlerts.rule(name, options);
    }

    private void awaitSent(int messages) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(watch.value("select count(*) from meta.outbox where status = 'sent'"))
                        .isEqualTo(String.valueOf(messages)));
    }

    private List<String> recipients() {
        return Arrays.stream(server.getReceivedMessages())
                .map(GreenMailUtil::getHeaders)
                .toList();
    }

    @Test
    void aMailGoesToAllRecipientsOfTheRule() throws Exception {
        AlertRule rule = start(
                "mail",
                "alert: email\nemail: [a@example.org, b@example.org]\ncc: c@example.org\nbcc: [d@example.org]\n"
                        + "from_addr: serai@example.org\nemail_reply_to: ops@example.org\nsmtp_host: 127.0.0.1\nsmtp_port: "
                        + serve("smtp")
                        + "\nquery_key: text\n");
        QueuedAlerts.enqueue(warehouse, rule, QueuedAlerts.match("žlutý kůň"));
        awaitSent(1);
        MimeMessage[] mails = server.getReceivedMessages();
        assertThat(mails).hasSize(4);
        MimeMessage mail = mails[0];
        assertThat(mail.getSubject()).isEqualTo("ElastAlert: mail - žlutý kůň");
        assertThat(mail.getContent().toString()).startsWith("žlutý kůň");
        assertThat(mail.getHeader("To", ",")).isEqualTo("a@example.org,b@example.org".replace(",", ", "));
        assertThat(mail.getHeader("Cc", ",")).isEqualTo("c@example.org");
        assertThat(mail.getHeader("Bcc", ",")).isNull();
        assertThat(mail.getHeader("Reply-To", ",")).isEqualTo("ops@example.org");
        assertThat(mail.getHeader("Message-ID", ",")).matches("<[0-9a-f]{64}@serai>");
        assertThat(recipients()).hasSize(4);
    }

    @Test
    void theLoginIsReadFromItsFileAndUsedOverTls() throws Exception {
        Path login = Files.writeString(root.resolve("login.yaml"), "user: bot\npassword: s3cret\n");
        int port = serve("smtps");
        server.setUser("bot@example.org", "bot", "s3cret");
        server.getUserManager().setAuthRequired(true);
        AlertRule rule = start(
                "tls",
                "alert: email\nemail: a@example.org\nfrom_addr: bot@example.org\nsmtp_host: 127.0.0.1\n"
                        + "smtp_ssl: true\n"
                        + "smtp_port: " + port + "\nsmtp_auth_file: " + login + "\n");
        QueuedAlerts.enqueue(warehouse, rule, QueuedAlerts.match("one"));
        awaitSent(1);
        assertThat(server.getReceivedMessages()).hasSize(1);
        assertThat(watch.value("select string_agg(o::text, '') from meta.outbox o"))
                .doesNotContain("s3cret");
    }

    @Test
    void anHtmlMailWithImagesGoesToTheRecipientsThatTheMatchNames() throws Exception {
        Files.write(root.resolve("logo.png"), new byte[] {1, 2, 3});
        AlertRule rule = start(
                "html",
                "alert: email\nemail: a@example.org\nemail_from_field: owner\nemail_add_domain: example.org\n"
                        + "email_format: html\nassets_dir: " + root
                        + "\nemail_image_keys: [logo]\nemail_image_values: [logo.png]\n"
                        + "from_addr: serai@example.org\nsmtp_host: 127.0.0.1\nsmtp_port: " + serve("smtp") + "\n");
        QueuedAlerts.enqueue(warehouse, rule, QueuedAlerts.match("<b>bold</b>", "owner", "bob"));
        QueuedAlerts.enqueue(warehouse, rule, QueuedAlerts.match("nobody's"));
        awaitSent(2);
        List<MimeMessage> mails = Arrays.asList(server.getReceivedMessages());
        assertThat(mails).hasSize(2);
        MimeMessage mail = mails.stream()
                .filter(m -> GreenMailUtil.getHeaders(m).contains("To: bob@example.org"))
                .findFirst()
                .orElseThrow();
        MimeMultipart parts = (MimeMultipart) mail.getContent();
        assertThat(parts.getBodyPart(0).getContentType()).startsWith("text/html");
        assertThat(parts.getBodyPart(0).getContent().toString()).contains("<b>bold</b>");
        assertThat(parts.getBodyPart(1).getHeader("Content-ID")).containsExactly("<logo>");
        assertThat(mails.stream().anyMatch(m -> GreenMailUtil.getHeaders(m).contains("To: a@example.org")))
                .isTrue();
    }

    @Test
    void aMailIsTriedAgainWhileTheServerIsDown() throws Exception {
        int port = serve("smtp");
        server.stop();
        AlertRule rule = start(
                "later",
                "alert: email\nemail: a@example.org\nfrom_addr: s@example.org\nsmtp_host: 127.0.0.1\nsmtp_port: " + port
                        + "\n");
        QueuedAlerts.enqueue(warehouse, rule, QueuedAlerts.match("one"));
        await().atMost(SOON).until(() -> watch.value("select error from meta.outbox") != null);
        assertThat(watch.value("select error from meta.outbox")).contains("did not accept it");
        server = new GreenMail(new ServerSetup(port, "127.0.0.1", "smtp"));
        server.start();
        awaitSent(1);
        assertThat(server.getReceivedMessages()).hasSize(1);
    }
}
