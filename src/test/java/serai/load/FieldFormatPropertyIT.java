package serai.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.postgresql.PGConnection;
import serai.testing.TestDatabase;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;

/**
 * What PostgreSQL takes for a type, a {@link FieldFormat} takes as the same value. What it refuses, PostgreSQL refuses
 * too, but for values that would lose a part of them.
 */
class FieldFormatPropertyIT {

    private static TestDatabase database;
    private static Warehouse warehouse;

    private enum Kind {
        SMALLINT("smallint"),
        INTEGER("integer"),
        BIGINT("bigint"),
        NUMERIC("numeric(6,2)"),
        ANY_NUMERIC("numeric"),
        NUMERIC_OF_HUNDREDS("numeric(3,-2)"),
        SMALL_NUMERIC("numeric(2,4)"),
        REAL("real"),
        DOUBLE("double precision"),
        BOOLEAN("boolean"),
        DATE("date"),
        TIMESTAMP("timestamp"),
        TIMESTAMPTZ("timestamptz"),
        TEXT("text"),
        VARCHAR("varchar(5)"),
        UUID("uuid"),
        JSON("json"),
        JSONB("jsonb"),
        CHARACTERS("char(3)"),
        SECONDS("timestamp(0)"),
        INSTANTS_OF_SECONDS("timestamptz(0)"),
        TIME("time"),
        TIME_WITH_ZONE("timetz"),
        INTERVAL("interval"),
        MONEY("money"),
        BYTES("bytea"),
        BITS("bit varying(5)"),
        ADDRESS("inet"),
        MAC_ADDRESS("macaddr"),
        POINT("point"),
        XML("xml"),
        NUMBERS("int[]"),
        TEXTS("text[]"),
        NUMBER_RANGE("int4range"),
        DAYS("daterange"),
        MOOD("landing.mood"),
        EVEN("landing.even");

        private final String sql;

        Kind(String sql) {
            this.sql = sql;
        }

        String table() {
            return "copied_" + name().toLowerCase(Locale.ROOT);
        }
    }

    @BeforeContainer
    static void open() {
        database = new TestDatabase();
        warehouse = database.warehouse();
        database.execute("create type landing.mood as enum ('sad', 'so so', 'happy');"
                + " create domain landing.even as int check (value % 2 = 0)");
        // what a type reads in a text; pg_input_is_valid alone throws some errors
        database.execute("""
                create function landing.read_as(v text, type text) returns text language plpgsql as $$
                declare value text;
                begin
                  if not pg_input_is_valid(v, type) then
                    return null;
                  end if;
                  execute format('select %L::%s::text', v, type) into value;
                  return value;
                exception when others then
                  return null;
                end $$""");
    }

    @AfterContainer
    static void close() {
        database.close();
    }

    @Provide
    Arbitrary<List<String>> values() {
        Arbitrary<String> numbers = Arbitraries.strings()
                .withChars("0123456789.+-eE")
                .ofMinLength(1)
                .ofMaxLength(12);
        Arbitrary<String> large = Arbitraries.of(
                "32767",
                "32768",
                "-32768",
                "-32769",
                "9223372036854775807",
                "9223372036854775808",
                "12.0",
                "1.0E10",
                "1E+3",
                "9999.994",
                "9999.995",
                "-9999.995",
                "1e400",
                "1e-400",
                "3.5e38",
                "1e-46",
                "NaN",
                "Infinity",
                "1e5000",
                "0e5000",
                "99949",
                "99950",
                "49",
                "50",
                "0.0099",
                "0.00994",
                "0.00995",
                "0.01",
                "0",
                "0x1F",
                "0o17",
                "0b101",
                "1_000",
                " 12 ",
                "\t7\n",
                "1e100000",
                "1e200000",
                "1e-16383",
                "1e-20000",
                "-inf",
                "+Infinity",
                "nan",
                "0x1p3",
                "1__0",
                "-0x8000");
        Arbitrary<String> times = Arbitraries.strings()
                .withChars("0123456789-:T .Z+")
                .ofMinLength(4)
                .ofMaxLength(26);
        Arbitrary<String> dates = net.jqwik.time.api.DateTimes.dateTimes().map(t -> t.toString());
        Arbitrary<String> tails = Arbitraries.of(
                "",
                "Z",
                "+02:00",
                "+00:53:28",
                "-01:00:60",
                " BC",
                " +02",
                " UTC",
                " America/New_York",
                ".5Z",
                "T24:00:00",
                "T23:59:60",
                "T12:00:00.",
                "T1:2:3",
                " 10:00 PM",
                "-0330",
                "+15:59",
                "+16:00",
                " ",
                ":60",
                ".123456789",
                "T24:00",
                "x");
        // NUL cannot be sent to the server as a parameter, nor can half a pair
        Arbitrary<String> texts = Arbitraries.strings()
                .ofMinLength(1)
                .ofMaxLength(8)
                .filter(text -> text.chars().noneMatch(c -> c == 0 || c >= 0xD800 && c <= 0xDFFF || c == 0xFDD0));
        Arbitrary<String> words = Arbitraries.of(
                "true",
                "false",
                "t",
                "NO",
                "on",
                "off",
                "Y",
                "n",
                " yes ",
                "tru",
                "o",
                "infinity",
                "-infinity",
                "epoch",
                "20260301",
                "2026/3/1",
                "12026-03-01",
                "294277-01-01",
                "Jan 5 2026",
                "4714-11-24 BC",
                "2026-03-01T10:11:12.1234567",
                "12:30:00.5",
                "24:00",
                "12:30+02",
                "1 day 02:00",
                "P1D",
                "$12.50",
                "\\\\x00ff",
                "101",
                "10.0.0.1/8",
                "::1",
                "08:00:2b:01:02:03",
                "(1,2)",
                "<a>b</a>",
                "{1,2,NULL}",
                "{a,\"b c\"}",
                "[1,5)",
                "[2026-03-01,)",
                "happy",
                "so so",
                "8",
                "9",
                "abc   ",
                "abcdef      ",
                "abcde  ",
                "{}",
                "{\"a\":1}",
                "[1,]",
                "null",
                "\"\\u0000\"",
                "\"\\\\u0000\"",
                "{\"\\u0000\":1}",
                "[\"\\\\\\u0000\"]",
                "1e200000",
                "\"\\ud83d\\ude00\"",
                "\"\\ud83d\"",
                "\"\\ude00\"",
                "1e99999",
                " ",
                "{\"a\":1} x",
                "\\N",
                "\\",
                "6f9619ff-8b86-d011-b42d-00cf4fc964ff",
                "6f9619ff8b86d011b42d00cf4fc964ff",
                "{6f9619ff-8b86-d011-b42d-00cf4fc964ff}",
                "6f96-19ff-8b86-d011-b42d-00cf-4fc9-64ff",
                "{6f9619ff-8b86-d011-b42d-00cf4fc964ff",
                "😀😀😀😀😀");
        return Arbitraries.oneOf(
                        numbers,
                        large,
                        times,
                        dates,
                        net.jqwik.api.Combinators.combine(dates, tails).as((d, t) -> d + t),
                        dates.map(d -> d.substring(0, 10)),
                        texts,
                        words)
                .list()
                .ofSize(40);
    }

    @Property(tries = 60)
    void aTextIsTakenAsTheSameValueAsByPostgres(@ForAll("values") List<String> values) throws SQLException {
        try (Connection c = warehouse.dataSource().getConnection()) {
            for (Kind kind : Kind.values()) {
                assertLaw(Sql.on(c), kind, values);
            }
        }
    }

    private static void assertLaw(Sql sql, Kind kind, List<String> values) throws SQLException {
        ReportColumn column = column(sql, kind);
        List<String> written = new ArrayList<>();
        CopyBuffer out = new CopyBuffer();
        for (String value : values) {
            out.startRow();
            written.add(column.write(value, out) == null ? uncopied(out) : null);
        }
        sql.each(
                "select v, w, landing.read_as(v, ?) as expected, landing.read_as(w, ?) as found"
                        + " from unnest(?::text[], ?::text[]) as t (v, w)",
                row -> {
                    String value = row.text("v");
                    String about = kind + " of '" + value + "', written as '" + row.text("w") + "'";
                    String expected = row.text("expected");
                    if (expected != null && !losesAPart(kind, value)) {
                        assertThat(row.text("found")).as(about).isEqualTo(expected);
                    } else if (row.text("found") != null) {
                        // whole numbers as other programs print them
                        assertThat(kind).as(about).isIn(Kind.SMALLINT, Kind.INTEGER, Kind.BIGINT);
                    }
                },
                kind.sql,
                kind.sql,
                values,
                written);
    }

    /** A date with a time of day, and a time with an offset in a column without one: PostgreSQL drops these. */
    private static boolean losesAPart(Kind kind, String value) {
        TimestampParser time = new TimestampParser();
        if (!time.read(value.toCharArray(), 0, value.length())) {
            return false;
        }
        return switch (kind) {
            case DATE -> !time.isMidnight();
            case TIMESTAMP, SECONDS -> time.hasOffset();
            default -> false;
        };
    }

    private static String uncopied(CopyBuffer row) {
        return new String(row.bytes(), 0, row.length(), StandardCharsets.UTF_8)
                .replace("\\\\", "\0")
                .replace("\\t", "\t")
                .replace("\\n", "\n")
                .replace("\\r", "\r")
                .replace("\0", "\\");
    }

    @Property(tries = 20)
    void whatIsTakenIsCopiedAsTheSameValue(@ForAll("values") List<String> values) throws SQLException, IOException {
        try (Connection c = warehouse.dataSource().getConnection()) {
            Sql sql = Sql.on(c);
            for (Kind kind : Kind.values()) {
                List<String> valid = sql.list(
                        "select v from unnest(?::text[]) as v where landing.read_as(v, ?) is not null",
                        row -> row.text("v"),
                        values,
                        kind.sql);
                List<String> taken = copied(c, kind, valid);
                assertThat(sql.list("select v::text as v from " + kind.table() + " order by n", row -> row.text("v")))
                        .isEqualTo(sql.list(
                                "select v::" + kind.sql
                                        + "::text as v from unnest(?::text[]) with ordinality as t (v, n) order by n",
                                row -> row.text("v"),
                                taken));
            }
        }
    }

    @Property(tries = 200)
    void everyIntegerDateAndTimeIsAccepted(@ForAll long number, @ForAll("moments") java.time.LocalDateTime time)
            throws SQLException, IOException {
        try (Connection c = warehouse.dataSource().getConnection()) {
            assertThat(copied(c, Kind.BIGINT, List.of(String.valueOf(number)))).hasSize(1);
            assertThat(copied(c, Kind.TIMESTAMP, List.of(time.toString()))).hasSize(1);
            assertThat(copied(c, Kind.DATE, List.of(time.toLocalDate().toString())))
                    .hasSize(1);
        }
    }

    @Provide
    Arbitrary<java.time.LocalDateTime> moments() {
        return net.jqwik.time.api.DateTimes.dateTimes().yearBetween(1, 9999);
    }

    /** Copies what the format accepts into a table and returns it; PostgreSQL refusing one fails the test. */
    private static List<String> copied(Connection c, Kind kind, List<String> values) throws SQLException, IOException {
        Sql sql = Sql.on(c);
        sql.execute("create temporary table if not exists " + kind.table() + " (n int, v " + kind.sql + ")");
        sql.execute("truncate " + kind.table());
        ReportColumn column = column(sql, kind);
        List<String> accepted = new ArrayList<>();
        CopyStream copy = new CopyStream(
                c.unwrap(PGConnection.class).getCopyAPI().copyIn("copy " + kind.table() + " from stdin"));
        CopyBuffer out = new CopyBuffer();
        for (String value : values) {
            CsvRecord record = new CsvRecord();
            new CsvParser(new StringReader("\"" + value.replace("\"", "\"\"") + "\""), ',').next(record);
            out.startRow();
            out.writeAscii(String.valueOf(accepted.size()));
            out.writeSeparator();
            if (column.write(record, 0, out) == null) {
                copy.row(out.bytes(), 0, out.length());
                accepted.add(value);
            }
        }
        copy.end();
        return accepted;
    }

    private static ReportColumn column(Sql sql, Kind kind) throws SQLException {
        sql.execute("create temporary table if not exists " + kind.table() + " (n int, v " + kind.sql + ")");
        FieldFormat format = sql.first(
                        """
                        select typname, attlen, atttypmod from pg_attribute a join pg_type t on t.oid = a.atttypid
                        where attrelid = to_regclass(?) and attname = 'v'""",
                        row -> FieldFormat.of(
                                row.text("typname"),
                                (int) row.number("attlen"),
                                (int) row.number("atttypmod"),
                                ZoneOffset.UTC,
                                false),
                        kind.table())
                .orElseThrow();
        return new ReportColumn("v", format, true, false);
    }
}
