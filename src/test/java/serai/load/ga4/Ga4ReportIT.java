package serai.load.ga4;

import static org.assertj.core.api.Assertions.assertThat;
import static serai.load.ga4.Ga4Visits.PAGE;
import static serai.load.ga4.Ga4Visits.expected;
import static serai.load.ga4.Ga4Visits.rows;
import static serai.load.ga4.Ga4Visits.today;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import serai.demo.Ga4Double;
import serai.demo.Ga4Failure;

/** Imports of Google Analytics through the real route: what is loaded, and what keeps the old rows. */
class Ga4ReportIT {

    @TempDir
    private static Path folder;

    private static Ga4Visits serai;

    @BeforeAll
    static void start() throws Exception {
        serai = new Ga4Visits(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        serai.close();
    }

    @BeforeEach
    void loaded() throws Exception {
        serai.load();
    }

    @Test
    void aReportIsLoadedDayByDayAndPageByPageThoughAllItsNumbersAreEqual() throws Exception {
        assertThat(serai.run()).isEqualTo("ok");

        assertThat(serai.visits()).isEqualTo(expected(7, 2));
        assertThat(serai.google.reports()).hasSize(8);
        assertThat(serai.body(1).path("dateRanges").path(0).path("startDate").asText())
                .isEqualTo(today().minusDays(3).toString())
                .isEqualTo(
                        serai.body(1).path("dateRanges").path(0).path("endDate").asText());
        assertThat(serai.body(1).path("offset").asText()).isEqualTo("5");
        assertThat(serai.google.logins()).as("the token is kept").isEmpty();
        assertThat(serai.database.rows(
                        "select distinct zone, currency, rows, sampled, thresholded, other_rows, restricted"
                                + " from meta.ga4_loaded_days"))
                .containsExactly("Europe/Madrid|EUR|7|f|f|f|{}");
        assertThat(serai.database.rows("select count(*) from meta.ga4_loaded_days"))
                .containsExactly("4");
        assertThat(folder.resolve("data").toFile().list()).noneMatch(name -> name.startsWith("ga4-"));
    }

    @Test
    void aReportWhosePagesAreAllFullIsNotAskedForOnceMore() throws Exception {
        serai.property.data(day -> rows(day, 2 * PAGE, 2));
        assertThat(serai.run()).isEqualTo("ok");
        assertThat(serai.visits()).isEqualTo(expected(10, 2));
        assertThat(serai.google.reports()).hasSize(8);
    }

    @Test
    void aReportWithAsManyRowsAsAnExportLimitOfMetabaseIsLoaded() throws Exception {
        serai.property.data(day -> rows(day, 500, 2));
        assertThat(serai.run()).isEqualTo("ok");
        assertThat(serai.visits()).hasSize(2000);
    }

    /** 40 days: two parts, of 31 days and of 9. */
    @Test
    void aRestatedDayReplacesItsRowsAlsoWhenItHasFewerOrNone() throws Exception {
        LocalDate few = today().minusDays(2);
        LocalDate none = today().minusDays(1);
        serai.property.data(day -> day.equals(few) ? rows(day, 1, 9) : day.equals(none) ? List.of() : rows(day, 3, 1));
        assertThat(serai.run()).isEqualTo("ok");
        List<String> rows = expected(3, 1);
        rows.removeIf(row -> row.startsWith(few.toString()) || row.startsWith(none.toString()));
        rows.add(3, few + "|s0|C|9|0.5");
        assertThat(serai.visits()).isEqualTo(rows);
    }

    @Test
    void aDayWhoseRowsChangeBetweenTwoPagesIsBegunAgain() throws Exception {
        serai.google.afterNext(() -> {}, () -> {}, () -> serai.property.data(day -> rows(day, 6, 4)));
        assertThat(serai.run()).isEqualTo("ok");
        assertThat(serai.google.reports()).hasSize(10);
        List<String> rows = expected(6, 4);
        rows.removeIf(row -> row.startsWith(today().minusDays(3).toString()));
        rows.addAll(0, expected(7, 2).subList(0, 7));
        assertThat(serai.visits()).isEqualTo(rows);
    }

    @Test
    void aDayWhoseRowsChangeAgainAndAgainKeepsTheOldRows() throws Exception {
        serai.google.afterNext(
                () -> serai.property.data(day -> rows(day, 8, 2)),
                () -> {},
                () -> serai.property.data(day -> rows(day, 9, 2)),
                () -> {},
                () -> serai.property.data(day -> rows(day, 10, 2)));
        serai.assertOldRowsStay("failed", "changed between the pages of its report, 3 times");
    }

    @ParameterizedTest
    @EnumSource(
            value = Ga4Failure.class,
            names = {"CUT", "RESET", "INTERNAL", "UNAVAILABLE", "DEADLINE", "CONCURRENT_REQUESTS", "EXPIRED_TOKEN"})
    void aPageThatFailsOnceIsAskedForAgainAndNothingIsDoubled(Ga4Failure failure) throws Exception {
        serai.google.next(Ga4Failure.OK, failure);
        assertThat(serai.run()).isEqualTo("ok");
        assertThat(serai.visits()).isEqualTo(expected(7, 2));
        assertThat(serai.google.reports()).hasSize(9);
        assertThat(serai.google.logins()).hasSize(failure == Ga4Failure.EXPIRED_TOKEN ? 1 : 0);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(
                        Ga4Failure.DISABLED, "Enable the Google Analytics Data API in the project of " + account()),
                Arguments.of(Ga4Failure.FORBIDDEN_PAGE, "It was not Google that answered"),
                Arguments.of(
                        Ga4Failure.NOT_FOUND_PAGE,
                        "Google Analytics answered 404: without a message of its own Check" + " ga4.url."),
                Arguments.of(Ga4Failure.EMPTY_PAGE, "has 7 rows, but a page after 0 rows is empty"),
                Arguments.of(Ga4Failure.OTHER_JSON, "The answer is not a report of the Data API. Check ga4.url."));
    }

    private static String account() {
        return Ga4Double.account();
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void anAnswerThatIsNoReportKeepsTheOldRowsAndTheRunHasTheFix(Ga4Failure failure, String reason) throws Exception {
        serai.google.next(failure, failure, failure);
        serai.assertOldRowsStay("failed", reason);
    }

    @Test
    void anAccountThatLostItsRoleIsNamedInTheError() throws Exception {
        serai.google.forbid(Ga4Visits.PROPERTY);
        serai.assertOldRowsStay(
                "failed",
                "Google Analytics answered 403: User does not have sufficient permissions for this property.");
        assertThat(serai.lastError()).endsWith("give " + account() + " the role Viewer in property 4711.");
        assertThat(serai.google.reports()).hasSize(1);
    }

    @Test
    void aTokenThatIsRefusedTwiceEndsTheRun() throws Exception {
        serai.google.next(Ga4Failure.EXPIRED_TOKEN, Ga4Failure.EXPIRED_TOKEN);
        serai.assertOldRowsStay(
                "failed", "Google Analytics answered 401: Request had invalid authentication credentials.");
        assertThat(serai.google.reports()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = Ga4Failure.class,
            names = {"PROJECT_TOKENS", "HOUR_TOKENS", "DAY_TOKENS", "THRESHOLDED_REQUESTS", "SERVER_ERRORS"})
    void aQuotaThatIsUsedUpIsNamedAndNothingIsSentUntilItIsFilledAgain(Ga4Failure quota) throws Exception {
        serai.google.next(Ga4Failure.OK, quota);
        serai.assertOldRowsStay("failed", "is used up: " + quota.message().substring(0, 30));
        assertThat(serai.google.reports()).hasSize(2);
        serai.assertOldRowsStay("failed", "The next request to property 4711 is not before");
        assertThat(serai.google.reports()).as("no further request").hasSize(2);

        serai.endQuotaWait();
        assertThat(serai.database.value("select position->>'reason' from meta.offsets where source = 'ga4-quota-4711'"))
                .startsWith("The quota '"
                        + switch (quota) {
                            case PROJECT_TOKENS -> "tokens per project and hour";
                            case HOUR_TOKENS -> "tokens per hour";
                            case DAY_TOKENS -> "tokens per day";
                            case THRESHOLDED_REQUESTS -> "potentially thresholded requests per hour";
                            default -> "server errors per hour";
                        });
        assertThat(serai.run()).isEqualTo("ok");
    }

    @Test
    void serverErrorsEndInAnHourOfSilenceBeforeGoogleLocksTheProjectOut() throws Exception {
        serai.google.next(Ga4Failure.INTERNAL, Ga4Failure.UNAVAILABLE, Ga4Failure.INTERNAL);
        serai.assertOldRowsStay("failed", "Google Analytics answered 500 3 times: An internal error has occurred.");
        serai.assertOldRowsStay("failed", "The next request to property 4711 is not before");
        assertThat(serai.google.reports()).hasSize(3);
    }

    @Test
    void serverErrorsOfManyPagesDoNotAddUpToALockOut() throws Exception {
        for (int page = 0; page < 8; page++) {
            serai.google.next(Ga4Failure.INTERNAL, Ga4Failure.UNAVAILABLE, Ga4Failure.OK);
        }
        serai.assertOldRowsStay("failed", "Of the quota 'server errors per hour' only 2 of ");
        assertThat(serai.google.reports()).hasSize(12);
    }

    @Test
    void aFloorOfEachQuotaIsLeftToOthers() throws Exception {
        serai.property.spend(13_000);
        serai.assertOldRowsStay("failed", "Of the quota 'tokens per project and hour' only ");
        assertThat(serai.google.reports()).hasSize(1);
    }

    @Test
    void aRunThatWillCostTooMuchIsStoppedAtItsFirstDay() throws Exception {
        serai.edit("zone: Europe/Madrid\nmaxTokens: 3");
        try {
            serai.assertOldRowsStay("failed", "The run would cost about 8 tokens of Google's quota for 4 requests");
            assertThat(serai.google.reports()).hasSize(2);
        } finally {
            serai.edit("zone: Europe/Madrid");
        }
    }

    @Test
    void aKeyThatWasDeletedEndsTheLoginAndNoMessageHasAPartOfIt() throws Exception {
        serai.google.expireTokens();
        serai.google.deleteKey();
        serai.assertOldRowsStay("failed", "Google refused the login of " + account() + ": Invalid JWT Signature.");
        assertThat(serai.lastError()).endsWith("Create a new key, and set ga4.key-file to it.");
        serai.google.restoreKey();
    }
}
