package serai.watch.python;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CharacterWidthTest {

    @ParameterizedTest
    @CsvSource({"ok,2", "日本,4", "✅,2", "🔴x,3", "⚠,1", "é,1", "e\u0301,1", "a\u2028b,2", "\u1112\u1161\u11ab,2"})
    void wideCharactersTakeTwoColumnsAndCombiningOnesNone(String text, int columns) {
        assertThat(CharacterWidth.of(text)).isEqualTo(columns);
    }
}
