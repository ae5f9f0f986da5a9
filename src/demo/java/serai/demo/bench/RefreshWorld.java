package serai.demo.bench;

import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import serai.warehouse.Relation;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;

/**
 * Rows of {@code landing.logins}, {@code landing.users} and {@code landing.web_sessions}, and what comes to them hour
 * by hour. The same arguments give the same rows. Each day has the same number of logins in worlds of every size: a
 * larger world is a longer history. All have the same number of users.
 */
final class RefreshWorld {

    private static final int USERS = 5_000;
    private static final int SESSIONS_A_DAY = 240;
    private static final int MOST_DAYS_LATE = 30;
    private static final int HOURS_BETWEEN_LATE_ROWS = 6;
    /** From the number of a row, so that no order of calculation matters. Few users log in often. */
    private static final String LOGIN = """
            'u' || (1 + floor(%d * power((hashint8extended(n, 1) & 1048575) / 1048576.0, 2)))::int,
            (array['mobile', 'desktop', 'Desktop ', null])[1 + (hashint8extended(n, 2) & 3)]""".formatted(USERS);

    private static final String USER = """
            insert into landing.users
            select 'u' || n, %s, (array['GB', 'US', 'DE', 'XX', null])[1 + n %% 5], 'en',
              'mail' || n %% 400 || '.example', 'member', n %% 200 = 0, n %% 500 = 0,
              (array['google', 'newsletter', null])[1 + n %% 3],
              (array['organic', 'e-mail', null])[1 + n %% 3]
            from generate_series(?, ?) as n""";

    private final Warehouse warehouse;
    private final LocalDate first;
    private final LocalDate end;
    private final int loginsADay;
    private final SplittableRandom random = new SplittableRandom(20260331);
    private int users = USERS;
    private long late = 1L << 40;

    /**
     * @param end the first day whose rows come hour by hour
     * @param days before it that have rows
     */
    RefreshWorld(Warehouse warehouse, LocalDate end, int days, int loginsADay) {
        this.warehouse = warehouse;
        this.first = end.minusDays(days);
        this.end = end;
        this.loginsADay = loginsADay;
    }

    /** Writes the history. */
    void fill() throws Exception {
        load(sql -> {
            sql.update(USER.formatted("timestamptz '" + first + "T00:00Z' + n % 97 * interval '1 hour'"), 1, USERS);
            logins(
                    sql,
                    first.atStartOfDay().toInstant(ZoneOffset.UTC),
                    end.atStartOfDay().toInstant(ZoneOffset.UTC));
            for (LocalDate day = first; day.isBefore(end); day = day.plusDays(1)) {
                sessions(sql, day, 0, SESSIONS_A_DAY);
            }
            return new TreeSet<>();
        });
        try (Writer writer = warehouse.writer("bench")) {
            for (String table : new String[] {"logins", "users", "web_sessions"}) {
                writer.sql().execute("vacuum analyze landing." + table);
            }
            writer.sql().execute("checkpoint");
        }
    }

    /**
     * Writes what comes in the hour before a time: logins, a few accounts, sessions; and four times a day logins of two
     * older days, most of them a few days old, one in a while a month.
     *
     * @return the days of logins that changed
     */
    SortedSet<LocalDate> hour(Instant to) throws Exception {
        Instant from = to.minus(1, ChronoUnit.HOURS);
        int hour = from.atZone(ZoneOffset.UTC).getHour();
        LocalDate today = LocalDate.ofInstant(from, ZoneOffset.UTC);
        SortedSet<LocalDate> days = new TreeSet<>();
        days.add(today);
        if (hour % HOURS_BETWEEN_LATE_ROWS == HOURS_BETWEEN_LATE_ROWS - 1) {
            for (int i = 0; i < 2; i++) {
                double delay = 1 - 3 * Math.log(1 - random.nextDouble());
                LocalDate day = today.minusDays((long) Math.min(delay, MOST_DAYS_LATE));
                days.add(day.isBefore(first) ? first : day);
            }
        }
        load(sql -> {
            logins(sql, from, to);
            for (LocalDate day : days.headSet(today)) {
                late(sql, day);
            }
            sql.update(USER.formatted("timestamptz '" + from + "'"), users + 1, users + 2);
            users += 2;
            sessions(sql, today, hour * SESSIONS_A_DAY / 24, (hour + 1) * SESSIONS_A_DAY / 24);
            return days;
        });
        return days;
    }

    /** Writes ten more logins to each of some days. */
    void late(SortedSet<LocalDate> days) throws Exception {
        load(sql -> {
            for (LocalDate day : days) {
                late(sql, day);
            }
            return days;
        });
    }

    private void late(Sql sql, LocalDate day) throws SQLException {
        sql.update(
                "insert into landing.logins select ? + n % 24 * interval '1 hour', " + LOGIN
                        + " from generate_series(?, ?) as n",
                day.atStartOfDay().toInstant(ZoneOffset.UTC),
                late,
                late + 9);
        late += 10;
    }

    private void logins(Sql sql, Instant from, Instant to) throws SQLException {
        double seconds = 86_400.0 / loginsADay;
        sql.update(
                "insert into landing.logins select timestamptz '" + first + "T00:00Z' + n * " + seconds
                        + " * interval '1 second', " + LOGIN + " from generate_series(?, ?) as n",
                number(from),
                number(to) - 1);
    }

    /** The number of the first login at or after a time. */
    private long number(Instant time) {
        long hours = ChronoUnit.HOURS.between(first.atStartOfDay().toInstant(ZoneOffset.UTC), time);
        return (hours * loginsADay + 23) / 24;
    }

    private static void sessions(Sql sql, LocalDate day, int from, int to) throws SQLException {
        sql.update("""
                insert into landing.web_sessions
                select ?, (array['google', 'newsletter', null])[1 + n % 3],
                  (array['organic', 'e-mail', null])[1 + n % 3], 'campaign ' || n % 7, '/page/' || n % 20,
                  (array['GB', 'US', 'DE'])[1 + n % 3], 'mobile', n, n, n / 2, 1
                from generate_series(?, ?) as n""", day, from, to - 1);
    }

    private interface Rows {
        /** @return the days of logins that changed */
        SortedSet<LocalDate> write(Sql sql) throws SQLException;
    }

    /** As a loader does: rows and the days that changed are one transaction. */
    private void load(Rows rows) throws Exception {
        try (Writer writer = warehouse.writer("bench")) {
            writer.commitWithState(tx -> {
                SortedSet<LocalDate> days = rows.write(tx.sql());
                tx.markDirty(Relation.of("landing.logins"), days);
                if (!days.isEmpty()) {
                    tx.markDirty(Relation.of("landing.web_sessions"), new TreeSet<>(days).tailSet(days.last()));
                }
                return RunOutcome.ok();
            });
        }
    }
}
