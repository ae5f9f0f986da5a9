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
import serai.RunningSerai;
import serai.demo.Card;
import serai.demo.CardReport;
import serai.demo.Failure;
import serai.demo.MetabaseDouble;
import serai.warehouse.TestWarehouse;

class MetabaseLoginIT {

    private static final String LOGIN = "/api/session";
    private final String database = TestWarehouse.newDatabase();
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
    }

    private RunningSerai serai(String password) throws Exception {
        return RunningSerai.start(
                Path.of(""),
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
                        "1h"),
                database);
    }

    @Test
    void allReportsShareOneLogin() throws Exception {
        try (RunningSerai serai = serai(MetabaseDouble.PASSWORD)) {
            assertThat(serai.firstPoll("load-web-sessions")).isEqualTo("ok");
            serai.firstPoll("load-users");
            serai.firstPoll("load-logins");
            assertThat(serai.poll("load-web-sessions")).isEqualTo("unchanged");
            assertThat(metabase.requests("POST", LOGIN)).hasSize(1);
        }
    }

    @Test
    void anExpiredSessionIsRenewedOnceWithinTheSameRun() throws Exception {
        try (RunningSerai serai = serai(MetabaseDouble.PASSWORD)) {
            serai.firstPoll("load-web-sessions");
            serai.firstPoll("load-users");
            serai.firstPoll("load-logins");
            metabase.next(Failure.SESSION_EXPIRED);
            assertThat(serai.poll("load-web-sessions")).isEqualTo("unchanged");
            assertThat(metabase.requests("POST", LOGIN)).hasSize(2);

            metabase.next(Failure.UNAUTHENTICATED, Failure.UNAUTHENTICATED);
            assertThat(serai.poll("load-web-sessions")).isEqualTo("failed");
            assertThat(metabase.requests("POST", LOGIN)).hasSize(3);
        }
    }

    @Test
    void aWrongPasswordIsTriedOnceAndNotAgainBeforeTheWaitIsOverEvenAfterARestart() throws Exception {
        try (RunningSerai serai = serai("wrong")) {
            assertThat(serai.firstPoll("load-web-sessions")).isEqualTo("failed");
            assertThat(serai.firstPoll("load-users")).isEqualTo("failed");
            assertThat(serai.firstPoll("load-logins")).isEqualTo("failed");
            for (int i = 0; i < 5; i++) {
                assertThat(serai.poll("load-web-sessions")).isEqualTo("failed");
            }
            assertThat(metabase.attempts(MetabaseDouble.USER)).isEqualTo(1);
            String errors = serai.rows("select distinct error from meta.runs").toString();
            assertThat(errors)
                    .contains("did not match stored password")
                    .contains("the next try is not before")
                    .doesNotContain("wrong")
                    .doesNotContain(MetabaseDouble.USER);
        }
        try (RunningSerai again = serai("wrong")) {
            assertThat(again.poll("load-web-sessions")).isEqualTo("failed");
            assertThat(metabase.attempts(MetabaseDouble.USER)).isEqualTo(1);
        }
    }

    @Test
    void theWaitThatAThrottlingMetabaseRequiresIsKept() throws Exception {
        metabase.hammer(MetabaseDouble.USER, 12);
        int before = metabase.attempts(MetabaseDouble.USER);
        try (RunningSerai serai = serai(MetabaseDouble.PASSWORD)) {
            assertThat(serai.firstPoll("load-web-sessions")).isEqualTo("failed");
            assertThat(serai.poll("load-web-sessions")).isEqualTo("failed");
            assertThat(metabase.attempts(MetabaseDouble.USER)).isLessThanOrEqualTo(before + 1);
            String notBefore = serai.rows(
                            "select position ->> 'notBefore' from meta.offsets where source = 'metabase-login'")
                    .get(0);
            assertThat(Instant.parse(notBefore)).isAfter(Instant.now().plusSeconds(30));
        }
    }

    @Test
    void aDisabledAccountIsReportedAndNotTriedAgain() throws Exception {
        metabase.disable(MetabaseDouble.USER);
        try (RunningSerai serai = serai(MetabaseDouble.PASSWORD)) {
            serai.firstPoll("load-web-sessions");
            serai.firstPoll("load-users");
            serai.firstPoll("load-logins");
            assertThat(serai.rows("select error from meta.runs").toString()).contains("Your account is disabled.");
            assertThat(metabase.requests("POST", LOGIN)).hasSize(1);
        }
    }
}
