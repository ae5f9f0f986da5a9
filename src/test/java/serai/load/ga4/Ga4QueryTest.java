package serai.load.ga4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import serai.demo.Ga4Failure;

class Ga4QueryTest {

    private static final LocalDate DAY = LocalDate.of(2026, 1, 31);

    @Test
    void aRequestIsForOneDayOrderedByAllDimensions() {
        Ga4Query query = new Ga4Query(List.of("country", "customEvent:plan"), List.of("sessions"), "", "EUR");
        assertThat(query.columns()).containsExactly("date", "country", "customEvent:plan", "sessions");
        assertThat(query.body(DAY, DAY, 5, 10))
                .isEqualTo("{\"dateRanges\":[{\"startDate\":\"2026-01-31\",\"endDate\":\"2026-01-31\"}],"
                        + "\"dimensions\":[{\"name\":\"country\"},{\"name\":\"customEvent:plan\"}],"
                        + "\"orderBys\":[{\"dimension\":{\"dimensionName\":\"country\"}},"
                        + "{\"dimension\":{\"dimensionName\":\"customEvent:plan\"}}],"
                        + "\"metrics\":[{\"name\":\"sessions\"}],\"currencyCode\":\"EUR\",\"offset\":\"5\","
                        + "\"limit\":\"10\",\"returnPropertyQuota\":true}");
    }

    @Test
    void conditionsOfAFilterMustAllHold() {
        assertThat(Ga4Query.filter("country=DE, AT; pagePath!=/a=b").toString())
                .isEqualTo("{\"andGroup\":{\"expressions\":["
                        + "{\"filter\":{\"fieldName\":\"country\",\"inListFilter\":"
                        + "{\"caseSensitive\":true,\"values\":[\"DE\",\"AT\"]}}},"
                        + "{\"notExpression\":{\"filter\":{\"fieldName\":\"pagePath\",\"inListFilter\":"
                        + "{\"caseSensitive\":true,\"values\":[\"/a=b\"]}}}}]}}");
        for (String wrong : List.of("country", "=x", "country>3", "a b=c")) {
            assertThatThrownBy(() -> Ga4Query.filter(wrong))
                    .hasMessage("'filter': '" + wrong
                            + "' is not 'FIELD=VALUE' or 'FIELD!=VALUE', with further values after commas.");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    country,date | 'dimensions': leave out 'date'; it is the first column of each report.
                    country,country | 'dimensions': a name comes twice.
                    a b | 'dimensions': 'a b' is not a name of Google Analytics; write one such as sessionSource or
                    a,b,c | 'dimensions' has 3 names; Google allows 2.
                    """)
    void namesThatGoogleWouldRefuseAreRefused(String names, String message) {
        assertThatThrownBy(() -> Ga4Query.names("dimensions", names, 2)).hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    DAY | 2026-01-30 2026-01-30, 2026-01-31 2026-01-31, 2026-02-01 2026-02-01, 2026-02-02 2026-02-02
                    WEEK | 2026-02-02 2026-02-02
                    MONTH | 2026-02-01 2026-02-02
                    """)
    void aWindowHasThePeriodsThatBeginInIt(Ga4Period period, String ranges) {
        assertThat(period.in(LocalDate.of(2026, 1, 30), LocalDate.of(2026, 2, 3)))
                .extracting(range -> range.first() + " " + range.last())
                .containsExactly(ranges.split(", "));
    }

    @ParameterizedTest
    @EnumSource(
            value = Ga4Failure.class,
            names = {
                "CONCURRENT_REQUESTS",
                "PROJECT_TOKENS",
                "HOUR_TOKENS",
                "DAY_TOKENS",
                "THRESHOLDED_REQUESTS",
                "SERVER_ERRORS"
            })
    void eachQuotaIsKnownByItsMessage(Ga4Failure failure) {
        assertThat(Ga4Quota.named(failure.message()))
                .isEqualTo(
                        switch (failure) {
                            case PROJECT_TOKENS -> Ga4Quota.TOKENS_PER_PROJECT_PER_HOUR;
                            case HOUR_TOKENS -> Ga4Quota.TOKENS_PER_HOUR;
                            case DAY_TOKENS -> Ga4Quota.TOKENS_PER_DAY;
                            default -> Ga4Quota.valueOf(failure.name());
                        });
    }

    @Test
    void theQuotaOfADayIsFilledAtMidnightInCalifornia() {
        assertThat(Ga4Quota.TOKENS_PER_DAY.refilledAfter(Instant.parse("2026-03-08T07:30:00Z")))
                .as("clocks go forward the next day")
                .isEqualTo(Instant.parse("2026-03-08T08:01:00Z"));
        assertThat(Ga4Quota.TOKENS_PER_DAY.refilledAfter(Instant.parse("2026-03-08T09:00:00Z")))
                .isEqualTo(Instant.parse("2026-03-09T07:01:00Z"));
    }
}
