package serai.load.replicate.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnExpressionTest {

    private static final SourceTable TABLE = TestRow.table(
            "public.t (a text, n integer, x numeric(12,4), at timestamp with time zone, ok boolean, raw bytea)");
    private static final TestRow ROW =
            TestRow.of("Zoë Smith", "42", "20000.5000", "2026-02-28 23:59:58.7654+00", "t", "\\x00ff41");

    private static String value(String expression) {
        return value(expression, "text");
    }

    private static String value(String expression, String type) {
        return ColumnExpression.parse(expression)
                .text(new RowScope(TABLE, Map.of(), new ColumnMask.SaltedHash("key"), ROW), type);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '=',
            quoteCharacter = '~',
            value = {
                "lower($a)=zoë smith",
                "upper($a)=ZOë SMITH",
                "replaceChars('abcde', 'abcd', '123')=1231e",
                "replaceChars(\"abcde\",\"abcd\",\"123\")=1231e",
                "replaceChars('a/b', '/', '')=ab",
                "$a || '_' || $n=Zoë Smith_42",
                "substr($a, 1, 3)=Zoë",
                "substr($a, -5)=Smith",
                "trim('xxaxx', 'x')=a",
                "ltrim('  a ')||'.'=a .",
                "hex($raw)=00FF41",
                "hash_sha256('C6BGJ566669K')=7CB06784764C9030CCC41E25C15339FEB293FFE9B329A72B5FED564E99900C75",
                "$x=20000.5000",
                "round($x)=20001.0",
                "round($x, 2)=20000.50",
                "abs(-$n)=42",
                "abs('x')=0.0",
                "max($n, 7, 100)=100",
                "coalesce(NULL, $ok)=true",
                "ifnull(nullif($n, 42), 'same')=same",
                "date($at)=2026-02-28",
                "datetime($at, '+2 seconds')=2026-03-01 00:00:00",
                "strftime('%Y-%m', $at, 'start of month', '+1 month')=2026-03",
                "strftime('%w %W %j %f', $at)=6 08 059 58.765",
                "date('now')=2026-03-01",
                "datetime()=2026-03-01 09:08:07",
                "datetime(0, 'unixepoch')=1970-01-01 00:00:00",
                "julianday('2000-01-01 12:00')=2451545.000000000",
                "CASE WHEN round($x)>20000 THEN 'SENIOR' ELSE 'JUNIOR' END=SENIOR",
                "case $n when 1 then 'one' when 42 then 'all' end=all",
                "CASE WHEN $a LIKE '%SMITH' AND NOT $n IN (1, 2) THEN 'y' END=y",
                "CASE WHEN $n BETWEEN 40 AND 44 THEN 'in' END=in",
                "email_domain('Ada@Example.COM')=example.com",
                "length($a)=9"
            })
    void functionsWorkAsDocumented(String expression, String expected) {
        assertThat(value(expression)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NULL",
                "$a || NULL",
                "lower(NULL)",
                "max(1, NULL)",
                "1 / 0",
                "date('no date')",
                "date('2026-13-01')",
                "CASE WHEN NULL THEN 1 END",
                "email_domain('no address')",
                "nullif(1, 1)"
            })
    void whatIsUnknownIsNull(String expression) {
        assertThat(value(expression)).isNull();
    }

    @Test
    void aValueHasTheFormOfItsColumn() {
        assertThat(value("round($x)", "integer")).isEqualTo("20001");
        assertThat(value("$raw", "bytea")).isEqualTo("\\x00ff41");
        assertThat(value("'ab'", "bytea")).isEqualTo("\\x6162");
        assertThat(value("zeroblob(2)", "bytea")).isEqualTo("\\x0000");
        assertThat(value("zeroblob(2)", "text")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "load_extension('x')|there is no function load_extension",
                "lowr($a)|there is no function lowr; the nearest is lower",
                "cast($a as text)|'AS'",
                "substr($a)|substr does not take 1 arguments",
                "CASE WHEN 1 THEN ‘SENIOR’ END|straight quotes",
                "$AR_H_USER|PostgreSQL's log has no $AR_H_USER",
                "date($at, 'localtime')|modifier",
                "operation_indicator('D', $a, 'I')|operation_indicator('D', 'U', 'I')",
                "$a +|there is the end where a value belongs",
                "(1|there is 'the end' where ')' belongs",
                "a|'a' is not understood: a column is $name",
                "1; drop table t|';' is not understood",
                "$a IS 5|only NULL and NOT NULL"
            })
    void whatIsNotKnownIsNamed(String expression, String message) {
        assertThatThrownBy(() -> ColumnExpression.parse(expression))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message.strip());
    }

    @Test
    void expressionsAreBounded() {
        assertThatThrownBy(() -> ColumnExpression.parse("(".repeat(60) + "1" + ")".repeat(60)))
                .hasMessageContaining("nested too deep");
        assertThatThrownBy(() -> ColumnExpression.parse("-".repeat(3000) + "1"))
                .hasMessageContaining("nested too deep");
        assertThatThrownBy(() -> ColumnExpression.parse("1" + "+1".repeat(2000)))
                .hasMessageContaining("4000");
    }

    @Test
    void itTellsWhatItReads() {
        ColumnExpression expression = ColumnExpression.parse("email_domain($a) || length(lower($b)) || is_null($c)");

        assertThat(expression.columns()).containsExactly("a", "b", "c");
        assertThat(expression.exposed()).containsExactly("b");
        assertThat(expression.isAlwaysNew()).isFalse();
        assertThat(ColumnExpression.parse("$AR_H_OPERATION").isAlwaysNew()).isTrue();
        assertThat(ColumnExpression.parse("$AR_M_SOURCE_SCHEMA").isAlwaysNew()).isFalse();
        assertThat(ColumnExpression.parse("hex(randomblob(4))").isRandom()).isTrue();
        assertThat(ColumnExpression.parse("x_hash_salted($a)").needsKey()).isTrue();
    }
}
