package serai.load.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import serai.testing.TestMariaDb;
import serai.testing.Waiting;

/** Each type of MariaDB arrives with its awkward values, and the same from the copy as from the log. */
class MariaDbTypesIT {

    /** A type, the type of the warehouse, and values with what arrives of them. */
    private record Case(String type, String target, List<String> values) {}

    private static final List<Case> CASES = List.of(
            new Case("tinyint", "smallint", List.of("-128 > -128", "127 > 127")),
            new Case("tinyint(1)", "smallint", List.of("1 > 1", "7 > 7")),
            new Case("tinyint unsigned", "smallint", List.of("255 > 255", "0 > 0")),
            new Case("smallint unsigned", "integer", List.of("65535 > 65535")),
            new Case("mediumint", "integer", List.of("-8388608 > -8388608", "8388607 > 8388607")),
            new Case("mediumint unsigned", "integer", List.of("16777215 > 16777215")),
            new Case("int unsigned zerofill", "bigint", List.of("4294967295 > 4294967295", "7 > 7")),
            new Case("bigint", "bigint", List.of("-9223372036854775808 > -9223372036854775808")),
            new Case("bigint unsigned", "numeric(20,0)", List.of("18446744073709551615 > 18446744073709551615")),
            new Case(
                    "decimal(65,30)",
                    "numeric(65,30)",
                    List.of(
                            "99999999999999999999999999999999999.999999999999999999999999999999 >"
                                    + " 99999999999999999999999999999999999.999999999999999999999999999999",
                            "-0.000000000000000000000000000001 > -0.000000000000000000000000000001")),
            new Case("decimal(10,2) unsigned", "numeric(10,2)", List.of("5 > 5.00")),
            new Case(
                    "float",
                    "real",
                    List.of(
                            "3.14 > 3.14",
                            "1e10 > 1e+10",
                            "-1.17549435e-38 > -1.1754944e-38",
                            "16777216 > 1.6777216e+07")),
            new Case(
                    "double",
                    "double precision",
                    List.of(
                            "0.1 > 0.1",
                            "1.7976931348623157e308 > 1.7976931348623157e+308",
                            "5e-324 > 5e-324",
                            "1e15 > 1e+15",
                            "123456789012345 > 123456789012345")),
            new Case("bit(1)", "boolean", List.of("b'1' > true", "b'0' > false")),
            new Case("bit(10)", "bit(10)", List.of("b'1010' > 0000001010")),
            new Case("year", "smallint", List.of("2024 > 2024", "0 > 0")),
            new Case(
                    "date",
                    "date",
                    List.of(
                            "'2024-02-29' > 2024-02-29",
                            "'0000-00-00' > null",
                            "'2024-00-10' > null",
                            "'9999-12-31' > 9999-12-31")),
            new Case(
                    "datetime",
                    "timestamp without time zone",
                    List.of("'2024-05-06 07:08:09' > 2024-05-06 07:08:09", "'0000-00-00' > null")),
            new Case(
                    "datetime(3)",
                    "timestamp without time zone",
                    List.of(
                            "'2024-05-06 07:08:09.120' > 2024-05-06 07:08:09.12",
                            "'1000-01-01' > 1000-01-01 00:00:00")),
            new Case(
                    "datetime(6)",
                    "timestamp without time zone",
                    List.of("'2024-05-06 07:08:09.000001' > 2024-05-06 07:08:09.000001")),
            new Case(
                    "timestamp",
                    "timestamp with time zone",
                    List.of("'2024-05-06 07:08:09' > 2024-05-06 07:08:09+00", "'0000-00-00' > null")),
            new Case(
                    "timestamp(6)",
                    "timestamp with time zone",
                    List.of("'2024-05-06 07:08:09.5' > 2024-05-06 07:08:09.5+00")),
            new Case("time", "interval", List.of("'-838:59:59' > -838:59:59", "'00:00:01' > 00:00:01")),
            new Case("time(2)", "interval", List.of("'-00:00:00.50' > -00:00:00.5", "'12:00:01.25' > 12:00:01.25")),
            new Case("time(6)", "interval", List.of("'-01:02:03.000004' > -01:02:03.000004")),
            new Case("char(10)", "character varying(10)", List.of("'a  ' > a", "'é😀' > é😀")),
            new Case(
                    "varchar(20)",
                    "character varying(20)",
                    List.of("'' > ", "'a  ' > a  ", "'tab\\tline\\n\\\\' > tab\tline\n\\")),
            new Case("varchar(20) character set latin1", "character varying(20)", List.of("'é€' > é€")),
            new Case("varchar(20) character set cp1251", "character varying(20)", List.of("'Привет' > Привет")),
            new Case("varchar(20) character set ucs2", "character varying(20)", List.of("'Привет' > Привет")),
            new Case("tinytext", "text", List.of("'x' > x")),
            new Case("longtext", "text", List.of("repeat('long ', 20000) > " + "long ".repeat(20_000))),
            new Case("enum('x','é','')", "text", List.of("'é' > é", "'x' > x")),
            new Case("set('p','q','r')", "text", List.of("'r,p' > p,r", "'' > ")),
            new Case("json", "json", List.of("'{\"a\": [1, \"é\"]}' > {\"a\": [1, \"é\"]}")),
            new Case("binary(6)", "bytea", List.of("'ab' > \\x616200000000", "'' > \\x000000000000")),
            new Case("varbinary(6)", "bytea", List.of("x'00ff00' > \\x00ff00", "'' > \\x")),
            new Case("blob", "bytea", List.of("x'00c3' > \\x00c3")),
            new Case(
                    "uuid",
                    "uuid",
                    List.of("'123e4567-e89b-12d3-a456-426655440000' > 123e4567-e89b-12d3-a456-426655440000")),
            new Case("inet4", "inet", List.of("'10.0.0.0' > 10.0.0.0", "'1.2.3.4' > 1.2.3.4")),
            new Case(
                    "inet6",
                    "inet",
                    List.of(
                            "'2001:db8::ff00:42:8329' > 2001:db8::ff00:42:8329",
                            "'::' > ::",
                            "'::ffff:1.2.3.4' > ::ffff:1.2.3.4",
                            "'1:0:0:2:0:0:0:3' > 1:0:0:2::3",
                            "'::1' > ::1",
                            "'fe80::' > fe80::")),
            new Case("point", "bytea", List.of("point(1, 2) > \\x000000000101000000000000000000f03f0000000000000040")));

    @Test
    void eachTypeArrives() throws Exception {
        try (MariaDbFixture fixture = new MariaDbFixture()) {
            fixture.source.execute("set sql_mode = ''");
            StringBuilder columns = new StringBuilder();
            for (int i = 0; i < CASES.size(); i++) {
                columns.append(", c")
                        .append(i)
                        .append(' ')
                        .append(CASES.get(i).type())
                        .append(" null");
            }
            fixture.source.execute("create table kinds (id int primary key" + columns + ")");
            insert(fixture.source, 0);
            fixture.start();
            fixture.await();
            insert(fixture.source, 100);
            fixture.source.execute("insert into kinds (id) values (999)");
            fixture.await();
            for (int i = 0; i < CASES.size(); i++) {
                check(fixture, i);
            }
            assertThat(fixture.target.rows("select * from app.kinds where id = 999"))
                    .containsExactly("999" + "|null".repeat(CASES.size()));
            assertThat(fixture.target.number("select count(*) from meta.rejects"))
                    .isZero();
            validate(fixture);
        }
    }

    private static void insert(TestMariaDb source, int from) {
        for (int i = 0; i < CASES.size(); i++) {
            for (int j = 0; j < CASES.get(i).values().size(); j++) {
                String value = CASES.get(i).values().get(j).split(" > ", 2)[0];
                source.execute(
                        "insert into kinds (id, c" + i + ") values (" + (from + 1 + j + i * 200) + ", " + value + ")");
            }
        }
    }

    private static void check(MariaDbFixture fixture, int number) {
        Case tried = CASES.get(number);
        assertThat(fixture.target.value(
                        "select format_type(atttypid, atttypmod) from pg_attribute"
                                + " where attrelid = 'app.kinds'::regclass and attname = ?",
                        "c" + number))
                .as(tried.type())
                .isEqualTo(tried.target());
        List<String> expected = tried.values().stream()
                .map(value -> value.split(" > ?", 2)[1].strip().equals("null") ? "null" : value.split(" > ?", 2)[1])
                .collect(Collectors.toList());
        for (int from : List.of(0, 100)) {
            int first = from + 1 + number * 200;
            assertThat(fixture.target.rows("select "
                            + (tried.target().equals("inet") ? "host(c" + number + ")" : "c" + number + "::text")
                            + " from app.kinds where id between " + first + " and " + (first + expected.size() - 1)
                            + " order by id"))
                    .as(tried.type() + (from == 0 ? " copied" : " from the log"))
                    .isEqualTo(expected);
        }
    }

    /** Rows of both ways are the same to a comparison that reads the source again. */
    private static void validate(MariaDbFixture fixture) {
        fixture.target.execute("insert into meta.validations (source, source_table, state, asked_by) values ('"
                + MariaDbFixture.NAME + "', '" + fixture.source.name() + ".kinds', 'pending', 'test')");
        Waiting.soon()
                .until(
                        () -> fixture.target.value("select state || coalesce(': ' || reason, '') || ' ' || mismatches"
                                + " from meta.validations where state not in ('pending', 'running')"),
                        state -> {
                            if (state != null) {
                                assertThat(
                                                state
                                                        + fixture.target.rows(
                                                                "select key, failure_type, details from meta.validation_failures"))
                                        .isEqualTo("validated 0[]");
                            }
                            return state != null;
                        });
    }
}
