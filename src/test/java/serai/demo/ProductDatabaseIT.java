package serai.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import serai.testing.TestDatabase;

/** The world's own promises: one seed, one database; and its answers are those that its rows give. */
class ProductDatabaseIT {

    private static final LocalDate ANCHOR = LocalDate.of(2026, 3, 30);
    private static final Instant NOON = Instant.parse("2026-03-30T12:00:00Z");
    private static final int FACTS = 3_000;

    private static void live(ProductDatabase product, int steps) throws Exception {
        for (int i = 1; i <= steps; i++) {
            product.step(NOON.plusSeconds(600L * i));
        }
    }

    private static List<String> hashes(TestDatabase database) {
        List<String> hashes = new ArrayList<>();
        for (String table : ProductRows.TABLES) {
            hashes.add(table + " "
                    + database.value(
                            "select count(*) || ' ' || sum(hashtextextended(t::text, 0)) from " + table + " t"));
        }
        return hashes;
    }

    @Test
    void oneSeedIsOneDatabase() throws Exception {
        List<List<String>> found = new ArrayList<>();
        for (long seed : List.of(7, 7, 8)) {
            try (TestDatabase database = TestDatabase.empty();
                    ProductDatabase product = Product.of(seed, ANCHOR).publish(database.connect(), NOON, FACTS)) {
                live(product, 300);
                found.add(hashes(database));
            }
        }
        assertThat(found.get(1)).isEqualTo(found.get(0)).isNotEqualTo(found.get(2));
    }

    @Test
    void itKnowsItsAnswersAndDoesNotGrow() throws Exception {
        try (TestDatabase database = TestDatabase.empty();
                ProductDatabase product = Product.of(7, ANCHOR).publish(database.connect(), NOON, FACTS)) {
            ProductQuestions.assertAnswered(product.answers(), database, "public");
            long before = database.number("select count(*) from meetings");
            live(product, 4_000);
            ProductQuestions.assertAnswered(product.answers(), database, "public");
            assertThat(database.number("select count(*) from meetings")).isLessThan(before + 600);
            assertThat(database.number("select max(pg_column_size(body)) from notes"))
                    .isGreaterThan(150_000);
            assertThat(database.number("select count(*) from audit_log")).isPositive();
        }
    }

    @Test
    void itsUsersAreThoseOfTheReport() throws Exception {
        Product product = Product.of(7, ANCHOR);
        try (TestDatabase database = TestDatabase.empty();
                ProductDatabase published = product.publish(database.connect(), NOON, FACTS)) {
            Instant later = NOON.plusSeconds(20L * 86_400);
            published.step(later);
            List<String> reported = new ArrayList<>();
            product.at(later)
                    .users(Parameters.NONE)
                    .rows()
                    .forEachRemaining(row -> reported.add(row.get(0) + "|" + row.get(2) + "|" + row.get(3) + "|"
                            + row.get(4) + "|" + row.get(5) + "|" + row.get(8)));
            assertThat(database.rows("select id, country, locale, email_domain, role, source from users"))
                    .containsExactlyInAnyOrderElementsOf(reported);
        }
    }
}
