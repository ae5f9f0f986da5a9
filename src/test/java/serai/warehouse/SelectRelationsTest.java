package serai.warehouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectRelationsTest {

    private static final Set<String> KNOWN = Set.of("a", "b", "landing.c");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    select a from a where a.x > :now        | select a from <a> as a where a.x > {now}
                    select 1 from a as x, landing.c y, d    | select 1 from <a> as x, <landing.c> y, d
                    select 1 from a left join b using (a)   | select 1 from <a> as a left join <b> as b using (a)
                    select a, b from (a cross join b)       | select a, b from (<a> as a cross join <b> as b)
                    select 1 from f(a, b), a                | select 1 from f(a, b), <a> as a
                    select 1 from lateral (select a from b) | select 1 from lateral (select a from <b> as b)
                    select x is distinct from a, b from b   | select x is distinct from a, b from <b> as b
                    select extract(day from x), a from b t  | select extract(day from x), a from <b> t
                    with a as (select 1 from b) table a     | with a as (select 1 from <b> as b) table a
                    with a as (select 1) select 1 from a, b | with a as (select 1) select 1 from a, <b> as b
                    select 1 from a union select 2 from b   | select 1 from <a> as a union select 2 from <b> as b
                    select ' from a', $$ from b$$ from a    | select ' from a', $$ from b$$ from <a> as a
                    select (select 1 from a), b from b      | select (select 1 from <a> as a), b from <b> as b
                    select 1 from only a order by a, b      | select 1 from only <a> as a order by a, b
                    select 1 from a /* b, */, b             | select 1 from <a> as a /* b, */, <b> as b
                    """)
    void onlyNamesOfRelationsAreReplacedAndKeepTheirAlias(String text, String expected) throws Exception {
        SelectText select = SelectText.of(text, Map.of("now", "timestamptz"));
        assertThat(select.rewritten(
                        parameter -> "{" + parameter + "}",
                        relation -> KNOWN.contains(relation) ? "<" + relation + ">" : null))
                .isEqualTo(expected);
    }
}
