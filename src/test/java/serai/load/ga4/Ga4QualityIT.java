package serai.load.ga4;

import static org.assertj.core.api.Assertions.assertThat;
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
import org.junit.jupiter.params.provider.MethodSource;

/** Days of Google Analytics whose numbers are not exact, or mean something else than those before them. */
class Ga4QualityIT {

    private static final String MADRID = "zone: Europe/Madrid";

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
        serai.edit(MADRID);
        serai.load();
    }

    static Stream<Arguments> imperfections() {
        return Stream.of(
                Arguments.of("sampled", "sampled", "are estimates from a sample of the events"),
                Arguments.of("thresholded", "thresholded", "may lack rows with few users"),
                Arguments.of("other", "other_rows", "have rare values put together as (other)"),
                Arguments.of("restricted", "restricted = '{purchaseRevenue}'", "[purchaseRevenue] of "));
    }

    @ParameterizedTest
    @MethodSource("imperfections")
    void aDayThatIsNotExactHoldsTheLoadUnlessItIsAccepted(String name, String column, String reason) throws Exception {
        LocalDate day = today().minusDays(1);
        switch (name) {
            case "sampled" -> serai.property.sampled(day);
            case "thresholded" -> serai.property.thresholded(day);
            case "other" -> serai.property.other(day);
            default -> serai.property.restricted("purchaseRevenue");
        }
        serai.assertOldRowsStay("held", reason);
        assertThat(serai.lastError()).endsWith("or add '" + name + "' to 'accept'.");
        assertThat(serai.database.rows("select count(*) from meta.ga4_days where " + column))
                .as("it is recorded with the held run")
                .containsExactly("1");

        serai.edit(MADRID + "\naccept: " + name);
        assertThat(serai.run()).isEqualTo("ok");
        assertThat(serai.database.rows("select distinct day from meta.ga4_loaded_days where " + column))
                .contains(day.toString())
                .hasSize(name.equals("restricted") ? 4 : 1);
        assertThat(serai.database.rows(
                        "select day from meta.ga4_days join meta.runs using (run_id) where status = 'held'"))
                .as("nothing of the held run is kept")
                .isEmpty();
        if (name.equals("other")) {
            assertThat(serai.database.rows(
                            "select source, country, sessions from landing.visits where day = ? order by sessions",
                            day))
                    .containsExactly("s0|C|2", "(other)|(other)|12");
        }
    }

    @Test
    void aPropertyWithAnotherTimeZoneThanTheRouteHoldsTheLoad() throws Exception {
        serai.property.zone("America/New_York");
        serai.assertOldRowsStay(
                "held",
                "The time zone of property 4711 is 'America/New_York', but 'zone' is Europe/Madrid. Set 'zone' to the"
                        + " property's.");
        assertThat(serai.google.reports())
                .as("it is noticed by the first answer")
                .hasSize(2);
    }

    @Test
    void aNewTimeZoneHoldsTheLoadWhileOldDaysWouldStayInTheOldOne() throws Exception {
        olderDay();
        serai.property.zone("Europe/London");
        serai.edit("zone: Europe/London");
        serai.assertOldRowsStay("held", "The property's time zone changed from Europe/Madrid to Europe/London");
        serai.edit("zone: Europe/London\nsince: " + today().minusDays(5));
        serai.assertOldRowsStay("held", "load all days again, by one run with 'lookback: all'.");
    }

    @Test
    void aNewCurrencyHoldsTheLoadUntilTheRouteNamesTheOldOne() throws Exception {
        olderDay();
        serai.property.currency("USD");
        serai.assertOldRowsStay(
                "held",
                "The property's currency changed from EUR to USD, and amounts up to " + today().minusDays(9)
                        + " are in the old one. Set 'currency: EUR' to stay with it");
        serai.edit(MADRID + "\ncurrency: EUR");
        assertThat(serai.run()).isEqualTo("ok");
        assertThat(serai.visits()).isEqualTo(expected(7, 2));
    }

    @Test
    void aNewCurrencyIsLoadedWhenNoDayStaysInTheOldOne() throws Exception {
        serai.property.currency("USD");
        assertThat(serai.run()).isEqualTo("ok");
        assertThat(serai.database.rows("select distinct currency from meta.ga4_loaded_days"))
                .containsExactly("USD");
    }

    /** A day before the window, as an earlier run loaded it. */
    private static void olderDay() {
        serai.database.execute("insert into meta.ga4_days (source, day, run_id, zone, currency, rows, sampled,"
                + " thresholded, other_rows, restricted) select source, day - 9, run_id, zone, currency, rows, sampled,"
                + " thresholded, other_rows, restricted from meta.ga4_days where day = (select max(day) from"
                + " meta.ga4_days)");
    }

    @Test
    void aPropertyWithoutAnyRowsKeepsTheOldOnes() throws Exception {
        serai.property.data(day -> List.of());
        serai.assertOldRowsStay("held", "0 rows");
    }

    @Test
    void aFilterIsPartOfEachRequest() throws Exception {
        serai.edit(MADRID + "\nfilter: \"sessionSource=s1,s2; country!=D\"");
        assertThat(serai.run()).isEqualTo("ok");
        assertThat(serai.database.rows("select distinct source from landing.visits order by 1"))
                .containsExactly("s1", "s2");
        serai.edit(MADRID + "\nfilter: \"sessionSource=S1,s2,s3; country!=D\"");
        assertThat(serai.run()).isEqualTo("ok");
        assertThat(serai.database.rows("select distinct source from landing.visits"))
                .as("case counts")
                .containsExactlyInAnyOrder("s2", "s3");
    }

    @Test
    void aRouteThatGoogleWouldRefuseIsRefusedWhenItIsSaved() throws Exception {
        assertThat(serai.refusal(MADRID + "\nfilter: country")).contains("'filter': 'country' is not 'FIELD=VALUE'");
        assertThat(serai.refusal(MADRID + "\nperiod: year")).contains("period").contains("day, week, month");
        assertThat(serai.refusal(MADRID + "\naccept: rest")).contains("accept");
        assertThat(serai.refusal("currency: EUR")).contains("zone");
        assertThat(serai.run()).isEqualTo("ok");
    }

    @Test
    void aMonthIsOneRequestWithTheDateOfItsFirstDay() throws Exception {
        LocalDate first = today().withDayOfMonth(1);
        serai.edit(MADRID + "\nperiod: month\nsince: " + first.minusMonths(2));
        serai.database.execute("delete from meta.offsets where source = 'load-visits';"
                + "truncate landing.visits, meta.runs, meta.window_days, meta.ga4_days");
        serai.property.data(day -> rows(day, 1, 1));
        assertThat(serai.run()).isEqualTo("ok");
        assertThat(serai.google.reports()).hasSize(3);
        assertThat(serai.body(2).at("/dateRanges/0/endDate").asText()).isEqualTo(today().toString());
        assertThat(serai.database.rows("select day, sessions from landing.visits order by day"))
                .containsExactly(
                        first.minusMonths(2) + "|" + first.minusMonths(2).lengthOfMonth(),
                        first.minusMonths(1) + "|" + first.minusMonths(1).lengthOfMonth(),
                        first + "|" + today().getDayOfMonth());
        assertThat(first).isBeforeOrEqualTo(today());
    }
}
