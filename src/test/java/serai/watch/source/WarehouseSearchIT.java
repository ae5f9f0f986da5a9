package serai.watch.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import serai.testing.TestDatabase;
import serai.warehouse.Warehouse;
import serai.watch.alert.AlertDecider;
import serai.watch.alert.AlertRule;
import serai.watch.alert.Finding;
import serai.watch.alert.InMemoryAlertStore;
import serai.watch.kibana.DiscoverLinks;
import serai.watch.kibana.KibanaShortLinks;
import serai.watch.query.Query;
import serai.watch.query.Search;
import serai.watch.query.Window;
import serai.watch.rule.Rule;
import serai.watch.run.RuleRun;
import serai.watch.run.RuleState;

class WarehouseSearchIT {

    private static final Instant NOON = Instant.parse("2024-03-01T12:00:00Z");
    private static final RuleRun.Bounds BOUNDS = new RuleRun.Bounds(20_000, 100, 500_000, Duration.ofDays(7));
    private static final Window WINDOW = new Window(NOON.minusSeconds(900), NOON);
    private static TestDatabase database;
    private static Warehouse warehouse;
    private static WarehouseSearch search;

    @BeforeAll
    static void rows() throws SQLException {
        database = new TestDatabase();
        warehouse = database.warehouse();
        search = new WarehouseSearch(warehouse.dataSource(), Duration.ofSeconds(2), 2);
        database.execute("""
                create table landing.orders (at timestamptz, day date, plain timestamp, country text, plan text, amount numeric, seats int,
                  paid boolean, detail jsonb, order_id int);
                insert into landing.orders
                select t, t::date, t at time zone 'UTC', case when i % 3 = 0 then 'CH' else 'DE' end, case when i % 2 = 0 then 'pro' end,
                  i * 1.5, i, i % 4 <> 0, jsonb_build_object('device', jsonb_build_object('os', 'os' || i % 2), 'ms', i * 10), i
                from (select i, timestamptz '2024-03-01T11:50:00Z' + i * interval '30 seconds' as t from generate_series(1, 12) i) x""");
    }

    @AfterAll
    static void close() {
        search.close();
        database.close();
    }

    private static Rule rule(String yaml) throws Exception {
        return SourceRule.of("name: orders\nalert: debug\nsource: warehouse\n"
                + (yaml.lines().anyMatch(line -> line.startsWith("query: "))
                        ? ""
                        : "query: select * from landing.orders\n")
                + yaml);
    }

    private static Search.Answer ask(Query query) throws Exception {
        return search.ask(query).get();
    }

    private static Search.Answer rows(Rule rule, int size) throws Exception {
        return ask(Query.Documents.first(rule, WINDOW, size));
    }

    private static List<Object> orders(Rule rule, int size) throws Exception {
        Window window = new Window(Instant.parse("2024-03-01T11:51:00Z"), Instant.parse("2024-03-01T11:55:00Z"));
        return ask(Query.Documents.first(rule, window, size)).hits().stream()
                .map(hit -> hit.source().get("order_id"))
                .toList();
    }

    @Test
    void rowsOfTheWindowAreDocumentsInTheOrderOfTimeUpToThePageSize() throws Exception {
        Rule rule = rule("type: any\nfilter: [{term: {country: DE}}, {range: {seats: {gt: 1}}}]");
        assertThat(orders(rule, 10)).containsExactly(4, 5, 7, 8, 10);
        assertThat(orders(rule, 2)).containsExactly(4, 5);
    }

    @Test
    void valuesOfRowsKeepTheirTypes() throws Exception {
        Rule rule = rule("type: any");
        Map<String, Object> first = rows(rule, 1).hits().get(0).source();
        assertThat(first)
                .containsEntry("seats", 1)
                .containsEntry("amount", 1.5)
                .containsEntry("paid", true)
                .containsEntry("plan", null)
                .containsEntry("detail", Map.of("device", Map.of("os", "os1"), "ms", 10))
                .containsEntry("day", "2024-03-01");
    }

    @Test
    void equalRowsAreSeveralDocumentsAndRowsOfOneIdAreOne() throws Exception {
        database.execute(
                "create table landing.sales as select timestamptz '2024-03-01T11:59:00Z' as at, 'x' as what, 7 as n"
                        + " from generate_series(1, 3)");
        Rule byRow = rule("type: any\nquery: select at, what from landing.sales");
        Rule byId = rule("type: any\nquery: select * from landing.sales\nid_column: n");
        assertThat(ids(byRow)).hasSize(3).doesNotHaveDuplicates();
        assertThat(ids(byId)).containsOnly("7");
        List<String> before = ids(byRow);
        database.execute("insert into landing.sales values (timestamptz '2024-03-01T11:58:00Z', 'y', 8)");
        assertThat(ids(byRow)).containsAll(before).hasSize(4);
    }

    private static List<String> ids(Rule rule) throws Exception {
        return rows(rule, 100).hits().stream().map(Search.Hit::id).toList();
    }

    @Test
    void aFrequencyRuleOverRowsFindsItsBurst() throws Exception {
        Rule rule = rule(
                "type: frequency\nnum_events: 4\ntimeframe: {minutes: 5}\nquery_key: country\nquery_delay: {minutes: 0}");
        RuleRun.Result result =
                new RuleRun(rule, RuleState.NEW, search, BOUNDS, NOON).run().get();
        assertThat(result.hits()).isEqualTo(12);
        assertThat(result.matches())
                .extracting(m -> m.get("country") + " " + m.get("order_id"))
                .containsExactly("DE 5", "DE 11", "CH 12");
        RuleRun.Result again = new RuleRun(rule, result.after(), search, BOUNDS, NOON.plusSeconds(60))
                .run()
                .get();
        assertThat(again.fresh()).isZero();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "blacklist | compare_key: country\\nblacklist: [CH] | 4",
                "whitelist | compare_key: detail.device.os\\nwhitelist: [os1]\\nignore_null: true | 6",
                "change | compare_key: plan\\nquery_key: country\\nignore_null: false | 7",
                "spike | timeframe: {minutes: 1}\\nspike_height: 1\\nspike_type: both\\nuse_count_query: true | 0",
                "flatline | timeframe: {minutes: 2}\\nthreshold: 100 | 1",
                "cardinality | timeframe: {minutes: 10}\\ncardinality_field: detail.device.os\\nmax_cardinality: 1 | 11",
                "new_term | fields: [country, plan] | 0",
                "metric_aggregation | metric_agg_key: amount\\nmetric_agg_type: sum\\nmax_threshold: 100 | 1",
                "metric_aggregation | metric_agg_key: seats\\nmetric_agg_type: max\\nmax_threshold: 6\\nquery_key: [country, plan] | 2",
                "metric_aggregation | metric_agg_key: seats\\nmetric_agg_type: max\\nmin_threshold: 4\\nbucket_interval: {minutes: 3} | 1",
                "metric_aggregation | metric_agg_key: seats\\nmetric_agg_type: percentiles\\npercentile_range: 50\\nmax_threshold: 6 | 1",
                "metric_aggregation | metric_agg_key: country\\nmetric_agg_type: cardinality\\nmin_threshold: 3 | 1",
                "spike_aggregation | metric_agg_key: seats\\nmetric_agg_type: avg\\ntimeframe: {minutes: 5}\\nspike_height: 2\\nspike_type: up | 0",
                "percentage_match | match_bucket_filter: [{term: {paid: true}}]\\nmin_percentage: 80 | 1",
                "percentage_match | match_bucket_filter: [{term: {paid: true}}]\\nmax_percentage: 70\\nquery_key: country | 2",
            })
    void everyRuleTypeReadsRows(String type, String options, int matches) throws Exception {
        Rule rule = rule("type: " + type + "\n" + options.replace("\\n", "\n"));
        AlertRule.of(rule);
        search.check(rule);
        RuleRun.Result result =
                new RuleRun(rule, RuleState.NEW, search, BOUNDS, NOON).run().get();
        assertThat(result.matches()).hasSize(matches);
        RuleRun.Result again = new RuleRun(rule, result.after(), search, BOUNDS, NOON.plusSeconds(60))
                .run()
                .get();
        assertThat(again.after().endsAt()).isEqualTo(NOON.plusSeconds(60));
    }

    @Test
    void aNewTermIsNewToTheRowsBefore() throws Exception {
        database.execute(
                "create table landing.visits as select timestamptz '2024-03-01T11:00:00Z' + n * interval '1 hour' as at, 'v' || n as page"
                        + " from generate_series(0, 1) n");
        Rule rule = rule("type: new_term\nfields: page\nquery: select * from landing.visits");
        RuleRun.Result first = new RuleRun(rule, RuleState.NEW, search, BOUNDS, NOON.minusSeconds(60))
                .run()
                .get();
        assertThat(first.matches()).isEmpty();
        assertThat(new RuleRun(rule, first.after(), search, BOUNDS, NOON)
                        .run()
                        .get()
                        .matches())
                .extracting(m -> m.get("page"))
                .containsExactly("v1");
    }

    @Test
    void topCountsOfAMatchComeFromTheWarehouse() throws Exception {
        Rule rule = rule("type: any\nquery_key: country\ntop_count_keys: [plan]\nrealert: {hours: 1}");
        RuleRun.Result result =
                new RuleRun(rule, RuleState.NEW, search, BOUNDS, NOON).run().get();
        List<Finding> findings = AlertDecider.standard(new DiscoverLinks(new KibanaShortLinks()))
                .prepare(AlertRule.of(rule), result.matches(), result.hits(), NOON, new InMemoryAlertStore(), search)
                .get();
        assertThat(findings.get(0).match().get("top_events_plan")).isEqualTo(Map.of("pro", 4L));
    }

    @Test
    void documentsAndTermsAreCountedInTheWarehouse() throws Exception {
        Rule count = rule("type: frequency\nnum_events: 4\ntimeframe: {minutes: 5}\nuse_count_query: true");
        Window eight = new Window(NOON.minusSeconds(480), NOON);
        assertThat(ask(new Query.Counts(count, List.of(eight), null, null, Map.of()))
                        .counts())
                .containsExactly(new Search.Count(8, Map.of()));
        Rule terms = rule(
                "type: frequency\nnum_events: 4\ntimeframe: {minutes: 5}\nuse_terms_query: true\nquery_key: plan.keyword");
        assertThat(ask(new Query.Counts(terms, List.of(WINDOW), null, Query.Terms.of(terms, "plan.keyword"), Map.of()))
                        .counts())
                .containsExactly(new Search.Count(12, Map.of("pro", 6L)));
    }

    @ParameterizedTest
    @CsvSource({
        "sum, amount, 117.0",
        "max, detail.ms, 120.0",
        "cardinality, country, 2",
        "value_count, plan, 6",
        "percentiles, seats, 6.5",
        "avg, country, null",
        "min, seats, 1.0"
    })
    void aMetricIsComputedInTheWarehouse(String kind, String field, String expected) throws Exception {
        assertThat(measures(metric(kind, field, ""))).containsExactly("[] null 12 " + expected);
    }

    private static Rule metric(String kind, String field, String more) throws Exception {
        return rule("type: metric_aggregation\nmetric_agg_key: " + field + "\nmetric_agg_type: " + kind
                + "\npercentile_range: 50\nmax_threshold: 0\n" + more);
    }

    private static List<String> measures(Rule rule) throws Exception {
        return ask(new Query.Metrics(rule, WINDOW, NOON.plusSeconds(60))).buckets().stream()
                .map(bucket -> bucket.keys() + " " + bucket.start() + " " + bucket.documents() + " " + bucket.value())
                .toList();
    }

    @Test
    void aPercentageCountsTheRowsThatMatch() throws Exception {
        Rule rule = rule(
                "type: percentage_match\nmax_percentage: 10\n" + "match_bucket_filter: [{terms: {country: [CH]}}]");
        assertThat(measures(rule)).containsExactly("[] null 12 4");
    }

    @Test
    void aMetricOverNoRowsIsNullAndASumIsZero() throws Exception {
        assertThat(measures(metric("sum", "amount", "filter: [{term: {country: FR}}]")))
                .containsExactly("[] null 0 0.0");
        assertThat(measures(metric("max", "amount", "filter: [{term: {country: FR}}]")))
                .containsExactly("[] null 0 null");
    }

    @Test
    void nestedBucketsHaveTheirMetric() throws Exception {
        Rule rule = metric(
                "max",
                "seats",
                "query_key: country\nterms_size: 1\nbucket_interval: {minutes: 5}\nbuffer_time: {minutes: 15}");
        assertThat(measures(rule))
                .containsExactly("[DE] 2024-03-01T11:46:00Z 1 1.0", "[DE] 2024-03-01T11:51:00Z 7 11.0");
        Rule both = metric("max", "seats", "query_key: [country, plan]");
        assertThat(measures(both)).containsExactly("[DE, pro] null 4 10.0", "[CH, pro] null 2 12.0");
    }

    @Test
    void theValuesOfAFieldAreThoseOfTheWindowWithItsBeginningAndWithoutItsEnd() throws Exception {
        Window minute = new Window(Instant.parse("2024-03-01T11:52:00Z"), Instant.parse("2024-03-01T11:53:00Z"));
        Search.Answer answer = ask(new Query.FieldValues(
                rule("type: new_term\nfields: country"), minute, List.of("country.keyword"), 0, null));
        assertThat(answer.buckets()).containsExactly(new Search.Bucket(List.of("DE"), null, 2, null));
        assertThat(answer.last()).isNull();
    }

    @Test
    void filtersSelectTheRowsThatElasticsearchWouldSelect() throws Exception {
        assertThat(counted("{bool: {must_not: [{term: {plan: pro}}]}}")).isEqualTo(6);
        assertThat(counted("{bool: {should: [{term: {country: CH}}, {term: {seats: 1.0}}]}}"))
                .isEqualTo(5);
        assertThat(counted("{exists: {field: plan}}")).isEqualTo(6);
        assertThat(counted("{term: {detail.device.os.keyword: {value: os1}}}")).isEqualTo(6);
        assertThat(counted("{range: {detail.ms: {gte: 100, lte: 110}}}")).isEqualTo(2);
        assertThat(counted("{term: {paid: false}}")).isEqualTo(3);
        assertThat(counted("{prefix: {country: C}}")).isEqualTo(4);
        assertThat(counted("{term: {country: \"x' or true --\"}}")).isZero();
    }

    private static long counted(String filter) throws Exception {
        Rule rule = rule("type: frequency\nnum_events: 4\ntimeframe: {minutes: 5}\nuse_count_query: true\nfilter: ["
                + filter + "]");
        return ask(new Query.Counts(rule, List.of(WINDOW), null, null, Map.of()))
                .counts()
                .get(0)
                .documents();
    }

    @Test
    void aQueryMaySelectTheBoundsOfTheWindow() throws Exception {
        Rule rule = rule("type: any\nquery: \"select :to as at, count(*) as orders, :to - :from as span"
                + " from landing.orders where at > :from\"");
        Search.Answer answer = rows(rule, 10);
        assertThat(answer.hits())
                .singleElement()
                .satisfies(hit -> assertThat(hit.source())
                        .containsEntry("orders", 12)
                        .containsEntry("at", "2024-03-01T12:00:00+00:00"));
    }

    @Test
    void datesAndTimesWithoutZoneAreUtc() throws Exception {
        Rule days = rule("type: any\ntimestamp_field: day");
        Window wholeDay = new Window(Instant.parse("2024-02-29T23:59:59Z"), Instant.parse("2024-03-01T00:00:00Z"));
        assertThat(ask(Query.Documents.first(days, wholeDay, 100)).hits()).hasSize(12);
        Rule plain = rule("type: any\ntimestamp_field: plain");
        assertThat(ids(plain)).hasSize(12);
    }

    @Test
    void aQueryThatTheWarehouseRefusesIsRefusedAtLoadWithItsLine() throws Exception {
        assertRefused(
                "query: |\n  select at,\n    nothing\n  from landing.orders\n",
                "query",
                "line 2 of the query: column \"nothing\" does not exist");
        assertRefused(
                "query: select at from landing.nothing\n", "query", "relation \"landing.nothing\" does not exist");
        assertRefused("query: select 1 as one\n", "timestamp_field", "'at' is not one; add it to the query");
        assertRefused(
                "query: select country as at from landing.orders\n",
                "timestamp_field",
                "must name a column of the query that is a timestamp");
        assertRefused("query: select at, at from landing.orders\n", "query", "query: the column at is there twice");
        assertRefused("id_column: nr\n", "id_column", "has no column 'nr'; its columns are at, day");
        assertRefused("filter: [{term: {land: CH}}]\n", "filter", "has no column 'land'");
        assertRefused("filter: [{range: {at: {gt: now-1h}}}]\n", "filter", "'now-1h' is not known");
        assertRefused("query_key: land\n", "query_key", "has no column 'land'");
        search.check(rule("type: any\nquery_key: [detail.device.os, country.keyword]"));
    }

    @Test
    void aQueryThatWaitsForALockIsNotWaitedForWhenItIsChecked() throws Exception {
        database.execute("create table landing.busy (at timestamptz)");
        try (Connection c = warehouse.dataSource().getConnection();
                Statement s = c.createStatement()) {
            c.setAutoCommit(false);
            s.execute("lock table landing.busy");
            assertRefused("query: select at from landing.busy\n", "query", "will be asked again: it took longer than");
            c.rollback();
        }
    }

    @Test
    void aColumnThatWasAddedIsKnownToTheFilterThatNeedsIt() throws Exception {
        database.execute("create table landing.growing as select timestamptz '2024-03-01T11:59:00Z' as at");
        assertThat(ids(rule("type: any\nquery: select * from landing.growing"))).hasSize(1);
        database.execute("alter table landing.growing add column state text default 'new'");
        Rule edited = rule("type: any\nquery: select * from landing.growing\nfilter: [{term: {state: new}}]");
        search.check(edited);
        assertThat(ids(edited)).hasSize(1);
    }

    @Test
    void aValueAtTheBeginningOfAStepIsNotNewAfterwards() throws Exception {
        database.execute(
                "create table landing.daily as select date '2024-02-28' + n as day, 'v' || n as page from generate_series(0, 2) n");
        Rule rule = rule("type: new_term\nfields: page\ntimestamp_field: day\nquery: select * from landing.daily\n"
                + "start_date: '2024-03-02T00:00:00Z'\nterms_window_size: {days: 10}");
        assertThat(new RuleRun(rule, RuleState.NEW, search, BOUNDS, Instant.parse("2024-03-01T00:10:00Z"))
                        .run()
                        .get()
                        .matches())
                .isEmpty();
    }

    private static void assertRefused(String yaml, String field, String reason) throws Exception {
        Rule rule = rule("type: any\n" + yaml);
        assertThatThrownBy(() -> search.check(rule))
                .hasMessageStartingWith(field + ": ")
                .hasMessageContaining(reason);
    }

    @Test
    void aStatementThatTakesTooLongFailsOnlyItsRun() throws Exception {
        Rule slow = rule("type: any\nquery: select at, pg_sleep(30)::text as s from landing.orders limit 1");
        assertThatThrownBy(() -> rows(slow, 1))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(Search.FailedException.class)
                .hasMessageContaining("longer than watch.warehouse-timeout (2 s)");
        assertThat(ids(rule("type: any"))).hasSize(12);
    }

    @Test
    void aQueryCannotWrite() throws Exception {
        database.execute(
                "create or replace function landing.sly() returns int language sql as 'delete from landing.orders returning 1'");
        Rule rule = rule("type: any\nquery: select at, landing.sly() as n from landing.orders");
        assertThatThrownBy(() -> rows(rule, 1)).hasMessageContaining("read-only transaction");
        assertThat(ids(rule("type: any"))).hasSize(12);
    }
}
