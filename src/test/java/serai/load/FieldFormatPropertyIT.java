package serai.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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
 * What a {@link FieldFormat} accepts, PostgreSQL accepts too, as the same value: one value that COPY refuses would
 * refuse a whole report. And it accepts every plain value.
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
        JSONB("jsonb");

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
                "0");
        Arbitrary<String> times = Arbitraries.strings()
                .withChars("0123456789-:T .Z+")
                .ofMinLength(4)
                .ofMaxLength(26);
        Arbitrary<String> dates = net.jqwik.time.api.DateTimes.dateTimes().map(t -> t.toString());
        Arbitrary<String> tails =
                Arbitraries.of("", "Z", "+02:00", "-0330", "+15:59", "+16:00", " ", ":60", ".123456789", "T24:00", "x");
        Arbitrary<String> texts = Arbitraries.strings().ofMinLength(1).ofMaxLength(8);
        Arbitrary<String> words = Arbitraries.of(
                "true",
                "false",
                "t",
                "NO",
                "on",
                "{}",
                "{\"a\":1}",
                "[1,]",
                "null",
                "\"\\u0000\"",
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
                .ofSize(60);
    }

    @Property(tries = 60)
    void acceptedTextsAreThoseThatPostgresReads(@ForAll("values") List<String> values)
            throws SQLException, IOException {
        try (Connection c = warehouse.dataSource().getConnection()) {
            for (Kind kind : Kind.values()) {
                List<String> accepted = copied(c, kind, values);
                for (String value : accepted) {
                    assertThat(isSame(c, kind, value))
                            .as(kind + " of '" + value + "'")
                            .isTrue();
                }
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
        ReportColumn column = new ReportColumn("v", format, true, false);
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

    /** Whether the table has a value as PostgreSQL reads it. */
    private static boolean isSame(Connection c, Kind kind, String value) throws SQLException {
        boolean unusualInteger =
                Set.of(Kind.SMALLINT, Kind.INTEGER, Kind.BIGINT).contains(kind) && !value.matches("[+-]?\\d+");
        String readAs = unusualInteger ? "numeric" : kind.sql;
        return Sql.on(c)
                .first(
                        "select exists (select 1 from " + kind.table() + " where v::text = (?::" + readAs + ")::"
                                + kind.sql + "::text) as same",
                        row -> row.flag("same"),
                        value)
                .orElseThrow();
    }
}
