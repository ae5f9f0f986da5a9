package serai.metabase;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import serai.demo.Card;
import serai.demo.CardReport;
import serai.demo.Failure;
import serai.demo.MetabaseDouble;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;

class MetabaseLoginIT {

    private static final String LOGIN = "/api/session";
    private final TestDatabase database = new TestDatabase();
    private MetabaseDouble metabase;

    @BeforeEach
    void start() throws Exception {
        metabase = MetabaseDouble.start();
        List<String> header = List.of(
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
        for (int card : new int[] {11, 12, 13}) {
            metabase.card(Card.between(
                    card,
                    "Card " + card,
                    p -> CardReport.of(
                            header,
                            List.of(List.of(
                                    LocalDate.now(ZoneOffset.UTC),
                                    "google",
                                    "cpc",
                                    "",
                                    "/",
                                    "GB",
                                    "mobile",
                                    1,
                                    1,
                                    0,
                                    0)))));
        }
    }

    @AfterEach
    void stop() throws Exception {
        metabase.close();
        database.close();
    }

    private RunningSerai serai(String password) throws Exception {
        return RunningSerai.start(
                Path.of(""),
                database,
                Map.of(
                        "metabase.url",
                        metabase.url(),
                        "metabase.user",
                        MetabaseDouble.USER,
                        "metabase.password",
                        password,
                        "metabase.api-key",
                        "",
                        "load.retry",
                        "1h"));
    }

    @Test
    void allReportsShareOneLogin() throws Exception {
        try (RunningSerai serai = serai(MetabaseDouble.PASSWORD)) {
            assertThat(serai.firstImport("load-web-sessions")).isEqualTo("ok");
            serai.firstImport("load-users");
            serai.firstImport("load-logins");
            assertThat(serai.runImport("load-web-sessions")).isEqualTo("unchanged");
            assertThat(metabase.requests("POST", LOGIN)).hasSize(1);
        }
    }

    @Test
    void anExpiredSessionIsRenewedOnceWithinTheSameRun() throws Exception {
        try (RunningSerai serai = serai(MetabaseDouble.PASSWORD)) {
            serai.firstImport("load-web-sessions");
            serai.firstImport("load-users");
            serai.firstImport("load-logins");
            metabase.next(Failure.SESSION_EXPIRED);
            assertThat(serai.runImport("load-web-sessions")).isEqualTo("unchanged");
            assertThat(metabase.requests("POST", LOGIN)).hasSize(2);

            metabase.next(Failure.UNAUTHENTICATED, Failure.UNAUTHENTICATED);
            assertThat(serai.runImport("load-web-sessions")).isEqualTo("failed");
            assertThat(metabase.requests("POST", LOGIN)).hasSize(3);
        }
    }

    @Test
    void aWrongPasswordIsTriedOnceAndNotAgainBeforeTheWaitIsOverEvenAfterARestart() throws Exception {
        try (RunningSerai serai = serai("wrong")) {
            assertThat(serai.firstImport("load-web-sessions")).isEqualTo("failed");
            assertThat(serai.firstImport("load-users")).isEqualTo("failed");
            assertThat(serai.firstImport("load-logins")).isEqualTo("failed");
            for (int i = 0; i < 5; i++) {
                assertThat(serai.runImport("load-web-sessions")).isEqualTo("failed");
            }
            assertThat(metabase.attempts(MetabaseDouble.USER)).isEqualTo(1);
            String errors =
                    database.rows("select distinct error from meta.runs").toString();
            assertThat(errors)
                    .contains("did not match stored password")
                    .contains("the next try is not before")
                    .doesNotContain("wrong")
                    .doesNotContain(MetabaseDouble.USER);
        }
        try (RunningSerai again = serai("wrong")) {
            assertThat(again.runImport("load-web-sessions")).isEqualTo("failed");
            assertThat(metabase.attempts(MetabaseDouble.USER)).isEqualTo(1);
        }
    }

    @Test
    void theWaitThatAThrottlingMetabaseRequiresIsKept() throws Exception {
        metabase.hammer(MetabaseDouble.USER, 12);
        int before = metabase.attempts(MetabaseDouble.USER);
        try (RunningSerai serai = serai(MetabaseDouble.PASSWORD)) {
            assertThat(serai.firstImport("load-web-sessions")).isEqualTo("failed");
            assertThat(serai.runImport("load-web-sessions")).isEqualTo("failed");
            assertThat(metabase.attempts(MetabaseDouble.USER)).isLessThanOrEqualTo(before + 1);
            String notBefore = database.rows(
                            "select position ->> 'notBefore' from meta.offsets where source = 'metabase-login'")
                    .get(0);
            assertThat(Instant.parse(notBefore)).isAfter(Instant.now().plusSeconds(30));
        }
    }

    @Test
    void aDisabledAccountIsReportedAndNotTriedAgain() throws Exception {
        metabase.disable(MetabaseDouble.USER);
        try (RunningSerai serai = serai(MetabaseDouble.PASSWORD)) {
            serai.firstImport("load-web-sessions");
            serai.firstImport("load-users");
            serai.firstImport("load-logins");
            assertThat(database.rows("select error from meta.runs").toString()).contains("Your account is disabled.");
            assertThat(metabase.requests("POST", LOGIN)).hasSize(1);
        }
    }
}
