package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** The fourth promise: the incremental answer equals the answer from scratch. */
class IncrementalPropertyIT {

    private static final String LONDON_FACT = """
            -- @kind    recalc
            -- @grain   user_id, date_key
            -- @reads   stg_logins
            -- @window  date_key by day from stg_logins.login_at zone Europe/London keep 20d drop
            -- @about   One row per user and day in London, for the last 20 days.
            select user_id, (login_at at time zone 'Europe/London')::date as date_key, count(*) as logins
            from stg_logins where login_at >= :from and login_at < :to group by 1, 2""";
    private static final String ON_A_FACT = """
            -- @kind    recalc
            -- @grain   date_key
            -- @reads   fact_logins
            -- @window  date_key by day from fact_logins.date_key
            -- @about   One row per day with logins.
            select date_key, sum(logins)::bigint as logins, count(*) as users from fact_logins
            where date_key >= (:from at time zone 'UTC')::date and date_key < (:to at time zone 'UTC')::date group by 1""";
    private RefreshFixture fixture;

    @BeforeProperty
    void open() {
        fixture = new RefreshFixture(5);
        assertThat(fixture.readProjectFiles()).isEmpty();
        assertThat(fixture.edit("sql/facts/fact_london.sql", LONDON_FACT, "sql/facts/fact_login_days.sql", ON_A_FACT))
                .isEmpty();
    }

    @AfterProperty
    void close() {
        fixture.close();
    }

    /** Each number is an event: a load with that seed, a refresh of one run, or time that passes. */
    @Property(tries = 15, shrinking = ShrinkingMode.OFF)
    void incrementalEqualsFromScratch(@ForAll("events") List<Integer> events) throws Exception {
        fixture.execute("truncate landing.users, landing.logins, landing.web_sessions, meta.dirty");
        fixture.now = Instant.parse("2026-03-20T10:00:00Z");
        StarTables.fromScratch(fixture);
        for (int event : events) {
            switch (Math.floorMod(event, 5)) {
                case 0 -> fixture.refresh.runOnce();
                case 1 -> fixture.now = fixture.now.plus(Duration.ofHours(Math.floorMod(event, 31)));
                default -> LandingRows.fill(fixture, event);
            }
        }
        fixture.refresh.run();
        assertThat(fixture.one("select rows from meta.model_state where model = 'fact_logins'"))
                .isEqualTo(fixture.one("select count(*) from star.fact_logins"));
        List<String> incremental = StarTables.rows(fixture);
        StarTables.fromScratch(fixture);
        List<String> scratch = StarTables.rows(fixture);
        assertThat(StarTables.difference(incremental, scratch)).isEmpty();
        assertThat(incremental).hasSameSizeAs(scratch);
        assertThat(fixture.rows("select model, error from meta.model_state where status <> 'ok'"))
                .isEmpty();
    }

    @Provide
    Arbitrary<List<Integer>> events() {
        return Arbitraries.integers().list().ofMinSize(5).ofMaxSize(25);
    }
}
