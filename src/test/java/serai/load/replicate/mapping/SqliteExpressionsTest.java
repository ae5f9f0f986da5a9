package serai.load.replicate.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Expressions against what SQLite answered, for expressions that were made at random. */
class SqliteExpressionsTest {

    private static final SourceTable TABLE = TestRow.table("public.t (a text, b text, n bigint, x double precision)");
    private static final BigDecimal CLOSE = new BigDecimal("1e-9");

    @Test
    void expressionsHaveTheValuesOfSqlite() throws IOException {
        JsonNode recording = new ObjectMapper()
                .readTree(new File("src/test/resources/recordings/dms-mappings/sqlite-expressions.json"));
        List<String> wrong = new ArrayList<>();
        for (JsonNode recorded : recording.get("cases")) {
            JsonNode row = recording.get("rows").get(recorded.get("row").asInt());
            String expected = recorded.get("value").textValue();
            String actual = ColumnExpression.parse(recorded.get("expression").asText())
                    .text(new RowScope(TABLE, Map.of(), null, row(row)), "text");
            boolean number = recorded.get("type").asText().matches("integer|real");
            if (number ? !isClose(expected, actual) : !String.valueOf(expected).equals(String.valueOf(actual))) {
                wrong.add(recorded.get("expression").asText() + " of " + row + ": " + actual + ", not " + expected);
            }
        }

        assertThat(recording.get("cases")).hasSizeGreaterThan(2000);
        assertThat(wrong).isEmpty();
    }

    private static TestRow row(JsonNode values) {
        List<String> texts = new ArrayList<>();
        values.forEach(value -> texts.add(value.textValue()));
        return TestRow.of(texts.toArray(new String[0]));
    }

    /** SQLite's numbers have 15 digits; ours are decimal. */
    private static boolean isClose(String expected, String actual) {
        BigDecimal number = new BigDecimal(expected);
        return actual != null
                && number.subtract(new BigDecimal(actual))
                                .abs()
                                .compareTo(CLOSE.multiply(number.abs().max(BigDecimal.ONE)))
                        <= 0;
    }
}
