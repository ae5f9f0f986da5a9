package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The project's own models on a few landed rows. */
class ProjectModelsIT {

    private static final LocalDate D30 = LocalDate.of(2026, 3, 30);
    private static final LocalDate D31 = LocalDate.of(2026, 3, 31);
    private final RefreshFixture fixture = new RefreshFixture();

    @BeforeEach
    void land() throws Exception {
        assertThat(fixture.readProjectFiles()).isEmpty();
        fixture.load("landing.users", List.of(D30), """
                insert into landing.users values
                  ('u1', '2026-03-30 08:00Z', 'gb', 'en-GB', 'gmail.com', 'Owner', false, false, 'google', 'organic'),
                  ('u2', '2026-03-30 09:00Z', 'DE', 'de-DE', 'acme.de', 'member', false, false, '(direct)', '(none)'),
                  ('u3', '2026-03-30 09:00Z', 'ZZ', null, 'serai.dev', 'member', true, false, 'invite', 'product'),
                  ('u1', '2026-03-30 07:00Z', 'FR', null, null, null, null, null, null, null)""");
        fixture.load("landing.logins", List.of(D30, D31), """
                insert into landing.logins values
                  ('2026-03-30 10:00Z', 'u1', 'Desktop'), ('2026-03-30 23:59:59Z', 'u1', 'mobile'), ('2026-03-30 12:00Z', 'u1', 'mobile'),
                  ('2026-03-31 00:00Z', 'u1', null), ('2026-03-31 09:00Z', 'u2', 'desktop'), ('2026-03-31 09:00Z', 'u3', 'desktop'),
                  ('2026-03-31 09:30Z', 'not landed yet', 'desktop')""");
        fixture.load("landing.web_sessions", List.of(D30, D31), """
                insert into landing.web_sessions values
                  ('2026-03-30', 'google', 'organic', null, '/', 'GB', 'desktop', 100, 80, 50, 4),
                  ('2026-03-30', 'google', 'cpc', 'spring', '/', 'GB', 'desktop', 40, 30, 20, 1),
                  ('2026-03-31', 'facebook.com', 'referral', null, '/', 'GB', 'mobile', 10, 9, 5, 0),
                  ('2026-03-31', 'strange', 'thing', null, '/', null, 'mobile', 0, 0, 0, 0)""");
        fixture.refresh.run();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void everyModelIsRefreshed() throws Exception {
        assertThat(fixture.rows("select model || ': ' || error from meta.model_state where status <> 'ok'"))
                .isEmpty();
        assertThat(fixture.rows("select model from meta.model_state where last_success_at is null"))
                .isEmpty();
    }

    @Test
    void loginsAreCountedByUserAndUtcDay() throws Exception {
        assertThat(fixture.rows("""
                select u.user_id, l.date_key, l.logins, l.main_device from star.fact_logins l
                left join star.dim_users u using (user_key) order by 2, 1"""))
                .containsExactly(
                        "u1|2026-03-30|3|mobile",
                        "u1|2026-03-31|1|(not set)",
                        "u2|2026-03-31|1|desktop",
                        "u3|2026-03-31|1|desktop",
                        "null|2026-03-31|1|desktop");
    }

    @Test
    void theReportOfLoginsLeavesOutInternalUsersAndKeepsUnknownOnes() throws Exception {
        assertThat(fixture.rows("""
                select date_key, country, region, device, logins, users from report.rpt_logins_by_country order by 1, 2"""))
                .containsExactly(
                        "2026-03-30|United Kingdom|Europe|mobile|3|1",
                        "2026-03-31|Germany|Europe|desktop|1|1",
                        "2026-03-31|United Kingdom|Europe|(not set)|1|1",
                        "2026-03-31|Unknown|Unknown|desktop|1|1");
    }

    @Test
    void theReportOfChannelsGivesDaysAndWeeks() throws Exception {
        assertThat(fixture.rows("select * from report.rpt_channel_sessions order by 1, 2, 3"))
                .containsExactly(
                        "day|2026-03-30|organic search|100|50|4|0.0400", "day|2026-03-30|paid search|40|20|1|0.0250",
                        "day|2026-03-31|social|10|5|0|0.0000", "day|2026-03-31|unknown|0|0|0|null",
                        "week|2026-03-30|organic search|100|50|4|0.0400", "week|2026-03-30|paid search|40|20|1|0.0250",
                        "week|2026-03-30|social|10|5|0|0.0000", "week|2026-03-30|unknown|0|0|0|null");
    }

    @Test
    void theReportOfLandingPagesHasWilsonsInterval() {
        assertThat(fixture.rows("select * from report.rpt_landing_pages"))
                .containsExactly("/|150|5|0.0333|0.0143|0.0757");
    }

    @Test
    void everyKeyOfAFactIsInItsDimensionExceptUsersThatHaveNotLanded() throws Exception {
        assertThat(fixture.rows(
                        "select * from star.fact_web_sessions_day where country_key not in (select country_key from star.dim_country)"
                                + " or channel_key not in (select channel_key from star.dim_channels)"))
                .isEmpty();
        assertThat(fixture.rows(
                        "select * from star.dim_users where country_key not in (select country_key from star.dim_country)"
                                + " or signup_channel_key not in (select channel_key from star.dim_channels)"))
                .isEmpty();
    }

    @Test
    void keysStayWhenRowsAreAdded() throws Exception {
        List<String> before = fixture.rows("select user_key, user_id from star.dim_users order by 2");
        fixture.load(
                "landing.users",
                List.of(D30),
                "insert into landing.users (user_id, created_at) values ('a', '2026-03-30'), ('u11', '2026-03-30')");
        fixture.refresh.run();
        assertThat(fixture.rows(
                        "select user_key, user_id from star.dim_users where coalesce(user_id, '') not in ('a', 'u11')"
                                + " order by 2"))
                .isEqualTo(before);
        assertThat(fixture.one("select count(*) from star.dim_users")).isEqualTo("6");
    }

    @Test
    void countriesAreThoseOfIso3166() throws Exception {
        assertThat(fixture.one("select count(*) from star.dim_country where iso_numeric is not null"))
                .isEqualTo("249");
        assertThat(fixture.rows("""
                select iso2, name, region, sub_region, currency, is_eu from star.dim_country
                where iso2 in ('GB', 'FR', 'BR', 'JP', 'KE', 'NZ', 'ZZ') or country_key = 0 order by 1"""))
                .containsExactly(
                        "BR|Brazil|Americas|South America|BRL|f",
                        "FR|France|Europe|Western Europe|EUR|t",
                        "GB|United Kingdom|Europe|Northern Europe|GBP|f",
                        "JP|Japan|Asia|Eastern Asia|JPY|f",
                        "KE|Kenya|Africa|Eastern Africa|KES|f",
                        "NZ|New Zealand|Oceania|Australia and New Zealand|NZD|f",
                        "ZZ|Not in ISO 3166 (ZZ)|Unknown|Unknown|null|f",
                        "null|Unknown|Unknown|Unknown|null|f");
        assertThat(fixture.one("select count(*) from star.dim_country where is_eu"))
                .isEqualTo("27");
        assertThat(
                        fixture.rows(
                                "select region, count(*) from star.dim_country where iso_numeric is not null group by 1 order by 1"))
                .containsExactly("Africa|60", "Americas|57", "Antarctica|1", "Asia|51", "Europe|51", "Oceania|29");
    }

    @Test
    void datesSpanFiveYearsBackAndTwoAhead() throws Exception {
        assertThat(fixture.one("select min(date_key), max(date_key), count(*) from star.dim_dates"))
                .isEqualTo("2021-01-01|2028-12-31|2922");
        assertThat(fixture.rows("""
                select iso_year, iso_week, week_start, month_start, quarter, dow, is_weekend, is_month_end, holiday_uk, holiday_us
                from star.dim_dates where date_key in ('2026-12-25', '2027-01-31') order by date_key"""))
                .containsExactly(
                        "2026|52|2026-12-21|2026-12-01|4|5|f|f|Christmas Day|Christmas Day",
                        "2027|4|2027-01-25|2027-01-01|1|7|t|t|null|null");
    }

    @Test
    void aSecondRunChangesNothing() throws Exception {
        List<String> before = versions();
        String runs = fixture.one("select count(*) from meta.runs");
        fixture.refresh.run();
        assertThat(versions()).isEqualTo(before);
        assertThat(fixture.one("select count(*) from meta.runs")).isEqualTo(runs);
    }

    private List<String> versions() throws Exception {
        return fixture.rows("""
                select 'fact_logins', xmin, ctid::text from star.fact_logins union all
                select 'fact_web_sessions_day', xmin, ctid::text from star.fact_web_sessions_day union all
                select 'dim_users', xmin, ctid::text from star.dim_users union all
                select 'dim_dates', xmin, ctid::text from star.dim_dates union all
                select relname, xmin, '' from pg_class
                where relnamespace in ('star'::regnamespace, 'report'::regnamespace) order by 1, 3""");
    }
}
