package serai.watch.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.search.RunningSearch;

class ElasticsearchQueryTest {

    private static final Instant TO = Instant.parse("2024-03-01T12:00:00Z");
    private static final Instant FROM = Instant.parse("2024-03-01T11:45:00.250Z");
    private static final Window WINDOW = new Window(FROM, TO);
    private static final Object[] METRIC = {
        "type", "metric_aggregation", "metric_agg_key", "v", "metric_agg_type", "avg", "max_threshold", 1
    };

    private static JsonNode page(Object... options) throws RuleException {
        return page(null, options);
    }

    private static JsonNode page(List<String> fields, Object... options) throws RuleException {
        Rule rule = RunningSearch.rule(options);
        return ElasticsearchQuery.of(new Query.Documents(rule, WINDOW, null, fields, 10, null))
                .body();
    }

    private static JsonNode metric(Instant start, Object... options) throws RuleException {
        Object[] all = java.util.Arrays.copyOf(METRIC, METRIC.length + options.length);
        System.arraycopy(options, 0, all, METRIC.length, options.length);
        return ElasticsearchQuery.of(new Query.Metrics(RunningSearch.rule(all), WINDOW, start))
                .body();
    }

    private static JsonNode range(Object... options) throws RuleException {
        return page(options)
                .at("/query/bool/filter/bool/must/0/range")
                .elements()
                .next();
    }

    @Test
    void bucketsBeginWithTheStartOfTheRunUnlessTheyAreSynchronized() throws Exception {
        Map<String, Object> interval = Map.of("minutes", 2);
        Instant start = Instant.parse("2024-03-01T11:54:07Z");
        assertThat(metric(start, "bucket_interval", interval, "buffer_time", Map.of("minutes", 6))
                        .at("/aggs/interval_aggs/date_histogram/offset")
                        .asText())
                .isEqualTo("+7s");
        assertThat(metric(
                                start,
                                "bucket_interval",
                                interval,
                                "buffer_time",
                                Map.of("minutes", 6),
                                "sync_bucket_interval",
                                true)
                        .at("/aggs/interval_aggs/date_histogram")
                        .has("offset"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"weeks, 1, 7d", "days, 2, 2d", "minutes, 1.5, 90s", "seconds, 0.5, 500ms", "hours, 1, 1h"})
    void anIntervalIsWrittenInUnitsThatServersTake(String unit, double count, String expected) throws Exception {
        Number number = count == Math.rint(count) ? (Number) (int) count : count;
        assertThat(metric(Instant.EPOCH, "bucket_interval", Map.of(unit, number), "buffer_time", Map.of("weeks", 2))
                        .at("/aggs/interval_aggs/date_histogram/fixed_interval")
                        .asText())
                .isEqualTo(expected);
    }

    @Test
    void aMetricMayBeAScriptOrAPercentile() throws Exception {
        assertThat(metric(Instant.EPOCH, "metric_agg_script", "doc['a'].value * 2")
                        .at("/aggs/metric_v_avg/avg/script")
                        .asText())
                .isEqualTo("doc['a'].value * 2");
        JsonNode percentiles = metric(Instant.EPOCH, "metric_agg_type", "percentiles", "percentile_range", 95)
                .at("/aggs/metric_v_percentiles/percentiles");
        assertThat(percentiles.toString()).isEqualTo("{\"field\":\"v\",\"percents\":[95]}");
    }

    @Test
    void aRangeHasBoundsInTheFormOfTheTimestampField() throws Exception {
        assertThat(range().get("gt").asText()).isEqualTo("2024-03-01T11:45:00.250Z");
        assertThat(range("query_timezone", "Europe/Berlin").get("gt").asText())
                .isEqualTo("2024-03-01T12:45:00.250000+01:00");
        assertThat(range("timestamp_type", "unix").get("gt").asLong()).isEqualTo(FROM.getEpochSecond());
        assertThat(range("timestamp_type", "unix_ms").get("gt").asLong()).isEqualTo(FROM.getEpochSecond() * 1_000);
        assertThat(range(
                                "timestamp_type",
                                "custom",
                                "timestamp_format",
                                "%Y-%m-%d %H:%M:%S.%f",
                                "timestamp_format_expr",
                                "ts[:23]")
                        .get("gt")
                        .asText())
                .isEqualTo("2024-03-01 11:45:00.250");
        assertThat(range(
                                "timestamp_type",
                                "custom",
                                "timestamp_format",
                                "%d.%m.%Y %H:%M",
                                "query_timezone",
                                "Europe/Berlin")
                        .get("lte")
                        .asText())
                .isEqualTo("01.03.2024 13:00");
    }

    @Test
    void valuesOfAListAreQuotedAndPatternsAreNot() throws Exception {
        assertThat(page(
                                "type",
                                "blacklist",
                                "compare_key",
                                "u",
                                "blacklist",
                                List.of("C:\\temp", "say \"hi\"", "/a.*/"))
                        .at("/query/bool/filter/bool/must/1/query_string/query")
                        .asText())
                .isEqualTo("u:\"C:\\\\temp\" OR u:\"say \\\"hi\\\"\" OR u:/a.*/");
    }

    @Test
    void aLongListIsATermsFilterOfItsValues() throws Exception {
        List<String> many = IntStream.range(0, 70_000).mapToObj(i -> "v" + i).toList();
        JsonNode filter = page("type", "blacklist", "compare_key", "u", "blacklist", many)
                .at("/query/bool/filter/bool/must/1/bool");
        assertThat(filter.get("should")).hasSize(4);
        assertThat(filter.at("/should/0/terms/u")).hasSize(65_000);
        assertThat(filter.at("/should/3/terms/u.keyword")).hasSize(5_000);
    }

    @Test
    void aMultiFieldAndAnElementAreFetchedByTheFieldOfTheSource() throws Exception {
        JsonNode body = page(List.of("@timestamp", "user.keyword", "hosts[0].name", "a.b"));
        assertThat(body.get("_source").toString())
                .isEqualTo("[\"@timestamp\",\"user.keyword\",\"user\",\"hosts\",\"a.b\"]");
        assertThat(page(List.of("*")).has("_source")).isFalse();
        assertThat(page(List.of("a"), "_source_enabled", false)
                        .get("stored_fields")
                        .toString())
                .isEqualTo("[\"a\"]");
    }

    @Test
    void aQueryInEqlHasTheOtherFiltersBesideIt() throws Exception {
        Rule rule = RunningSearch.rule(
                "filter",
                List.of(Map.of("eql", "process where true"), Map.of("term", Map.of("a", 1))),
                "timestamp_field",
                "t",
                "index",
                "i1,i2");
        ElasticsearchQuery sent = ElasticsearchQuery.of(Query.Documents.first(rule, WINDOW, 500));
        assertThat(sent.language()).isEqualTo(QueryLanguage.EQL);
        assertThat(sent.indices()).containsExactly("i1", "i2");
        JsonNode body = sent.body();
        assertThat(body.get("query").asText()).isEqualTo("process where true");
        assertThat(body.get("size").asInt()).isEqualTo(500);
        assertThat(body.get("timestamp_field").asText()).isEqualTo("t");
        assertThat(body.at("/filter/bool/must")).hasSize(2);
        assertThat(body.at("/filter/bool/must/1/term/a").asInt()).isEqualTo(1);
    }

    @Test
    void tooManyIndicesAreNamedByAPattern() {
        assertThat(IndexNames.of("logs-%Y.%m.%d-%H", Instant.EPOCH, TO, false)).containsExactly("logs-*");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "timestamp_format_expr|__import__('os')",
                "timestamp_format_expr|ts[",
                "timestamp_format_expr|ts + 1",
                "timestamp_to_datetime_format_expr|open('/etc/passwd')",
                "timestamp_format|%Q"
            })
    void aTimeExpressionThatIsNotSupportedIsRefused(String option, String value) {
        assertThatThrownBy(() -> RunningSearch.rule("timestamp_type", "custom", option, value))
                .isInstanceOfSatisfying(
                        RuleException.class, e -> assertThat(e.field()).isEqualTo(option));
    }

    @Test
    void aQueryInEsqlHasTheLimitOfThePageAndNotOfAThousandRows() throws Exception {
        Rule rule = RunningSearch.rule("filter", List.of(Map.of("esql", "FROM logs | WHERE x == 1 // all")));
        assertThat(ElasticsearchQuery.of(Query.Documents.first(rule, WINDOW, 5_000))
                        .body()
                        .get("query")
                        .asText())
                .isEqualTo("FROM logs | WHERE x == 1 // all\n| LIMIT 5000");
    }

    @Test
    void aSlashInAListIsAValueAndNotAnEmptyExpression() throws Exception {
        assertThat(page("type", "blacklist", "compare_key", "path", "blacklist", List.of("/", "/a.*/"))
                        .findValue("query_string")
                        .get("query")
                        .asText())
                .isEqualTo("path:\"/\" OR path:/a.*/");
    }

    @Test
    void anIndexWithCommasNamesSeveral() throws Exception {
        Rule rule = RunningSearch.rule("index", "a-%Y.%m, b-*,-b-old", "use_strftime_index", true);
        Instant february = Instant.parse("2024-02-29T00:00:00Z");
        assertThat(IndexNames.of(rule, new Window(february, Instant.parse("2024-03-01T00:00:00Z"))))
                .containsExactly("a-2024.02", "a-2024.03", "b-*", "-b-old");
        assertThat(IndexNames.of(rule, new Window(february.minus(Duration.ofDays(36_500)), TO)))
                .containsExactly("a-*", "b-*", "-b-old");
    }

    @Test
    void timesOfACustomFormatAreRead() throws Exception {
        Rule rule = RunningSearch.rule(
                "timestamp_type",
                "custom",
                "timestamp_format",
                "%Y-%m-%dT%H:%M:%S.%fZ",
                "timestamp_to_datetime_format_expr",
                "ts[:23] + '000' + ts[23:]");
        assertThat(rule.readTime("2024-03-01T11:45:00.250Z")).isEqualTo(FROM);
        Rule offset = RunningSearch.rule("timestamp_type", "custom", "timestamp_format", "%d/%b/%Y:%H:%M:%S %z");
        assertThat(offset.readTime("01/Mar/2024:13:00:00 +0100")).isEqualTo(TO);
        assertThatThrownBy(() -> offset.readTime("yesterday")).isInstanceOf(java.time.DateTimeException.class);
    }
}
