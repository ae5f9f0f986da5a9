package serai.load.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import serai.testing.Rounds;
import serai.testing.Waiting;

/** Tables are compared with their source, and only real differences are found, also under load. */
class ValidationIT {

    private static void validate(SourceFixture fixture) {
        fixture.target.execute("insert into meta.validations (source, source_table, state) select source, source_table,"
                + " 'pending' from meta.replicated_tables on conflict (source, source_table) do update"
                + " set state = 'pending'");
        Waiting.soon()
                .until(() -> fixture.target.number(
                                "select count(*) from meta.validations where state in ('pending', 'running')")
                        == 0);
    }

    private static void awaitComplete(SourceFixture fixture) {
        Waiting.soon()
                .until(() ->
                        fixture.target.number("select count(*) from meta.replicated_tables where state <> 'complete'")
                                == 0);
    }

    @Test
    void differencesOfEachKindAreFoundAndAReloadRepairsThem() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute("""
                    create table notes (id int, lang text, body text, flag boolean, n numeric, at timestamptz, c char(5),
                      ip inet, data json, primary key (id, lang));
                    insert into notes select i, 'é' || i, e'a\\tb\\n\\\\' || i, i % 2 = 0, i / 3.0, '2026-03-01 12:00Z',
                      'x', '10.0.0.1', '{"a":  1}' from generate_series(1, 4500) i;
                    insert into notes (id, lang) values (0, '')""");
            fixture.start();
            fixture.await();
            awaitComplete(fixture);
            validate(fixture);
            assertThat(fixture.target.rows("select state, rows_compared, mismatches from meta.validations"))
                    .containsExactly("validated|4501|0");
            fixture.target.execute("""
                    update app.notes set body = 'private', n = null where id = 17;
                    delete from app.notes where id in (18, 4500);
                    insert into app.notes (id, lang) values (-5, 'extra')""");
            validate(fixture);
            assertThat(fixture.target.rows("select state, mismatches from meta.validations"))
                    .containsExactly("mismatched|4");
            assertThat(fixture.target.rows("select table_owner, table_name, key, failure_type, details"
                            + " from meta.validation_failures order by key"))
                    .containsExactlyInAnyOrder(
                            "public|notes|[\"-5\", \"extra\"]|MISSING_SOURCE|null",
                            "public|notes|[\"17\", \"é17\"]|RECORD_DIFF|body, n",
                            "public|notes|[\"18\", \"é18\"]|MISSING_TARGET|null",
                            "public|notes|[\"4500\", \"é4500\"]|MISSING_TARGET|null");
            fixture.target.execute("update meta.replicated_tables set reload_asked_at = clock_timestamp()");
            Waiting.soon()
                    .until(() -> fixture.target.value("select 1 from meta.replicated_tables"
                                    + " where reload_asked_at is not null or state <> 'complete'")
                            == null);
            validate(fixture);
            assertThat(fixture.target.rows("select state, mismatches from meta.validations"))
                    .containsExactly("validated|0");
            assertThat(fixture.target.rows("select * from meta.validation_failures"))
                    .isEmpty();
        }
    }

    @Test
    void aTableThatTheApplicationHasLockedIsComparedLater() throws Exception {
        try (SourceFixture fixture = new SourceFixture();
                Connection connection = fixture.source.connect();
                Statement application = connection.createStatement()) {
            fixture.source.execute("create table notes (id int primary key); insert into notes values (1), (2)");
            fixture.start();
            fixture.await();
            awaitComplete(fixture);
            application.execute("begin; lock table notes in access exclusive mode");
            fixture.target.execute("insert into meta.validations (source, source_table, state)"
                    + " values ('load-app', 'public.notes', 'pending')");
            String first = Waiting.soon().until(() -> waiting(fixture), since -> since != null);
            Waiting.soon().until(() -> waiting(fixture), since -> since != null && !since.equals(first));
            application.execute("commit");
            Waiting.soon()
                    .until(
                            () -> fixture.target.value("select state || rows_compared from meta.validations"
                                    + " where state not in ('pending', 'running')"),
                            state -> "validated2".equals(state));
        }
    }

    /** Since when a query waits for the table; null when none does. */
    private static String waiting(SourceFixture fixture) {
        return fixture.source.value(
                "select a.query_start::text from pg_stat_activity a where a.wait_event_type = 'Lock'"
                        + " and a.datname = current_database() and a.query like '%notes%'");
    }

    @Test
    void rowsInFlightAreNoDifferences() throws Exception {
        try (SourceFixture fixture = new SourceFixture();
                Connection connection = fixture.source.connect()) {
            fixture.source.execute(RandomLoad.CREATE);
            new RandomLoad(connection, new Random(41)).run(100);
            fixture.start();
            fixture.await();
            awaitComplete(fixture);
            CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
                try {
                    new RandomLoad(connection, new Random(42)).run(Rounds.of(150, 2_500));
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            do {
                validate(fixture);
                assertThat(fixture.target.rows("select source_table, state, reason from meta.validations"
                                + " where state <> 'validated'"))
                        .isEmpty();
            } while (!load.isDone());
            load.join();
        }
    }
}
