package serai.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import serai.testing.TestDatabase;

class SqlIT {

    private static final Instant TIME = Instant.parse("2026-03-29T00:30:00.123456Z");

    private final TestDatabase database = new TestDatabase();
    private Connection connection;
    private Sql sql;

    @BeforeEach
    void open() throws SQLException {
        connection = database.connect();
        sql = Sql.on(connection);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        database.close();
    }

    @Test
    void everyTypeOfParameterArrivesAndIsReadBackAsItWas() throws SQLException {
        sql.each(
                "select ?::text as t, ?::bigint as n, ?::boolean as b, ?::timestamptz as i, ?::date as d, ?::bytea as y",
                row -> {
                    assertThat(row.text("t")).isEqualTo("a'b?");
                    assertThat(row.number("n")).isEqualTo(7);
                    assertThat(row.numberOrNull("n")).isEqualTo(7);
                    assertThat(row.flag("b")).isTrue();
                    assertThat(row.instant("i")).isEqualTo(TIME);
                    assertThat(row.date("d")).isEqualTo("2026-03-29");
                    assertThat(row.bytes("y")).containsExactly(0, -1);
                },
                "a'b?",
                7L,
                true,
                TIME,
                LocalDate.of(2026, 3, 29),
                new byte[] {0, -1});
    }

    @Test
    void datesAndTimesOfFarYearsArriveInArraysAsTheyAre() throws SQLException {
        assertThat(sql.list(
                        "select d::text from unnest(?::date[]) as d",
                        row -> row.text("d"),
                        List.of(LocalDate.of(12_000, 1, 2), LocalDate.of(0, 12, 31), LocalDate.of(-5, 1, 2))))
                .containsExactly("12000-01-02", "0001-12-31 BC", "0006-01-02 BC");
        assertThat(sql.list(
                        "select (t at time zone 'UTC')::text as t from unnest(?::timestamptz[]) as t",
                        row -> row.text("t"),
                        List.of(Instant.parse("+12000-01-02T03:04:05.000006Z"), Instant.parse("0000-12-31T00:01:15Z"))))
                .containsExactly("12000-01-02 03:04:05.000006", "0001-12-31 00:01:15 BC");
    }

    @Test
    void nullIsBoundAndReadAsNull() throws SQLException {
        sql.each(
                "select ?::text as t, ?::bigint as n, ?::timestamptz as i, ?::date as d, ?::text[] as a",
                row -> {
                    assertThat(row.text("t")).isNull();
                    assertThat(row.number("n")).isZero();
                    assertThat(row.numberOrNull("n")).isNull();
                    assertThat(row.realOrNull("n")).isNull();
                    assertThat(row.instant("i")).isNull();
                    assertThat(row.date("d")).isNull();
                    assertThat(row.texts("a")).isEmpty();
                },
                null,
                null,
                null,
                null,
                null);
    }

    @Test
    void collectionsAreArraysOfTheirElementsType() throws SQLException {
        assertThat(typeOf(List.of("a"))).isEqualTo("text[] {a}");
        assertThat(typeOf(List.of(1, 2))).isEqualTo("bigint[] {1,2}");
        assertThat(typeOf(List.of(true))).isEqualTo("boolean[] {t}");
        assertThat(typeOf(List.of(LocalDate.of(2026, 3, 29)))).isEqualTo("date[] {2026-03-29}");
        assertThat(typeOf(List.of(TIME))).isEqualTo("timestamp with time zone[] {\"2026-03-29 00:30:00.123456+00\"}");
        assertThat(typeOf(Arrays.asList(null, 3L))).isEqualTo("bigint[] {NULL,3}");
        assertThat(typeOf(List.of())).isEqualTo("text[] {}");
    }

    private String typeOf(List<?> values) throws SQLException {
        return sql.first(
                        "select pg_typeof(v) || ' ' || v::text as t from (select ? as v) x",
                        row -> row.text("t"),
                        values)
                .orElseThrow();
    }

    @Test
    void rowsAreWrittenCountedAndListed() throws SQLException {
        sql.execute("create temporary table t (k int, v text); create index on t (k)");
        sql.batch("insert into t values (?, ?)", List.of(List.of(1, "a"), Arrays.asList(2, null), List.of(3, "c")));
        assertThat(sql.update("update t set v = 'x' where k > ?", 1)).isEqualTo(2);
        assertThat(sql.list("select v from t order by k", row -> row.text("v"))).containsExactly("a", "x", "x");
        assertThat(sql.first("select v from t where k = ?", row -> row.text("v"), 9))
                .isEmpty();
        sql.execute("drop table t");
    }
}
