package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** A table that is brought in step by the smallest difference has the rows of one that is made from scratch. */
class TablePropertyIT {

    /** Values that are equal and not the same, and types without equality. */
    private static final List<String> VALUES = List.of(
            "1.0, '{\"a\": 1}', 'a', '{\"a\": 1.0}', '1 day', 0, null, 'x'",
            "1.00, '{\"a\":1}', 'A', '{\"a\": 1}', '24:00', '-0', '{}', 'y'",
            "null, null, null, null, null, null, null, null",
            "'NaN', '[]', '', 'null', '-1 mon', 'NaN', '{null,1}', 'z'");

    private static final String MODEL = """
            -- @kind  table
            -- @grain k
            -- @reads landing.input
            -- @about One row per key.
            select k, n, j, c, b, i, f, a, u from input""";
    private static final String ROWS = " t order by t::text";

    private RefreshFixture fixture;

    @BeforeProperty
    void open() {
        fixture = new RefreshFixture();
        fixture.execute("create table landing.input (k int, n numeric, j json, c text, b jsonb, i interval,"
                + " f float8, a int[], u text)");
        assertThat(fixture.edit("sql/dims/dim.sql", MODEL)).isEmpty();
    }

    @AfterProperty
    void close() {
        fixture.close();
    }

    /** Each list is the state of the input at one refresh: for each key one of the values, or no row. */
    @Property(tries = 12, shrinking = ShrinkingMode.OFF)
    void theSmallestDifferenceEqualsFromScratch(@ForAll("states") List<List<Integer>> states) throws Exception {
        for (List<Integer> state : states) {
            Map<String, String> before = versions();
            fill(state);
            fixture.refresh.run();
            assertThat(fixture.rows("select model, error from meta.model_state where status <> 'ok'"))
                    .isEmpty();
            assertThat(fixture.rows("select t::text from star.dim" + ROWS))
                    .isEqualTo(fixture.rows("select t::text from (" + "select * from landing.input" + ")" + ROWS));
            Map<String, String> after = versions();
            before.keySet().retainAll(after.keySet());
            assertThat(after).as("equal rows are not touched").containsAllEntriesOf(before);
        }
    }

    private void fill(List<Integer> state) {
        fixture.execute("truncate landing.input");
        for (int key = 0; key < state.size(); key++) {
            if (state.get(key) < VALUES.size()) {
                fixture.execute("insert into landing.input values (" + key + ", " + VALUES.get(state.get(key)) + ")");
            }
        }
    }

    /** The version of each row, by its text. */
    private Map<String, String> versions() {
        if (fixture.one("select to_regclass('star.dim')") == null) {
            return new HashMap<>();
        }
        return fixture.rows("select xmin::text || ctid::text || '#' || t::text from star.dim t").stream()
                .map(row -> row.split("#", 2))
                .collect(Collectors.toMap(row -> row[1], row -> row[0]));
    }

    @Provide
    Arbitrary<List<List<Integer>>> states() {
        Arbitrary<Integer> value = Arbitraries.integers().between(0, VALUES.size() + 1);
        return value.list().ofMinSize(0).ofMaxSize(8).list().ofMinSize(2).ofMaxSize(6);
    }
}
