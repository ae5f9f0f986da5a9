package serai.refresh;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import serai.refresh.WideScans.WideScan;

class WideScansTest {

    private static final String SCAN = """
            {"Node Type": "Seq Scan", "Schema": "star", "Relation Name": "fact", "Alias": "f", "Actual Loops": %d,
             "Actual Rows": %d, "Rows Removed by Filter": %d, "Filter": "%s"}""";

    private static List<WideScan> scans(String plan) throws Exception {
        return WideScans.of(new ObjectMapper().readTree(plan));
    }

    private static List<String> columns(String filter) throws Exception {
        return scans(SCAN.formatted(1, 0, 10_000, filter.replace("\"", "\\\"")))
                .get(0)
                .columns();
    }

    @Test
    void aScanIsWideWhenItNeedsAtMostOneRowOfTenOfMany() throws Exception {
        assertThat(scans(SCAN.formatted(1, 1_000, 9_000, "(f.a = 1)")))
                .containsExactly(new WideScan("star.fact", 10_000, 1_000, "(f.a = 1)", List.of("a")));
        assertThat(scans(SCAN.formatted(1, 1_001, 9_000, "(f.a = 1)"))).isEmpty();
        assertThat(scans(SCAN.formatted(1, 0, 9_999, "(f.a = 1)"))).isEmpty();
    }

    @Test
    void repeatedAndParallelScansAreCountedTogether() throws Exception {
        assertThat(scans("{\"Node Type\": \"Nested Loop\", \"Plans\": [" + SCAN.formatted(100, 1, 200, "(f.a = 1)")
                        + "]}"))
                .extracting(WideScan::read, WideScan::needed)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(20_100L, 100L));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "(f.a = 1)|a",
                "((f.day >= '2026-03-01'::date) AND (f.plan = 'pro'::text))|plan,day",
                "((f.plan)::text = 'pro'::text)|plan",
                "((f.a > 1) AND (f.b < 2))|a",
                "((f.a > 1) AND (f.a < 2))|a",
                "(f.a = ANY ('{1,2}'::integer[]))|a",
                "(f.\"Odd \"\"name\" = 1)|Odd \"name",
                "(lower(f.a) = 'x'::text)|",
                "((f.at)::date = '2026-03-01'::date)|",
                "((f.a = 1) OR (f.b = 2))|",
                "(f.a <> 1)|",
                "(xf.a = 1)|"
            })
    void theIndexHasWhatIsEqualFirst(String filter, String columns) throws Exception {
        assertThat(String.join(",", columns(filter))).isEqualTo(columns == null ? "" : columns);
    }
}
