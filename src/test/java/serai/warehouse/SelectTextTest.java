package serai.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.api.Test;
import serai.warehouse.SqlLexer.Token;
import serai.warehouse.SqlLexer.Type;

class SelectTextTest {

    private static final Map<String, String> TYPES =
            Map.of("from", "timestamptz", "to", "timestamptz", "now", "timestamptz", "run_id", "bigint");

    @Test
    void parametersAreFoundAndBoundWithTheirTypes() throws Exception {
        SelectText sql = SelectText.of("select :now, :run_id where t >= :from and t<:to", TYPES);
        assertThat(sql.prepared())
                .isEqualTo("select (?::timestamptz), (?::bigint) where t >= (?::timestamptz) and t<(?::timestamptz)");
        assertThat(sql.parameters()).containsExactly("now", "run_id", "from", "to");
        assertThat(sql.definition()).startsWith("select (null::timestamptz), (null::bigint) where");
    }

    @Test
    void colonsInCastsQuotesAndCommentsAreNoParameters() throws Exception {
        String text = """
                select 'it''s :from', E'\\':to', "a:now", $$ :from ; -- $$, $q$ $$ :to $q$, x::date, a ? 'k' -- :from;
                /* :to ; /* nested */ ' */ from t""";
        SelectText sql = SelectText.of(text, TYPES);
        assertThat(sql.parameters()).isEmpty();
        assertThat(sql.definition())
                .contains("'it''s :from'", "E'\\':to'", "$q$ $$ :to $q$", "x::date", "a ? 'k'")
                .doesNotContain("nested")
                .endsWith("from t");
        assertThat(sql.prepared()).contains("a ?? 'k'");
    }

    @Test
    void aLineOfTheDefinitionIsThatOfTheText() throws Exception {
        String definition = SelectText.of("-- one\n/* two\nthree */\nselect 1,\n-- five\n  x", TYPES)
                .definition();
        assertThat(definition.lines().map(String::strip)).containsExactly("", "", "", "select 1,", "", "x");
    }

    @Test
    void textsThatDifferOnlyInCommentsAndSpacesAreTheSameDefinition() throws Exception {
        assertThat(SelectText.of("select  1 -- a\n,  'x  y'\n;\n", TYPES).compact())
                .isEqualTo(SelectText.of("select 1\n, 'x  y'", TYPES).compact())
                .isNotEqualTo(SelectText.of("select 1 , 'x y'", TYPES).compact());
    }

    @Test
    void aMistakeIsRefusedWithItsLine() {
        assertRefused("select 1\nwhere a = :form", 2, "no parameter :form");
        assertRefused("select 1;\n-- fine\nselect 2", 3, "a second statement");
        assertRefused("-- x\ninsert into t select 1", 2, "bare SELECT");
        assertRefused("select 1,\n 'open", 2, "not closed");
        assertRefused("select 1 /* open", 1, "not closed");
        assertRefused("select $a$ x $b$", 1, "not closed");
        assertRefused("-- nothing but this", null, "no SELECT");
    }

    private static void assertRefused(String text, Integer line, String reason) {
        assertThatThrownBy(() -> SelectText.of(text, TYPES)).isInstanceOfSatisfying(SqlSyntaxException.class, e -> {
            assertThat(e.line()).isEqualTo(line);
            assertThat(e.getMessage()).contains(reason);
        });
    }

    @Property(tries = 500)
    void joinedTokensAreTheText(
            @ForAll @Chars({'a', ' ', '\n', '\'', '"', '$', ':', '-', '/', '*', ';', 'e', '\\', '?'}) String text) {
        try {
            String joined = SqlLexer.tokens(text).stream()
                    .map(t -> (t.type() == Type.PARAMETER ? ":" : "") + t.text())
                    .collect(Collectors.joining());
            assertThat(joined).isEqualTo(text);
            assertThat(SqlLexer.tokens(text)).extracting(Token::line).isSorted();
        } catch (SqlSyntaxException e) {
            assertThat(e.getMessage()).contains("not closed");
        }
    }
}
