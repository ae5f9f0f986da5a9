package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import serai.demo.Parameters;
import serai.demo.Product;
import serai.demo.ProductDatabase;
import serai.warehouse.Sql;

/**
 * The star schema over the made-up product's database: what its reports say is what happened. The database is in a
 * schema of the warehouse, and its rows are brought to {@code app} as a replication does.
 */
class StarSchemaIT {

    private static final Product MADE_UP = Product.of(7, LocalDate.of(2026, 3, 30));
    private static final Instant NOON = Instant.parse("2026-03-30T12:00:00Z");
    private static final List<String> TABLES = List.of(
            "plans",
            "teams",
            "users",
            "meetings",
            "notes",
            "invitations",
            "subscriptions",
            "subscription_events",
            "payments",
            "messages");

    private final RefreshFixture fixture = new RefreshFixture(200);

    @AfterEach
    void close() {
        fixture.close();
    }

    private ProductDatabase publish() throws SQLException {
        fixture.execute("create schema product; create schema if not exists app");
        Connection connection = fixture.database.connect();
        Sql.on(connection).execute("set search_path = product");
        ProductDatabase product = MADE_UP.publishWithStar(connection, NOON, 3_000);
        for (String table : TABLES) {
            fixture.execute("create table app." + table + " (like product." + table + " including indexes)");
        }
        fixture.execute("alter table app.notes drop column body; alter table app.meetings drop column transcript");
        return product;
    }

    /** Brings what differs, table by table, and records it for the models. */
    private void replicate(List<String> tables) throws Exception {
        for (String table : tables) {
            String columns = fixture.one("select string_agg(column_name, ', ' order by ordinal_position)"
                    + " from information_schema.columns where table_schema = 'app' and table_name = '" + table + "'");
            String there = "select " + columns + " from app." + table;
            String source = "select " + columns + " from product." + table;
            fixture.change(
                    "app." + table,
                    "delete from app." + table + " t using (" + there + " except " + source + ") as old"
                            + " where row(t.*)::text = row(old.*)::text",
                    "insert into app." + table + " (" + columns + ") " + source + " except " + there);
        }
        for (String table : tables) {
            fixture.complete("app." + table, fixture.now.toString());
        }
    }

    /** Web sessions of 100 days and more as they are known now, and what was spent on two campaigns. */
    private void loadMarketing() throws Exception {
        LocalDate today = LocalDate.ofInstant(fixture.now, ZoneOffset.UTC);
        List<LocalDate> days =
                LocalDate.of(2025, 12, 20).datesUntil(today.plusDays(1)).toList();
        fixture.execute("truncate landing.web_sessions, landing.marketing_spend");
        Parameters last = new Parameters(Map.of("start", List.of(days.get(0).toString())));
        List<String> rows = new ArrayList<>();
        MADE_UP.at(fixture.now)
                .webSessions(last)
                .rows()
                .forEachRemaining(row -> rows.add(row.stream()
                        .map(value -> value == null ? "\\N" : value.toString())
                        .collect(Collectors.joining("\t", "", "\n"))));
        fixture.database.copy("landing.web_sessions", rows.stream());
        fixture.load("landing.web_sessions", days, "select 1");
        fixture.load(
                "landing.marketing_spend",
                days,
                "insert into landing.marketing_spend select d::date, c, case c when 'brand' then 10.5 else 0.01 end,"
                        + " 'gbp', 100, 5 from generate_series('" + days.get(0) + "'::date, '" + today
                        + "', interval '1 day') d, unnest(array['brand', 'posters']) c");
    }

    private void assertChannelsAreRight(ProductDatabase product) {
        LocalDate today = LocalDate.ofInstant(fixture.now, ZoneOffset.UTC);
        Map<String, Long> sessions = new TreeMap<>();
        MADE_UP.truthAt(fixture.now).sessionsPerChannelDay().forEach((day, channels) -> {
            if (day.isAfter(today.minusDays(90))) {
                channels.forEach((channel, n) -> sessions.merge(channel, n, Long::sum));
            }
        });
        String brand = fixture.one("select channel from star.dim_campaigns where campaign = 'brand'");
        assertThat(brand).isEqualTo("paid search");
        assertThat(fixture.rows("select * from report.rpt_channel_performance"))
                .containsExactlyInAnyOrderElementsOf(product.star(fixture.now)
                        .channels(today, sessions, Map.of(brand, 90 * 1050L, "unknown", 90L), "GBP"));
    }

    private void assertRight(ProductDatabase product) {
        assertThat(fixture.rows("select model || ': ' || status || ' ' || coalesce(error, '') from meta.model_state"
                        + " where active and status <> 'ok'"))
                .isEmpty();
        Map<String, List<String>> answers = product.star(fixture.now).reports();
        SoftAssertions.assertSoftly(softly ->
                answers.forEach((report, rows) -> softly.assertThat(fixture.rows("select * from report." + report))
                        .as(report + " at " + fixture.now)
                        .containsExactlyInAnyOrderElementsOf(rows)));
    }

    @Test
    void reportsSayWhatHappenedAlsoAfterLateCorrectedAndDeletedRows() throws Exception {
        try (ProductDatabase product = publish()) {
            fixture.now = NOON;
            replicate(TABLES);
            loadMarketing();
            assertThat(fixture.readProjectFiles()).isEmpty();
            fixture.refresh.run();
            assertChartsCanBeDrawn();
            assertRight(product);
            assertChannelsAreRight(product);
            for (int round = 1; round <= 2; round++) {
                live(product, round);
                assertRight(product);
                assertChannelsAreRight(product);
                assertThat(new FromScratch(fixture, Instant.parse("2025-01-01T00:00:00Z")).differences())
                        .isEmpty();
            }
            assertNothingPersonal();
            assertAMonthStaysAsItWasSealed();
        }
    }

    /** What becomes known later is shown as restated, in the sealed month and in the present one. */
    private void assertAMonthStaysAsItWasSealed() throws Exception {
        String march = "select expansion, restated, closing from report.rpt_mrr_movements"
                + " where month = '2026-03-01' and currency = 'EUR'";
        String april = march.replace("2026-03", "2026-04");
        String[] before = fixture.one(march).split("\\|");
        String[] after = fixture.one(april).split("\\|");
        fixture.change(
                "app.subscription_events",
                "insert into app.subscription_events select 999999999, s.team_id, 'expand', s.plan, s.plan, 1, 700,"
                        + " '2026-03-15 12:00Z', now(), 'test', now(), 'test'"
                        + " from app.subscriptions s where currency = 'EUR' order by team_id limit 1");
        fixture.refresh.run();
        assertThat(before[1]).isEqualTo("0");
        assertThat(fixture.one(march)).isEqualTo(Long.parseLong(before[0]) + 700 + "|" + -700 + "|" + before[2]);
        assertThat(fixture.one(april)).isEqualTo(after[0] + "|" + 700 + "|" + (Long.parseLong(after[2]) + 700));
        assertThat(fixture.rows("select model from meta.model_state where active and status <> 'ok'"))
                .isEmpty();
    }

    /** The columns that charts name are there, and measures are numbers. */
    private void assertChartsCanBeDrawn() throws Exception {
        Pattern chart = Pattern.compile("-- @chart +(\\w+) ([^\\n]+)");
        try (Stream<Path> files = Files.list(Path.of("sql/reports"))) {
            for (Path file : files.sorted().toList()) {
                String report = file.getFileName().toString().replace(".sql", "");
                Map<String, String> types = new HashMap<>();
                fixture.rows("select column_name || ' ' || data_type from information_schema.columns"
                                + " where table_schema = 'report' and table_name = '" + report + "'")
                        .forEach(column -> types.put(column.split(" ", 2)[0], column.split(" ", 2)[1]));
                Matcher found = chart.matcher(Files.readString(file));
                while (found.find()) {
                    String[] parts = found.group(2).split(" (?=over|by|size|with|scale)");
                    for (String measure : parts[0].split(",")) {
                        assertThat(types.get(measure.strip()))
                                .as(report + " " + measure)
                                .isIn("bigint", "integer", "numeric");
                    }
                    for (int i = 1; i < parts.length; i++) {
                        String[] words = parts[i].split(" ");
                        if (!words[0].equals("scale")) {
                            assertThat(types).as(report).containsKey(words[1]);
                        }
                    }
                }
            }
        }
    }

    /** Some days of life, of which the first rows come table by table, and late. */
    private void live(ProductDatabase product, int round) throws Exception {
        for (int step = 0; step < 200; step++) {
            fixture.now = fixture.now.plus(Duration.ofMinutes(60));
            product.step(fixture.now);
        }
        replicate(round % 2 == 0 ? List.of("notes", "users", "messages") : List.of("meetings", "payments", "teams"));
        fixture.refresh.run();
        fixture.now = fixture.now.plus(Duration.ofHours(30));
        product.step(fixture.now);
        replicate(TABLES);
        loadMarketing();
        fixture.refresh.run();
    }

    private void assertNothingPersonal() {
        String personal =
                "select name from product.users union select address from product.users where address is not null"
                        + " union select email from product.users union select email from product.invitations"
                        + " union select billing_address from product.teams where billing_address is not null";
        TreeSet<String> texts = new TreeSet<>(fixture.rows(personal));
        assertThat(texts).hasSizeGreaterThan(1_000);
        for (String relation : fixture.rows("select n.nspname || '.' || c.relname from pg_class c"
                + " join pg_namespace n on n.oid = c.relnamespace"
                + " where n.nspname in ('star', 'report') and c.relkind in ('r', 'v', 'p')")) {
            assertThat(fixture.rows("select distinct v.value from " + relation
                            + " t, lateral jsonb_each_text(to_jsonb(t)) v where v.value is not null"))
                    .as(relation)
                    .noneMatch(value -> value.contains("@") || texts.contains(value));
        }
    }
}
