package serai.load;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import serai.warehouse.TestWarehouse;
import serai.warehouse.Warehouse;

/**
 * The law of {@link ReportColumn}: what it accepts, PostgreSQL accepts too, as the same value; one value that COPY
 * refuses would refuse a whole report. And what plain values it should accept, it does.
 */
class ReportColumnPropertyIT {

    private static Warehouse warehouse;

    private enum Kind {
        SMALLINT("smallint", ColumnType.INTEGER, 2, 0, 0),
        BIGINT("bigint", ColumnType.INTEGER, 8, 0, 0),
        NUMERIC("numeric(6,2)", ColumnType.NUMERIC, 0, 6, 2),
        ANY_NUMERIC("numeric", ColumnType.NUMERIC, 0, 0, 0),
        REAL("real", ColumnType.FLOAT, 4, 0, 0),
        DOUBLE("double precision", ColumnType.FLOAT, 8, 0, 0),
        BOOLEAN("boolean", ColumnType.BOOLEAN, 0, 0, 0),
        DATE("date", ColumnType.DATE, 0, 0, 0),
        TIMESTAMP("timestamp", ColumnType.TIMESTAMP, 0, 0, 0),
        TIMESTAMPTZ("timestamptz", ColumnType.TIMESTAMPTZ, 0, 0, 0),
        VARCHAR("varchar(5)", ColumnType.TEXT, 5, 0, 0),
        UUID("uuid", ColumnType.UUID, 0, 0, 0),
        JSONB("jsonb", ColumnType.JSON, 0, 0, 0);

        private final String sql;
        private final ColumnType type;
        private final int size;
        private final int precision;
        private final int scale;

        Kind(String sql, ColumnType type, int size, int precision, int scale) {
            this.sql = sql;
            this.type = type;
            this.size = size;
            this.precision = precision;
            this.scale = scale;
        }
    }

    @BeforeContainer
    static void open() {
        warehouse = TestWarehouse.fresh();
    }

    @AfterContainer
    static void close() {
        warehouse.close();
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
                "1e5000");
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
    void whatIsAcceptedIsWhatPostgresReads(@ForAll("values") List<String> values) throws SQLException {
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
            throws SQLException {
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

    /** Copies what the column accepts into a table and returns it; PostgreSQL refusing one fails the test. */
    private static List<String> copied(Connection c, Kind kind, List<String> values) throws SQLException {
        ReportColumn column =
                new ReportColumn("v", kind.type, kind.size, kind.precision, kind.scale, true, false, ZoneOffset.UTC);
        List<String> accepted = new ArrayList<>();
        try (Statement s = c.createStatement()) {
            s.execute("create temporary table if not exists copied_" + kind.ordinal() + " (n int, v " + kind.sql + ")");
            s.execute("truncate copied_" + kind.ordinal());
        }
        CopyIn copy = c.unwrap(PGConnection.class).getCopyAPI().copyIn("copy copied_" + kind.ordinal() + " from stdin");
        CopyBuffer out = new CopyBuffer(copy);
        for (String value : values) {
            CsvRecord row =
                    CsvReader.builder().ofSingleCsvRecord(new CsvRecord(), "\"" + value.replace("\"", "\"\"") + "\"");
            out.startRow();
            out.ascii(String.valueOf(accepted.size()));
            out.separator();
            if (column.write(row, 0, out) == null) {
                out.endRow();
                accepted.add(value);
            } else {
                out.takeBackRow();
            }
        }
        out.flush();
        copy.endCopy();
        return accepted;
    }

    private static boolean isSame(Connection c, Kind kind, String value) throws SQLException {
        if (kind.type == ColumnType.INTEGER && !value.matches("[+-]?\\d+")) {
            return same(c, kind, value, "numeric");
        }
        return same(c, kind, value, kind.sql);
    }

    private static boolean same(Connection c, Kind kind, String value, String readAs) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("select exists (select 1 from copied_" + kind.ordinal()
                + " where v::text = (?::" + readAs + ")::" + kind.sql + "::text)")) {
            s.setString(1, value);
            try (ResultSet r = s.executeQuery()) {
                r.next();
                return r.getBoolean(1);
            }
        }
    }
}
