package serai.load.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Values of all types arrive with the source's own text, by the first copy and by the log. */
class ReplicatedTypesIT {

    private static final String CREATE = """
            create type mood as enum ('sad', 'it''s ok', 'happy');
            create domain positive as int check (value > 0);
            create domain moody as mood;
            create type pair as (a int, b text);
            create type span as range (subtype = float8);
            create table types (id int primary key, c_int2 smallint, c_int8 bigint, c_numeric numeric, c_scaled
              numeric(12, 3), c_float4 real, c_float8 double precision, c_money money, c_bool boolean, c_char char(5),
              c_varchar varchar(20), c_text text, c_name name, c_tiny "char", c_bytea bytea, c_date date, c_time time,
              c_timetz timetz, c_timestamp timestamp, c_timestamptz timestamptz(3), c_interval interval, c_json json,
              c_jsonb jsonb, c_uuid uuid, c_xml xml, c_inet inet, c_cidr cidr, c_mac macaddr, c_bit bit(4), c_varbit
              varbit, c_point point, c_box box, c_path path, c_tsvector tsvector, c_tsquery tsquery, c_int4range
              int4range, c_multi nummultirange, c_ints int[], c_texts text[], c_numerics numeric[], c_mood mood, c_moods
              mood[], c_positive positive, c_moody moody, c_pair pair, c_span span, c_class regclass, c_lsn pg_lsn)
            """;

    private static final List<String> ROWS = List.of("""
            -32768, 9223372036854775807, 'NaN', 0.001, '-infinity', 'NaN', '-12.34', true, 'a', '', e'\\t\\n\\r\\\\N',
            'name', 'x', '\\x00ff5c', '0044-03-15 BC', '24:00:00', '23:59:59.999999+14:30', 'infinity',
            '294276-12-31 23:59:59.999+00', '1 year -2 mons +3 days -04:05:06.789', '{"a":  1, "a": 2}', '{"b": "\\\\u00e9"}',
            'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '<a>x</a>', '::1/64', '10.0.0.0/8', '08:00:2b:01:02:03', B'1010',
            B'101', '(1.5,-2)', '(3,4),(1,2)', '[(0,0),(1,1)]', 'fat:1A cat:2', 'fat & !cat', '[1,5)', '{[1,2],[5,)}',
            '[2:3]={1,null}', array['a,b', null, '"', '', '\\', 'NULL'], '{NaN,1.50,-Infinity}', 'it''s ok',
            array['happy', null, 'it''s ok']::mood[], 5, 'sad', row(1, 'x "y", z'), '[1.5,2.5)', 'pg_class', '16/B374D848'
            """, """
            null, null, 1e-1000, -999999999.999, 1.17549435e-38, 4.9e-324, null, false, null, ' x ', 'é😀\u00a0', null, null,
            '', 'infinity', '00:00:00.000001', null, '0001-01-01 00:00:00 BC', '-infinity', '-0.000001 s', 'null',
            '[1e400]', null, null, null, null, null, null, null, null, null, '((0,0),(1,1))', null, null, 'empty', '{}',
            '{{1,2},{3,4}}', '{}', '{}', null, '{}', null, null, null, 'empty', null, null
            """);

    @Test
    void valuesAreEqualAsText() throws Exception {
        try (SourceFixture fixture = new SourceFixture()) {
            fixture.source.execute(CREATE);
            fixture.source.execute("create table \"Odd\" (id int primary key)");
            int id = 0;
            for (String row : ROWS) {
                fixture.source.execute("insert into types values (" + ++id + ", " + row + ")");
            }
            fixture.start();
            fixture.await();
            fixture.assertEqual("types");
            for (String row : ROWS) {
                fixture.source.execute("insert into types values (" + ++id + ", " + row + ")");
            }
            fixture.source.execute("update types set c_text = 'updated' where id in (1, 2)");
            fixture.await();
            fixture.assertEqual("types");
            assertThat(fixture.target.rows(
                            "select source_table, reason from meta.replicated_tables" + " where state = 'parked'"))
                    .singleElement()
                    .asString()
                    .contains("public.Odd", "plain lower-case");
        }
    }
}
