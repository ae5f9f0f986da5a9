package serai.load.replicate.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ColumnMaskTest {

    private static final String VALUE = "C6BGJ566669K";

    @Test
    void digitsAreMaskedAsAwsDocuments() {
        assertThat(new ColumnMask.DigitsMask('#').apply(VALUE)).isEqualTo("C#BGJ######K");
    }

    @Test
    void valuesAreHashedAsAwsDocuments() {
        assertThat(new ColumnMask.Hash().apply(VALUE))
                .isEqualTo("7CB06784764C9030CCC41E25C15339FEB293FFE9B329A72B5FED564E99900C75");
    }

    @Test
    void aSaltedHashIsHmacWithTheKey() {
        // RFC 4231, test case 2
        assertThat(new ColumnMask.SaltedHash("Jefe").apply("what do ya want for nothing?"))
                .isEqualTo("5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843");
    }

    @Test
    void nullStaysNullAndNothingStaysNothing() {
        assertThat(new ColumnMask.DigitsMask('#').apply(null)).isNull();
        assertThat(new ColumnMask.DigitsRandomize("").apply(null)).isNull();
        assertThat(new ColumnMask.Hash().apply(null)).isNull();
        assertThat(new ColumnMask.SaltedHash("a key that is long enough").apply(null))
                .isNull();
        assertThat(new ColumnMask.DigitsMask('#').apply("")).isEmpty();
        assertThat(new ColumnMask.DigitsRandomize("").apply("")).isEmpty();
        assertThat(new ColumnMask.Hash().apply("")).hasSize(64);
    }

    @Test
    void digitsOfOtherScriptsAreMaskedToo() {
        assertThat(new ColumnMask.DigitsMask('*').apply("٠١٢ a1")).isEqualTo("*** a*");
    }

    @Property
    void whatIsNotADigitStaysInPlace(@ForAll String text) {
        String pattern = text.codePoints()
                .filter(c -> Character.getType(c) != Character.DECIMAL_DIGIT_NUMBER)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();

        assertThat(new ColumnMask.DigitsMask('#').apply(text).replace("#", "")).isEqualTo(pattern.replace("#", ""));
        String random = new ColumnMask.DigitsRandomize("").apply(text);
        assertThat(random.replaceAll("[0-9]", "")).isEqualTo(pattern);
        assertThat(random.codePointCount(0, random.length())).isEqualTo(text.codePointCount(0, text.length()));
    }

    @Property
    void aRandomNumberFitsItsType(@ForAll long big, @ForAll int whole, @ForAll short small) {
        assertThat(Long.valueOf(new ColumnMask.DigitsRandomize("9223372036854775807").apply(String.valueOf(big))))
                .isNotNull();
        assertThat(Integer.valueOf(new ColumnMask.DigitsRandomize("2147483647").apply(String.valueOf(whole))))
                .isNotNull();
        assertThat(Short.valueOf(new ColumnMask.DigitsRandomize("32767").apply(String.valueOf(small))))
                .isNotNull();
    }

    @Property
    void hashesAreTheSameForTheSameValueOnly(@ForAll String a, @ForAll String b, @ForAll @LongRange(min = 1) long key) {
        ColumnMask salted = new ColumnMask.SaltedHash("a key of a test " + key);

        assertThat(salted.apply(a)).isEqualTo(salted.apply(a)).matches("[0-9A-F]{64}");
        assertThat(salted.apply(a).equals(salted.apply(b))).isEqualTo(a.equals(b));
        assertThat(salted.apply(a)).isNotEqualTo(new ColumnMask.SaltedHash("another key").apply(a));
    }
}
