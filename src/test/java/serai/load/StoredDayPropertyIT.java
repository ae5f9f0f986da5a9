package serai.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.time.api.DateTimes;
import serai.testing.TestDatabase;
import serai.warehouse.Relation;
import serai.warehouse.Sql;

/** The time that counts for a row's day is the one that PostgreSQL stores, which rounds to the column's decimals. */
class StoredDayPropertyIT {

    private static final Map<Integer, String> COLUMNS =
            Map.of(-1, "", 0, "(0)", 1, "(1)", 3, "(3)", 5, "(5)", 6, "(6)");

    private static TestDatabase database;
    private static Connection connection;

    @BeforeContainer
    static void open() {
        database = new TestDatabase();
        connection = database.connect();
    }

    @AfterContainer
    static void close() throws SQLException {
        connection.close();
        database.close();
    }

    @Provide
    Arbitrary<String> times() {
        Arbitrary<LocalDateTime> seconds = Arbitraries.oneOf(
                DateTimes.dateTimes().yearBetween(1900, 2100),
                // where a day ends, and where halves are rounded to the other side
                DateTimes.dateTimes()
                        .yearBetween(1999, 2000)
                        .map(t -> t.toLocalDate().atTime(23, 59, 59)),
                Arbitraries.of(LocalDateTime.of(1999, 12, 31, 23, 59, 59), LocalDateTime.of(2000, 1, 1, 0, 0)));
        Arbitrary<String> digits =
                Arbitraries.strings().withChars("0123456789").ofMinLength(1).ofMaxLength(20);
        Arbitrary<String> limits = Arbitraries.of(
                "9999999",
                "999999",
                "9999995",
                "9999994",
                "612",
                "5",
                "500000",
                "4999995",
                "49999949999",
                "05",
                "0005");
        return Combinators.combine(seconds, Arbitraries.oneOf(digits, limits))
                .as((time, fraction) ->
                        time.format(DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss")) + "." + fraction);
    }

    @Property(tries = 400)
    void aTimeCountsAsItIsStored(
            @ForAll("times") String time,
            @ForAll("offsets") String offset,
            @ForAll("zones") String zone,
            @ForAll("decimals") int decimals)
            throws SQLException {
        assertStored(TimeFormat.Type.TIMESTAMP, "timestamp", time, ZoneId.of("UTC"), decimals);
        assertStored(TimeFormat.Type.TIMESTAMPTZ, "timestamptz", time + offset, ZoneId.of(zone), decimals);
    }

    @Provide
    Arbitrary<String> offsets() {
        return Arbitraries.of("", "", "Z", "+02:00", "-05", "+0530", "-15:59");
    }

    @Provide
    Arbitrary<String> zones() {
        return Arbitraries.of("UTC", "Asia/Tokyo", "America/New_York", "Asia/Kathmandu");
    }

    @Provide
    Arbitrary<Integer> decimals() {
        return Arbitraries.of(COLUMNS.keySet());
    }

    private static void assertStored(TimeFormat.Type type, String sqlType, String text, ZoneId zone, int decimals)
            throws SQLException {
        TimeFormat format = new TimeFormat(type, decimals, zone, false);
        CopyBuffer out = new CopyBuffer();
        assertThat(format.write(text.toCharArray(), 0, text.length(), out)).isNull();
        Sql sql = Sql.on(connection);
        String stored = "?::" + sqlType + COLUMNS.get(decimals);
        sql.execute("set time zone '" + zone.getId() + "'");
        long seconds = sql.first(
                        "select floor(extract(epoch from " + stored + "))::bigint as s", row -> row.number("s"), text)
                .orElseThrow();
        TimestampParser time = format.time();
        long offset = time.hasOffset()
                ? time.offsetSeconds()
                : type == TimeFormat.Type.TIMESTAMP
                        ? 0
                        : zone.getRules()
                                .getOffset(
                                        LocalDateTime.ofEpochSecond(time.localSeconds(), 0, java.time.ZoneOffset.UTC))
                                .getTotalSeconds();
        assertThat(time.localSeconds() - offset).as(text + " as " + stored).isEqualTo(seconds);
    }

    @Property(tries = 100)
    void aRowOfAWindowKeepsTheDayThatItsSourceGivesIt(@ForAll("reports") List<String> times) throws Exception {
        Sql sql = Sql.on(connection);
        sql.execute("set time zone 'UTC'");
        for (String type : List.of("timestamp(0)", "timestamp", "timestamptz(3)")) {
            sql.execute("create temporary table days (at " + type + " not null)");
            try {
                ReportTable table =
                        ReportTable.read(sql, Relation.of("pg_temp.days"), "at", List.of(), ZoneId.of("Asia/Tokyo"));
                for (String time : times) {
                    CopyBuffer out = new CopyBuffer();
                    out.startRow();
                    assertThat(table.window().write(time, out)).isNull();
                    sql.update(
                            "insert into days values (?::" + type + ")",
                            new String(out.bytes(), 0, out.length(), java.nio.charset.StandardCharsets.US_ASCII));
                    String day = time.substring(0, 10);
                    assertThat(LocalDate.ofEpochDay(
                                    Math.floorDiv(table.windowFormat().time().localSeconds(), 86_400)))
                            .hasToString(day);
                    assertThat(sql.list(
                                    "delete from days returning ("
                                            + (type.startsWith("timestamptz") ? "at at time zone 'Asia/Tokyo'" : "at")
                                            + ")::date as day",
                                    row -> row.date("day")))
                            .as(time + " as " + type)
                            .containsExactly(LocalDate.parse(day));
                }
            } finally {
                sql.execute("drop table days");
            }
        }
    }

    @Provide
    Arbitrary<List<String>> reports() {
        return times().list().ofMinSize(1).ofMaxSize(8);
    }
}
