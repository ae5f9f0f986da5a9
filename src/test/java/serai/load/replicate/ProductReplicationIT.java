package serai.load.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.demo.Product;
import serai.demo.ProductDatabase;
import serai.demo.ProductQuestions;
import serai.testing.ProjectFolder;
import serai.testing.RunningSerai;
import serai.testing.TestDatabase;
import serai.testing.Waiting;

/** The made-up product's database, replicated by the documented mapping while it lives. */
class ProductReplicationIT {

    private static final Instant NOON = Instant.parse("2026-03-30T12:00:00Z");
    private static final List<String> MASKED = List.of("users.email", "invitations.email", "payments.card_number");

    /** What is left of a row, sorted: the columns that arrive as they are. */
    private static List<String> rows(TestDatabase database, String schema, String table, List<String> columns) {
        String row = "row(" + String.join(", ", columns) + ")::text";
        return database.rows("select " + row + " from " + schema + "." + table).stream()
                .sorted()
                .toList();
    }

    private static void assertSame(SourceFixture fixture, ProductDatabase product) {
        ProductQuestions.assertAnswered(product.answers(), fixture.target, "app");
        for (String table : product.answers().rows().keySet()) {
            List<String> columns = fixture.target.rows(
                    "select column_name::text from information_schema.columns where table_schema = 'app'"
                            + " and table_name = ? and not table_name || '.' || column_name = any (?)"
                            + " order by ordinal_position",
                    table,
                    MASKED);
            assertThat(rows(fixture.target, "app", table, columns))
                    .as(table)
                    .isEqualTo(rows(fixture.source, "public", table, columns));
        }
    }

    @Test
    void whatArrivesGivesTheRightAnswersWhileTheProductLives(@TempDir Path folder) throws Exception {
        try (SourceFixture fixture = new SourceFixture();
                ProductDatabase product =
                        Product.of(7, LocalDate.of(2026, 3, 30)).publish(fixture.source.connect(), NOON, 3_000)) {
            ProjectFolder.copyTo(folder, "routes/kamelets/replicate.kamelet.yaml", "routes/_errors.camel.yaml")
                    .write(
                            "routes/load/load-app.camel.yaml",
                            ReplicateRouteIT.ROUTE.formatted(fixture.slot(), fixture.slot()))
                    .write("mappings/app.yaml", Files.readString(Path.of("docs/examples/meeting-notes.mapping.yaml")));
            try (RunningSerai serai = RunningSerai.start(folder, fixture.target, ReplicateRouteIT.settings(fixture))) {
                Instant now = NOON;
                for (int i = 0; i < 300; i++) {
                    now = now.plusSeconds(60);
                    product.step(now);
                }
                fixture.await();
                assertSame(fixture, product);
                for (int i = 0; i < 1_500; i++) {
                    now = now.plusSeconds(600);
                    product.step(now);
                }
                fixture.await();
                assertSame(fixture, product);
            }
            assertThat(fixture.target.rows(
                            "select source_table, state from meta.replicated_tables" + " where state <> 'complete'"))
                    .isEmpty();
            assertThat(fixture.target.number("select count(*) from meta.rejects"))
                    .isZero();
            assertNothingPersonalArrived(fixture);
            Waiting.soon()
                    .until(() -> fixture.source.number("select count(*) from pg_replication_slots where slot_name = '"
                                    + fixture.slot() + "' and active")
                            == 0);
        }
    }

    private static void assertNothingPersonalArrived(SourceFixture fixture) {
        assertThat(fixture.target.rows("select table_name || '.' || column_name from information_schema.columns"
                        + " where table_schema = 'app'"))
                .doesNotContain(
                        "users.name",
                        "users.address",
                        "users.phone",
                        "teams.billing_address",
                        "notes.body",
                        "meetings.transcript",
                        "attachments.content")
                .noneMatch(column -> column.matches("(audit_|tmp_|.*_staging\\.).*"));
        assertThat(fixture.target.number("select count(*) from app.users where email !~ '^[0-9A-F]{64}$'"))
                .isZero();
        assertThat(fixture.target.number("select count(*) from app.invitations where email !~ '^[0-9A-F]{64}$'"))
                .isZero();
        assertThat(fixture.target.number("select count(*) from app.payments where card_number ~ '[0-9]'"))
                .isZero();
    }
}
