package serai.refresh;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Loads random windows into the landing tables as the loaders do: delete the range, insert, mark the days. */
final class LandingRows {

    private static final LocalDate FIRST = LocalDate.of(2026, 3, 1);
    private static final int DAYS = 31;

    private LandingRows() {}

    /** Replaces a random window of each landing table; the same seed gives the same rows. */
    static void fill(RefreshFixture fixture, long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        replace(
                fixture,
                random,
                "landing.users",
                "created_at",
                (day, n) -> "('u" + random.nextInt(12) + "', '" + day + " " + time(random)
                        + "Z', "
                        + pick(random, "'GB'", "'de'", "'XX'", "null", "''") + ", null, 'acme.com', 'member', "
                        + pick(random, "true", "false", "null")
                        + ", false, " + pick(random, "'google'", "'newsletter'", "null") + ", "
                        + pick(random, "'organic'", "'cpc'", "null") + ")");
        replace(
                fixture,
                random,
                "landing.logins",
                "login_at",
                (day, n) -> "('" + day + " " + time(random) + "Z', 'u" + random.nextInt(15)
                        + "', "
                        + pick(random, "'mobile'", "'desktop'", "null") + ")");
        replace(
                fixture,
                random,
                "landing.web_sessions",
                "session_date",
                (day, n) -> "('" + day + "', "
                        + pick(random, "'google'", "'Google'", "'bing'", "null") + ", "
                        + pick(random, "'organic'", "'cpc'", "null") + ", "
                        + pick(random, "'spring'", "null") + ", '/', " + pick(random, "'GB'", "'FR'", "'QQ'", "null")
                        + ", 'mobile', "
                        + random.nextInt(50) + ", " + random.nextInt(40) + ", 1, " + pick(random, "0", "2", "null")
                        + ")");
    }

    private interface Row {
        String values(LocalDate day, int number);
    }

    private static void replace(RefreshFixture fixture, SplittableRandom random, String table, String column, Row row)
            throws Exception {
        LocalDate from = FIRST.plusDays(random.nextInt(DAYS));
        LocalDate to = from.plusDays(1 + random.nextInt(6));
        List<LocalDate> days = from.datesUntil(to).toList();
        List<String> rows = new ArrayList<>();
        for (LocalDate day : days) {
            for (int n = random.nextInt(5); n > 0; n--) {
                rows.add(row.values(day, n));
            }
        }
        String delete =
                "delete from " + table + " where " + column + " >= '" + from + "' and " + column + " < '" + to + "'";
        String insert = rows.isEmpty() ? "select 1" : "insert into " + table + " values " + String.join(", ", rows);
        fixture.load(table, days, delete, insert);
    }

    private static String time(SplittableRandom random) {
        return String.format("%02d:%02d:%02d", random.nextInt(24), random.nextInt(60), random.nextInt(60));
    }

    private static String pick(SplittableRandom random, String... values) {
        return values[random.nextInt(values.length)];
    }
}
