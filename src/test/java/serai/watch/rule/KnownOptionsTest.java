package serai.watch.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownOptionsTest {

    @ParameterizedTest
    @ValueSource(strings = {"elastalert_modules.mine.MyRule", "wat", "Spike"})
    void refusesARuleTypeThatItCannotRun(String type) {
        assertThatThrownBy(() -> rule(type, "owner", "me"))
                .isInstanceOf(RuleException.class)
                .hasMessageContaining(type)
                .hasMessageContaining("any, blacklist");
    }

    @ParameterizedTest
    @ValueSource(strings = {"doc_type", "use_kibana4_dashboard", "whatever"})
    void keepsAnOptionThatNobodyKnows(String option) throws RuleException {
        assertThat(rule("any", option, "x").option(option)).isEqualTo("x");
    }

    private static Rule rule(String type, String option, Object value) throws RuleException {
        Map<String, Object> values =
                new LinkedHashMap<>(Map.of("name", "r", "type", type, "index", "i", "alert", "debug"));
        values.put(option, value);
        return Rule.of(new Options(values, Map.of()), Path.of("routes/alerts/r.yaml"), Map.of(), ZoneOffset.UTC);
    }
}
