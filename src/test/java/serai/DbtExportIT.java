package serai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import serai.command.ExitCode;
import serai.testing.ProjectFolder;
import serai.testing.TestDatabase;
import serai.warehouse.Relation;
import serai.warehouse.RunOutcome;
import serai.warehouse.Writer;

/** {@code export dbt} of the shipped models: they must have the rows that Serai calculates. */
class DbtExportIT {

    @TempDir
    Path root;

    private final TestDatabase ours = new TestDatabase();
    private final TestDatabase dbts = new TestDatabase();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private ExportedProject project;

    @BeforeEach
    void export() throws Exception {
        ProjectFolder.copyTo(root)
                .write("sql/facts/fact_accounts_day.sql", """
                        -- @kind   once
                        -- @from   %s
                        -- @fill   yes
                        -- @grain  date_key
                        -- @reads  stg_users
                        -- @window date_key by day from stg_users.created_at zone Europe/London
                        -- @expect rows 1..10000
                        -- @fk     date_key in dim_dates
                        -- @column accounts how many there were
                        -- @about  One row per day: accounts, "quoted": {{ no Jinja }}.
                        select d::date as date_key, (select count(*) from stg_users, only_one) as accounts, '{% x %}' as odd
                        from generate_series((:from at time zone 'Europe/London')::date::timestamp,
                          (:to at time zone 'Europe/London')::date - 1, interval '1 day') as d
                        """.replace(
                                "from stg_users, only_one", "from (select 1) as only_one, stg_users")
                        .replace("%s", daysAgo(9).substring(0, 10)))
                .write("sql/dims/dim_login_user.sql", """
                        -- @kind   upsert
                        -- @grain  user_id
                        -- @reads  stg_logins
                        -- @window by day from stg_logins.login_at
                        -- @keep   first_login_at
                        -- @about  One row per user who logged in.
                        select user_id, min(login_at) as first_login_at, max(login_at) as last_login_at from stg_logins
                        where user_id in (select user_id from stg_logins where login_at >= :from and login_at < :to)
                        group by 1
                        """)
                .write("sql/dims/dim_user_source.sql", """
                        -- @kind   scd2
                        -- @grain  user_id
                        -- @reads  landing.users
                        -- @about  One row per user and source.
                        select user_id, source, created_at as valid_from, 0 as position, 0 as seq from landing.users
                        """)
                .write("sql/dims/dim_user_seen.sql", """
                        -- @kind   scd2
                        -- @grain  user_id
                        -- @reads  landing.users
                        -- @about  One row per user and source, as each refresh saw it.
                        select user_id, source from landing.users
                        """)
                .write("sql/tests/logins_have_users.sql", """
                        -- @severity warn
                        -- @warn_if  > 3
                        -- @about    A login has a user.
                        select fact_logins.user_key from fact_logins
                        left join dim_users on dim_users.user_key = fact_logins.user_key where dim_users.user_key is null
                        """);
        Files.writeString(
                root.resolve("application.properties"),
                Files.readString(Path.of("application.properties")) + "\nwarehouse.url = " + ours.url()
                        + "\nwarehouse.user = postgres\n");
        ours.execute("insert into meta.completeness values ('landing.users', 'test', now())");
        for (TestDatabase database : List.of(ours, dbts)) {
            for (String[] user : new String[][] {{"a", "9", "google"}, {"b", "8", null}}) {
                database.execute(
                        "insert into landing.users (user_id, created_at, source, medium, country)"
                                + " values (?, ?::timestamptz, ?, 'cpc', 'GB')",
                        user[0],
                        daysAgo(Integer.parseInt(user[1])),
                        user[2]);
            }
            login(database, daysAgo(8), "a");
            login(database, daysAgo(1), "b");
            database.execute(
                    "insert into landing.web_sessions (session_date, source, medium, country, sessions, signups)"
                            + " values (current_date - 3, 'google', 'cpc', 'GB', 10, 1), (current_date - 1, null, null, 'FR', 4, 0)");
        }
        assertThat(call("export", "dbt")).as(err::toString).isEqualTo(ExitCode.DONE);
        project = new ExportedProject(root.resolve("dbt"), dbts);
    }

    @AfterEach
    void close() {
        ours.close();
        dbts.close();
    }

    private String daysAgo(int days) {
        return now.minus(Duration.ofDays(days)).toString();
    }

    private static void login(TestDatabase database, String time, String user) {
        database.execute("insert into landing.logins (login_at, user_id) values (?::timestamptz, ?)", time, user);
    }

    private int call(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Commands.run(root, new PrintWriter(out), new PrintWriter(err), arguments);
    }

    @Test
    void theExportedProjectCalculatesTheRowsThatSeraiCalculates() throws Exception {
        assertThat(call("refresh")).as(err::toString).isEqualTo(ExitCode.DONE);
        project.build(false);
        project.assertSameRows(ours);

        for (TestDatabase database : List.of(ours, dbts)) {
            login(database, daysAgo(1), "a");
            database.execute("delete from landing.logins where user_id = 'b'");
            login(database, daysAgo(0), "b");
        }
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        try (Writer writer = ours.warehouse().writer("test-load")) {
            writer.commitWithState(tx -> {
                tx.markDirty(Relation.of("landing.logins"), List.of(today, today.minusDays(1)));
                return RunOutcome.ok();
            });
        }
        assertThat(call("refresh")).as(err::toString).isEqualTo(ExitCode.DONE);
        project.build(true);
        project.assertSameRows(ours);
    }

    @Test
    void theExportedFilesHaveOnlyWhatDbtKnows() throws Exception {
        assertThat(project.check()).contains("fact_logins", "seed_country", "fact_accounts_day");
        assertThat(Files.readString(root.resolve("dbt/snapshots/dim_user_seen.sql")))
                .startsWith("{% snapshot dim_user_seen %}\n{{ config(\n    strategy='check',")
                .endsWith("{% endsnapshot %}\n");
        assertThat(Files.readString(root.resolve("dbt/tests/logins_have_users.sql")))
                .contains(
                        "{{ config(severity='warn', warn_if='>3') }}", "from {{ ref('fact_logins') }} as fact_logins");
    }

    @Test
    void aFolderThatIsNotEmptyIsNotWrittenInto() throws Exception {
        assertThat(call("export", "dbt")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("is not empty: name another folder with --to");
        assertThat(call("export", "dbt", "--to", "other", "--json")).isEqualTo(ExitCode.DONE);
        assertThat(out.toString()).contains("\"dbt_project.yml\"");
        assertThat(call("export")).isEqualTo(ExitCode.USAGE);
    }
}
