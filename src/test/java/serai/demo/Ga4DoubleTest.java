package serai.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.analytics.data.v1beta.BetaAnalyticsDataClient;
import com.google.analytics.data.v1beta.BetaAnalyticsDataSettings;
import com.google.analytics.data.v1beta.DateRange;
import com.google.analytics.data.v1beta.Dimension;
import com.google.analytics.data.v1beta.Filter;
import com.google.analytics.data.v1beta.FilterExpression;
import com.google.analytics.data.v1beta.Metric;
import com.google.analytics.data.v1beta.MetricType;
import com.google.analytics.data.v1beta.OrderBy;
import com.google.analytics.data.v1beta.RunReportRequest;
import com.google.analytics.data.v1beta.RunReportResponse;
import com.google.api.gax.core.FixedCredentialsProvider;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.NotFoundException;
import com.google.api.gax.rpc.PermissionDeniedException;
import com.google.api.gax.rpc.ResourceExhaustedException;
import com.google.api.gax.rpc.UnavailableException;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The double of Google's Data API, asked by Google's own client, and by hand where that hides what was answered.
 * docs/reference/google-analytics.md has where its texts come from.
 */
class Ga4DoubleTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final LocalDate DAY = LocalDate.of(2026, 1, 31);
    private static final String RIGHT =
            "{'dateRanges':[{'startDate':'2026-01-31','endDate':'2026-01-31'}],'metrics':[{'name':'sessions'}]}";

    @TempDir
    private Path folder;

    private Ga4Double google;
    private Ga4Property property;
    private GoogleCredentials account;
    private BetaAnalyticsDataClient client;

    @BeforeEach
    void start() throws Exception {
        google = Ga4Double.start();
        property = google.property("4711", day -> List.of(row(day, "a", 3), row(day, "b", 3), row(day, "c", 7)));
        try (InputStream key = Files.newInputStream(google.keyFile(folder.resolve("key.json")))) {
            account = ServiceAccountCredentials.fromStream(key)
                    .createScoped("https://www.googleapis.com/auth/analytics.readonly");
        }
        client = BetaAnalyticsDataClient.create(BetaAnalyticsDataSettings.newHttpJsonBuilder()
                .setEndpoint(google.url())
                .setCredentialsProvider(FixedCredentialsProvider.create(account))
                .build());
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        google.close();
    }

    private static Ga4Row row(LocalDate day, String source, int sessions) {
        return new Ga4Row(
                day, Map.of("sessionSource", source), Map.of("sessions", sessions, "purchaseRevenue", 0.1 * sessions));
    }

    private static RunReportRequest.Builder request() {
        return RunReportRequest.newBuilder()
                .setProperty("properties/4711")
                .addDateRanges(
                        DateRange.newBuilder().setStartDate(DAY.toString()).setEndDate(DAY.toString()))
                .addDimensions(Dimension.newBuilder().setName("date"))
                .addDimensions(Dimension.newBuilder().setName("sessionSource"))
                .addMetrics(Metric.newBuilder().setName("sessions"))
                .addMetrics(Metric.newBuilder().setName("purchaseRevenue"));
    }

    private static OrderBy by(String dimension) {
        return OrderBy.newBuilder()
                .setDimension(OrderBy.DimensionOrderBy.newBuilder().setDimensionName(dimension))
                .build();
    }

    private static List<String> sources(RunReportResponse report) {
        return report.getRowsList().stream()
                .map(row -> row.getDimensionValues(1).getValue())
                .toList();
    }

    @Test
    void aReportIsReadByGooglesClientWithItsHeadersMetadataAndQuota() {
        RunReportResponse report = client.runReport(request()
                .addOrderBys(by("sessionSource"))
                .setReturnPropertyQuota(true)
                .build());
        assertThat(report.getRowCount()).isEqualTo(3);
        assertThat(report.getDimensionHeaders(1).getName()).isEqualTo("sessionSource");
        assertThat(report.getMetricHeaders(0).getType()).isEqualTo(MetricType.TYPE_INTEGER);
        assertThat(report.getMetricHeaders(1).getType()).isEqualTo(MetricType.TYPE_CURRENCY);
        assertThat(report.getRows(0).getDimensionValues(0).getValue()).isEqualTo("20260131");
        assertThat(report.getRows(0).getMetricValues(0).getValue()).isEqualTo("3");
        assertThat(sources(report)).containsExactly("a", "b", "c");
        assertThat(report.getMetadata().getTimeZone()).isEqualTo("Europe/Madrid");
        assertThat(report.getMetadata().getCurrencyCode()).isEqualTo("EUR");
        assertThat(report.getPropertyQuota().getTokensPerProjectPerHour().getRemaining())
                .isEqualTo(13_999);
    }

    @Test
    void pagesHoldEachRowOnceOnlyIfTheyAreOrderedByAllDimensions() {
        Set<List<String>> firstPages = new TreeSet<>((a, b) -> a.toString().compareTo(b.toString()));
        for (int i = 0; i < 30; i++) {
            RunReportResponse page = client.runReport(request().setLimit(2).build());
            assertThat(sources(page)).as("by the first metric, descending").startsWith("c");
            firstPages.add(sources(page));
        }
        assertThat(firstPages).as("equal rows have no order").containsExactly(List.of("c", "a"), List.of("c", "b"));
        List<String> all = new ArrayList<>();
        for (long offset = 0; offset < 3; offset += 2) {
            all.addAll(sources(client.runReport(request()
                    .addOrderBys(by("sessionSource"))
                    .setLimit(2)
                    .setOffset(offset)
                    .build())));
        }
        assertThat(all).containsExactly("a", "b", "c");
    }

    @Test
    void aFilterOfGooglesClientIsObeyed() {
        Filter filter = Filter.newBuilder()
                .setFieldName("sessionSource")
                .setInListFilter(Filter.InListFilter.newBuilder().addValues("A").addValues("c"))
                .build();
        FilterExpression expression =
                FilterExpression.newBuilder().setFilter(filter).build();
        assertThat(sources(client.runReport(
                        request().setDimensionFilter(expression).build())))
                .containsExactlyInAnyOrder("a", "c");
        FilterExpression others =
                FilterExpression.newBuilder().setNotExpression(expression).build();
        assertThat(sources(client.runReport(request().setDimensionFilter(others).build())))
                .containsExactly("b");
    }

    @Test
    void aReportWithoutRowsHasNoRowCount() throws Exception {
        property.data(day -> List.of());
        assertThat(client.runReport(request().build()).getRowCount()).isZero();
        assertThat(post(RIGHT).has("rowCount")).isFalse();
        assertThat(post(RIGHT).has("rows")).isFalse();
    }

    @Test
    void whatIsNotExactIsStatedInTheMetadata() {
        property.sampled(DAY).thresholded(DAY).other(DAY).restricted("purchaseRevenue");
        RunReportResponse report = client.runReport(request().build());
        assertThat(report.getMetadata().getDataLossFromOtherRow()).isTrue();
        assertThat(report.getMetadata().getSubjectToThresholding()).isTrue();
        assertThat(report.getMetadata().getSamplingMetadatas(0).getSamplesReadCount())
                .isEqualTo(100);
        assertThat(report.getMetadata()
                        .getSchemaRestrictionResponse()
                        .getActiveMetricRestrictions(0)
                        .getMetricName())
                .isEqualTo("purchaseRevenue");
    }

    @Test
    void errorsAreThoseThatGooglesClientKnows() {
        google.next(Ga4Failure.PROJECT_TOKENS);
        assertThatThrownBy(() -> client.runReport(request().build())).isInstanceOf(ResourceExhaustedException.class);
        google.next(Ga4Failure.UNAVAILABLE);
        assertThatThrownBy(() -> client.runReport(request().build())).isInstanceOf(UnavailableException.class);
        google.next(Ga4Failure.NOT_FOUND_PAGE);
        assertThatThrownBy(() -> client.runReport(request().build())).isInstanceOf(NotFoundException.class);
        google.forbid("4711");
        assertThatThrownBy(() -> client.runReport(request().build())).isInstanceOf(PermissionDeniedException.class);
    }

    @Test
    void anExpiredTokenIsRenewedOnce() {
        client.runReport(request().build());
        google.next(Ga4Failure.EXPIRED_TOKEN);
        assertThat(client.runReport(request().build()).getRowCount()).isEqualTo(3);
        assertThat(google.logins()).hasSize(2);
    }

    @Test
    void tenServerErrorsInAnHourLockTheProjectOutUntilTheHourIsOver() {
        for (int i = 0; i < 10; i++) {
            google.next(Ga4Failure.INTERNAL);
            assertThatThrownBy(() -> client.runReport(request().build())).isInstanceOf(ApiException.class);
        }
        assertThatThrownBy(() -> client.runReport(request().build())).isInstanceOf(ResourceExhaustedException.class);
        google.clock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(59)));
        assertThatThrownBy(() -> client.runReport(request().build())).isInstanceOf(ResourceExhaustedException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {'x':1} | Invalid JSON payload received. Unknown name "x": Cannot find field.
                    {'metrics':[{'name':'visits'}]} | Field visits is not a valid metric.  For a list of valid
                    {'dimensions':[{'name':'channel'}]} | Field channel is not a valid dimension. For a list of valid
                    {'dimensions':[{'name':'date'},{'name':'date'}]} | Found duplicate dimensions: date
                    {'metrics':[{'name':'sessions'}],'limit':-1} | limit must be positive. The API received limit = -1
                    {'metrics':[{'name':'sessions'}]} | A dateRange is required.
                    {} | A dateRange is required.
                    {'dateRanges':[{'startDate':'2026-02-01','endDate':'2026-01-01'}]} | start_date must be less than or
                    {'dateRanges':[{'startDate':'today','endDate':'today'}]} | Requests require dimensions and/or metrics.
                    {'dateRanges':[{'startDate':'today','endDate':'today','x':1}]} | Invalid JSON payload received. Unknown
                    {'dateRanges':[{'startDate':'2015-08-13','endDate':'today'}]} | Invalid date: 2015-08-13
                    {'orderBys':[{'dimension':{'dimensionName':'date'}}]} | Field date exists in OrderBy but is not defined
                    """)
    void aWrongRequestIsRefusedInGooglesWordsAndOrder(String body, String message) throws Exception {
        JsonNode error = post(body).path("error");
        assertThat(error.path("message").asText()).startsWith(message);
        assertThat(error.path("status").asText()).isEqualTo("INVALID_ARGUMENT");
    }

    @Test
    void aRequestWithoutATokenIsRefusedBeforeItIsRead() throws Exception {
        HttpResponse<String> answer = send("/v1beta/properties/4711:runReport", "{broken", null);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("Request is missing required authentication credential.");
        assertThat(send("/v1beta/properties/4711:runReport", "{broken", "Bearer x")
                        .body())
                .contains("Request had invalid authentication credentials.");
        assertThat(send("/v1/x", "", null).body()).startsWith("<!DOCTYPE html>");
    }

    @Test
    void aClockThatIsWrongIsRefusedWithTheTimeOfTheAnswer() throws Exception {
        google.clock(Clock.fixed(Instant.now().plus(Duration.ofHours(2)), ZoneOffset.UTC));
        assertThatThrownBy(() -> account.refresh()).hasStackTraceContaining("short-lived token");
    }

    @Test
    void anAssertionThatIsNoneIsRefused() throws Exception {
        assertThat(send("/token", "grant_type=x", null).body()).contains("unsupported_grant_type");
        String grant = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
        assertThat(send("/token", grant, null).body()).contains("invalid_request");
        assertThat(send("/token", grant + "e30.e30.e30", null).body()).contains("Invalid JWT Signature.");
        google.deleteKey();
        assertThatThrownBy(() -> account.refresh()).hasStackTraceContaining("Invalid JWT Signature.");
    }

    private JsonNode post(String body) throws Exception {
        account.refreshIfExpired();
        String token = "Bearer " + account.getAccessToken().getTokenValue();
        return JSON.readTree(send("/v1beta/properties/4711:runReport", body.replace('\'', '"'), token)
                .body());
    }

    private HttpResponse<String> send(String path, String body, String authorization) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(google.url() + path))
                .header(
                        "Content-Type",
                        path.equals("/token") ? "application/x-www-form-urlencoded" : "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
