package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import serai.demo.Product;
import serai.demo.ProductDatabase;
import serai.warehouse.Sql;

/**
 * The star schema over the made-up product's database: what its reports say is what happened. The database is in a
 * schema of the warehouse, and its rows are brought to {@code app} as a replication does.
 */
class StarSchemaIT {

    private static final LocalDate ANCHOR = LocalDate.of(2026, 3, 30);
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

    private final RefreshFixture fixture = new RefreshFixture(31);

    @AfterEach
    void close() {
        fixture.close();
    }

    private ProductDatabase publish() throws SQLException {
        fixture.execute("create schema product; create schema if not exists app");
        Connection connection = fixture.database.connect();
        Sql.on(connection).execute("set search_path = product");
        ProductDatabase product = Product.of(7, ANCHOR).publishWithStar(connection, NOON, 3_000);
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
            assertThat(fixture.readProjectFiles()).isEmpty();
            fixture.refresh.run();
            assertRight(product);
            for (int round = 1; round <= 2; round++) {
                live(product, round);
                assertRight(product);
                assertThat(new FromScratch(fixture, Instant.parse("2025-01-01T00:00:00Z")).differences())
                        .isEmpty();
            }
            assertNothingPersonal();
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
