package serai.watch.alerter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandArgumentTest {

    private static final Map<String, Object> MATCH =
            Map.of("user", Map.of("name", "bob"), "n", 5.0, "evil", "{n} %(n)s");

    @ParameterizedTest
    @CsvSource({
        "%(user.name)s,bob",
        "{user.name},bob",
        "{match[user.name]},bob",
        "%(n)d,5",
        "{n},5.0",
        "{evil},{n} %(n)s",
        "100%% {{x}},100% {x}",
        "%(nobody)s,<MISSING VALUE>",
        "--x=%(user.name)s!,--x=bob!"
    })
    void fieldsAreReplaced(String text, String expected) {
        assertThat(new CommandArgument(text).of(MATCH)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"100%", "date +%F", "{", "a } b", "%(x)"})
    void whatPythonRefusesIsRefused(String text) {
        assertThatThrownBy(() -> new CommandArgument(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not allowed");
    }

    @Test
    void aScriptHasOnlyVariables() {
        Map<String, String> variables = new LinkedHashMap<>();
        String script = new CommandArgument("a {n} '{n}' \"{n}\" \"$(b '{n}')\"").script(MATCH, variables);
        assertThat(script)
                .isEqualTo("a \"${SERAI_FIELD_0}\" ''\"${SERAI_FIELD_1}\"'' \"${SERAI_FIELD_2}\" "
                        + "\"$(b ''\"${SERAI_FIELD_3}\"'')\"");
        assertThat(variables).hasSize(4).containsEntry("SERAI_FIELD_0", "5.0");
    }
}
