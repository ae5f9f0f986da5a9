package serai.watch.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import serai.warehouse.TestWarehouse;
import serai.warehouse.Warehouse;
import serai.watch.alert.AlertDecider;
import serai.watch.alert.AlertRule;
import serai.watch.alert.Finding;
import serai.watch.alert.InMemoryAlertStore;
import serai.watch.kibana.DiscoverLinks;
import serai.watch.kibana.KibanaShortLinks;
import serai.watch.query.RuleQuery;
import serai.watch.query.Search;
import serai.watch.rule.Rule;
import serai.watch.run.RuleRun;
import serai.watch.run.RuleState;

class WarehouseSearchIT {

    private static final Instant NOON = Instant.parse("2024-03-01T12:00:00Z");
    private static final RuleRun.Bounds BOUNDS = new RuleRun.Bounds(20_000, 100, 500_000, Duration.ofDays(7));
    private static final ObjectMapper JSON = new ObjectMapper();
    private static Warehouse warehouse;
    private static WarehouseSearch search;

    @BeforeAll
    static void rows() throws SQLException {
        warehouse = TestWarehouse.fresh();
        search = new WarehouseSearch(warehouse.dataSource(), Duration.ofSeconds(2), 2);
        run("""
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
        warehouse.close();
    }

    private static void run(String sql) throws SQLException {
        try (Connection c = warehouse.dataSource().getConnection();
                Statement s = c.createStatement()) {
            s.execute(sql);
        }
    }

    private static Rule rule(String yaml) throws Exception {
        return SourceRule.of("name: orders\nalert: debug\nsource: warehouse\n"
                + (yaml.lines().anyMatch(line -> line.startsWith("query: "))
                        ? ""
                        : "query: select * from landing.orders\n")
                + yaml);
    }

    private static Search.Answer ask(Rule rule, ObjectNode body) throws Exception {
        return search.ask(new Search.Request(
                        rule, Search.Kind.SEARCH, List.of("warehouse"), body, NOON.minusSeconds(900), NOON))
                .get();
    }

    private static Search.Answer ask(Rule rule, String body) throws Exception {
        return ask(rule, (ObjectNode) JSON.readTree(body.replace('\'', '"')));
    }

    @Test
    void rowsOfTheWindowAreDocumentsInTheOrderOfTimeAndComeInPages() throws Exception {
        Rule rule = rule("type: any\nfilter: [{term: {country: DE}}, {range: {seats: {gt: 1}}}]");
        RuleQuery query =
                new RuleQuery(rule, Instant.parse("2024-03-01T11:51:00Z"), Instant.parse("2024-03-01T11:55:00Z"));
        List<Object> orders = new ArrayList<>();
        JsonNode after = null;
        for (int page = 0; page < 10; page++) {
            Search.Answer answer = ask(rule, query.page(2, after));
            answer.hits().forEach(hit -> orders.add(hit.source().get("order_id")));
            if (answer.hits().size() < 2) {
                break;
            }
            after = answer.last();
        }
        assertThat(orders).containsExactly(4, 5, 7, 8, 10);
    }

    @Test
    void valuesKeepTheirKinds() throws Exception {
        Rule rule = rule("type: any");
        Map<String, Object> first = ask(rule, new RuleQuery(rule, NOON.minusSeconds(900), NOON).page(1, null))
                .hits()
                .get(0)
                .source();
        assertThat(first)
                .containsEntry("seats", 1)
                .containsEntry("amount", 1.5)
                .containsEntry("paid", true)
                .containsEntry("plan", null)
                .containsEntry("detail", Map.of("device", Map.of("os", "os1"), "ms", 10))
                .containsEntry("day", "2024-03-01");
    }

    @Test
    void equalRowsAreSeveralAndARestatedRowIsOneWhereItHasAnId() throws Exception {
        run("create table landing.sales as select timestamptz '2024-03-01T11:59:00Z' as at, 'x' as what, 7 as n"
                + " from generate_series(1, 3)");
        Rule byRow = rule("type: any\nquery: select at, what from landing.sales");
        Rule byId = rule("type: any\nquery: select * from landing.sales\nid_column: n");
        assertThat(ids(byRow)).hasSize(3).doesNotHaveDuplicates();
        assertThat(ids(byId)).containsOnly("7");
        List<String> before = ids(byRow);
        run("insert into landing.sales values (timestamptz '2024-03-01T11:58:00Z', 'y', 8)");
        assertThat(ids(byRow)).containsAll(before).hasSize(4);
    }

    private static List<String> ids(Rule rule) throws Exception {
        return ask(rule, new RuleQuery(rule, NOON.minusSeconds(900), NOON).page(100, null)).hits().stream()
                .map(Search.Hit::id)
                .toList();
    }

    @Test
    void aDocumentIsFoundAgainByItsId() throws Exception {
        Rule rule = rule("type: any");
        Search.Hit hit = ask(rule, new RuleQuery(rule, NOON.minusSeconds(900), NOON).page(3, null))
                .hits()
                .get(2);
        ObjectNode body = JSON.createObjectNode().put("size", 10);
        body.putObject("query").putObject("ids").putArray("values").add(hit.id());
        Search.Answer found = search.ask(
                        new Search.Request(rule, Search.Kind.SEARCH, List.of("warehouse"), body, null, null))
                .get();
        assertThat(found.hits()).containsExactly(hit);
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
        run(
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
    void countsAndTermsAreTakenInTheWarehouse() throws Exception {
        Rule count = rule("type: frequency\nnum_events: 4\ntimeframe: {minutes: 5}\nuse_count_query: true");
        assertThat(ask(count, new RuleQuery(count, NOON.minusSeconds(480), NOON).page(0, null))
                        .total())
                .isEqualTo(8);
        Rule terms = rule(
                "type: frequency\nnum_events: 4\ntimeframe: {minutes: 5}\nuse_terms_query: true\nquery_key: plan.keyword");
        assertThat(ask(terms, new RuleQuery(terms, NOON.minusSeconds(900), NOON).page(0, null))
                        .aggregations())
                .hasToString("{\"counts\":{\"buckets\":[{\"key\":\"pro\",\"doc_count\":6}]}}");
    }

    @Test
    void measuresAreTakenInElasticsearchsForm() throws Exception {
        JsonNode answer = ask(rule("type: any"), """
                {'size': 0, 'aggs': {'a': {'sum': {'field': 'amount'}}, 'b': {'max': {'field': 'detail.ms'}}, 'c': {'cardinality':
                {'field': 'country'}}, 'd': {'value_count': {'field': 'plan'}}, 'e': {'percentiles': {'field': 'seats', 'percents': [50]}},
                'f': {'avg': {'field': 'country'}}, 'g': {'min': {'field': 'seats'}},
                'h': {'filters': {'other_bucket': true,
                        'filters': {'match_bucket': {'bool': {'must': [{'terms': {'country': ['CH']}}]}}}}}}}""").aggregations();
        assertThat(answer)
                .hasToString("{\"a\":{\"value\":117.0},\"b\":{\"value\":120.0},\"c\":{\"value\":2},\"d\":{\"value\":6},"
                        + "\"e\":{\"values\":{\"50.0\":6.5}},\"f\":{\"value\":null},\"g\":{\"value\":1.0},"
                        + "\"h\":{\"buckets\":{\"match_bucket\":{\"doc_count\":4},\"_other_\":{\"doc_count\":8}}}}");
    }

    @Test
    void aMeasureOverNoRowsIsNothingAndASumIsZero() throws Exception {
        JsonNode answer =
                ask(rule("type: any\nfilter: [{term: {country: FR}}]"), """
                {'size': 0, 'query': {'term': {'country': 'FR'}}, 'aggs': {'a': {'sum': {'field': 'amount'}},
                        'b': {'max': {'field': 'amount'}}}}""").aggregations();
        assertThat(answer).hasToString("{\"a\":{\"value\":0.0},\"b\":{\"value\":null}}");
    }

    @Test
    void bucketsWithinBucketsCarryTheirMeasure() throws Exception {
        JsonNode answer = ask(rule("type: any"), """
                {'size': 0, 'aggs': {'bucket_aggs': {'terms': {'field': 'country', 'size': 1, 'min_doc_count': 1}, 'aggs': {'interval_aggs':
                {'date_histogram': {'field': 'at', 'fixed_interval': '5m', 'offset': '60s'},
                        'aggs': {'m': {'max': {'field': 'seats'}}}}}}}}""").aggregations();
        long first = Instant.parse("2024-03-01T11:46:00Z").toEpochMilli();
        assertThat(answer)
                .hasToString(
                        "{\"bucket_aggs\":{\"buckets\":[{\"key\":\"DE\",\"doc_count\":8,\"interval_aggs\":{\"buckets\":["
                                + "{\"key\":" + first + ",\"doc_count\":1,\"m\":{\"value\":1.0}},"
                                + "{\"key\":" + (first + 300_000) + ",\"doc_count\":7,\"m\":{\"value\":11.0}}]}}]}}");
    }

    @Test
    void aFilterAroundBucketsHoldsForThem() throws Exception {
        JsonNode answer = ask(rule("type: any"), """
                {'size': 0, 'aggs': {'filtered': {'filter': {'bool': {'must': [{'range': {'at': {'gte': '2024-03-01T11:52:00Z',
                'lt': '2024-03-01T11:53:00Z'}}}]}}, 'aggs': {'values': {'terms': {'field': 'country.keyword', 'size': 2147483647}}}}}}""").aggregations();
        assertThat(answer)
                .hasToString(
                        "{\"filtered\":{\"values\":{\"buckets\":[{\"key\":\"DE\",\"doc_count\":2}]},\"doc_count\":2}}");
    }

    @Test
    void filtersMeanWhatTheyMeanInElasticsearch() throws Exception {
        Rule rule = rule("type: any");
        assertThat(counted(rule, "{'bool': {'must_not': [{'term': {'plan': 'pro'}}]}}"))
                .isEqualTo(6);
        assertThat(counted(rule, "{'bool': {'should': [{'term': {'country': 'CH'}}, {'term': {'seats': 1.0}}]}}"))
                .isEqualTo(5);
        assertThat(counted(rule, "{'exists': {'field': 'plan'}}")).isEqualTo(6);
        assertThat(counted(rule, "{'term': {'detail.device.os.keyword': {'value': 'os1'}}}"))
                .isEqualTo(6);
        assertThat(counted(rule, "{'range': {'detail.ms': {'gte': 100, 'lte': 110}}}"))
                .isEqualTo(2);
        assertThat(counted(rule, "{'term': {'paid': false}}")).isEqualTo(3);
        assertThat(counted(rule, "{'prefix': {'country': 'C'}}")).isEqualTo(4);
        ObjectNode sly = JSON.createObjectNode().put("size", 0);
        sly.putObject("query").putObject("term").put("country", "x' or true --");
        assertThat(ask(rule, sly).total()).isZero();
    }

    private static long counted(Rule rule, String query) throws Exception {
        return ask(rule, "{'size': 0, 'track_total_hits': true, 'query': " + query + "}")
                .total();
    }

    @Test
    void aQueryMayAskForTheWindowItself() throws Exception {
        Rule rule = rule("type: any\nquery: \"select :to as at, count(*) as orders, :to - :from as span"
                + " from landing.orders where at > :from\"");
        Search.Answer answer = ask(rule, new RuleQuery(rule, NOON.minusSeconds(900), NOON).page(10, null));
        assertThat(answer.hits())
                .singleElement()
                .satisfies(hit -> assertThat(hit.source())
                        .containsEntry("orders", 12)
                        .containsEntry("at", "2024-03-01T12:00:00+00:00"));
    }

    @Test
    void datesAndTimesWithoutZoneAreUtc() throws Exception {
        Rule days = rule("type: any\ntimestamp_field: day");
        RuleQuery wholeDay =
                new RuleQuery(days, Instant.parse("2024-02-29T23:59:59Z"), Instant.parse("2024-03-01T00:00:00Z"));
        assertThat(search.ask(new Search.Request(
                                days,
                                Search.Kind.SEARCH,
                                List.of(),
                                wholeDay.page(100, null),
                                wholeDay.from(),
                                wholeDay.to()))
                        .get()
                        .hits())
                .hasSize(12);
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
        assertRefused("query: select 1 as one\n", "timestamp_field", "'at' is none; add it to the query");
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
    void aQueryThatWaitsForATableIsNotWaitedForWhenItIsJudged() throws Exception {
        run("create table landing.busy (at timestamptz)");
        try (Connection c = warehouse.dataSource().getConnection();
                Statement s = c.createStatement()) {
            c.setAutoCommit(false);
            s.execute("lock table landing.busy");
            assertRefused("query: select at from landing.busy\n", "query", "will be asked again: it took longer than");
            c.rollback();
        }
    }

    @Test
    void aColumnThatCameLaterIsKnownToTheFilterThatNeedsIt() throws Exception {
        run("create table landing.growing as select timestamptz '2024-03-01T11:59:00Z' as at");
        assertThat(ids(rule("type: any\nquery: select * from landing.growing"))).hasSize(1);
        run("alter table landing.growing add column state text default 'new'");
        Rule edited = rule("type: any\nquery: select * from landing.growing\nfilter: [{term: {state: new}}]");
        search.check(edited);
        assertThat(ids(edited)).hasSize(1);
    }

    @Test
    void aValueAtTheBeginningOfAStepIsKnownAfterwards() throws Exception {
        run(
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
    void aStatementThatTakesTooLongFailsTheRunAndNothingElse() throws Exception {
        Rule slow = rule("type: any\nquery: select at, pg_sleep(30)::text as s from landing.orders limit 1");
        assertThatThrownBy(() -> ask(slow, new RuleQuery(slow, NOON.minusSeconds(900), NOON).page(1, null)))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(Search.FailedException.class)
                .hasMessageContaining("longer than watch.warehouse-timeout (2 s)");
        assertThat(ids(rule("type: any"))).hasSize(12);
    }

    @Test
    void aQueryCannotWrite() throws Exception {
        run(
                "create or replace function landing.sly() returns int language sql as 'delete from landing.orders returning 1'");
        Rule rule = rule("type: any\nquery: select at, landing.sly() as n from landing.orders");
        assertThatThrownBy(() -> ask(rule, new RuleQuery(rule, NOON.minusSeconds(900), NOON).page(1, null)))
                .hasMessageContaining("read-only transaction");
        assertThat(ids(rule("type: any"))).hasSize(12);
    }
}
