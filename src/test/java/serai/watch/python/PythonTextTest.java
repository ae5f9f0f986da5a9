package serai.watch.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expected texts are what Python 3.11 returns. */
class PythonTextTest {

    @Test
    void aTextIsSplitAtASeparatorOrAtWhiteSpaceUpToALimit() {
        assertThat(PythonText.split("a,b,,c", ",", -1)).containsExactly("a", "b", "", "c");
        assertThat(PythonText.split("a,b,c", ",", 1)).containsExactly("a", "b,c");
        assertThat(PythonText.split("", ",", -1)).containsExactly("");
        assertThat(PythonText.split(" a  b\u00a0c ", null, -1)).containsExactly("a", "b", "c");
        assertThat(PythonText.split(" a  b c ", null, 1)).containsExactly("a", "b c ");
        assertThat(PythonText.split("  ", null, -1)).isEmpty();
    }

    @Test
    void aTextIsSplitFromTheEnd() {
        assertThat(PythonText.rsplit("a, b, c", ", ", 1)).containsExactly("a, b", "c");
        assertThat(PythonText.rsplit("aaa", "aa", -1)).containsExactly("a", "");
        assertThat(PythonText.rsplit(" a b  c ", null, 1)).containsExactly(" a b", "c");
    }

    @ParameterizedTest
    @CsvSource({"abab,ab,x,-1,xx", "abab,ab,x,1,xab", "abab,ab,x,0,abab", "ab,'',-,-1,-a-b-", "ab,'',-,2,-a-b"})
    void partsAreReplacedUpToALimit(String text, String old, String replacement, int most, String replaced) {
        assertThat(PythonText.replace(text, old, replacement, most)).isEqualTo(replaced);
    }

    @Test
    void aCharacterOfTwoUnitsIsNotSplit() {
        assertThat(PythonText.replace("\uD83D\uDE00b", "", "-", -1)).isEqualTo("-\uD83D\uDE00-b-");
        assertThat(PythonText.count("\uD83D\uDE00b", "")).isEqualTo(3);
        assertThat(PythonText.count("aaa", "aa")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"ab,5,'  ab '", "abc,6,' abc  '", "a,4,' a  '", "abc,2,abc", "-1,4,'--1-'"})
    void aTextIsCenteredLikeInPython(String text, int width, String centered) {
        String fill = text.startsWith("-") ? "-" : " ";

        assertThat(PythonText.center(text, width, fill)).isEqualTo(centered);
    }

    @Test
    void aTextIsPaddedOnOneSide() {
        assertThat(PythonText.ljust("ab", 4, ".")).isEqualTo("ab..");
        assertThat(PythonText.rjust("ab", 4, ".")).isEqualTo("..ab");
        assertThat(List.of(PythonText.zfill("-5", 4), PythonText.zfill("5", 3), PythonText.zfill("123", 2)))
                .containsExactly("-005", "005", "123");
        assertThatThrownBy(() -> PythonText.ljust("ab", 4, "xy")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whiteSpaceOrGivenCharactersAreStripped() {
        assertThat(PythonText.strip("\u00a0 a \n", null)).isEqualTo("a");
        assertThat(PythonText.lstrip("xxaxx", "x")).isEqualTo("axx");
        assertThat(PythonText.rstrip("xxaxx", "x")).isEqualTo("xxa");
    }
}
