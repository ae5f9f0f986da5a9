package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Files that read tables of {@code app} which a replication has not brought yet. */
class WaitingFilesIT {

    private static final String STAGING = """
            -- @kind   view
            -- @reads  app.people
            -- @about  One row per person.
            select id from app.people""";
    private static final String DIMENSION = """
            -- @kind   table
            -- @grain  id
            -- @reads  stg_people
            -- @about  One row per person.
            select id from stg_people""";
    private static final String TEST = "-- @about There is someone.\nselect id from dim_people where id < 0";
    private static final String KEYED = """
            -- @kind   table
            -- @grain  id
            -- @reads  landing.logins
            -- @fk     id in dim_people
            -- @about  One row per login.
            select distinct 1 as id from logins""";

    private final RefreshFixture fixture = new RefreshFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private List<String> built() throws Exception {
        fixture.refresh.run();
        return fixture.rows("select model from meta.model_state where active and status = 'ok' order by 1");
    }

    @Test
    void theyWaitWithAllThatReadsThemUntilTheTableComesAndWhenItGoes() throws Exception {
        assertThat(fixture.edit(
                        "sql/staging/stg_people.sql", STAGING,
                        "sql/dims/dim_people.sql", DIMENSION,
                        "sql/facts/fact_keyed.sql", KEYED,
                        "sql/tests/there_is_someone.sql", TEST))
                .isEmpty();
        assertThat(built()).isEmpty();
        assertThat(fixture.files.canGoOn()).isFalse();

        fixture.execute("create schema if not exists app; create table app.people (id int primary key)");
        assertThat(fixture.files.canGoOn()).isTrue();
        assertThat(fixture.files.apply(Map.of())).isEmpty();
        assertThat(fixture.files.canGoOn()).isFalse();
        assertThat(built()).containsExactly("dim_people", "fact_keyed", "stg_people");
        assertThat(fixture.one("select count(*) from meta.tests where test = 'there_is_someone'"))
                .isEqualTo("1");

        fixture.execute("drop table app.people cascade");
        assertThat(fixture.files.apply(Map.of())).isEmpty();
        assertThat(built()).isEmpty();
    }

    @Test
    void aTableOfLandingThatIsNotThereIsAMistake() {
        assertThat(fixture.edit("sql/dims/dim_people.sql", DIMENSION.replace("stg_people", "landing.people")))
                .singleElement()
                .satisfies(
                        refusal -> assertThat(refusal.reason()).contains("it reads landing.people, which is neither"));
    }
}
