package serai.load.replicate.mapping;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Locale;
import javax.crypto.Mac;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;

/** How the values of a column are masked. NULL stays NULL. */
sealed interface ColumnMask {

    /** The masked text of a text that is not NULL. */
    String mask(String text);

    /** The masked value; null stays null. */
    default String apply(String value) {
        return value == null ? null : mask(value);
    }

    /** Whether the same text always gets the same mask. */
    default boolean isRepeatable() {
        return true;
    }

    /** Each digit becomes the same character. The rest of the text stays. */
    record DigitsMask(char replacement) implements ColumnMask {
        @Override
        public String mask(String text) {
            StringBuilder masked = new StringBuilder(text.length());
            text.codePoints()
                    .forEach(c -> masked.appendCodePoint(
                            Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER ? replacement : c));
            return masked.toString();
        }
    }

    /**
     * Each digit becomes a random one, anew at each write.
     *
     * @param greatest the greatest number of the column's type; empty when it has no limit
     */
    record DigitsRandomize(String greatest) implements ColumnMask {

        private static final SecureRandom RANDOM = new SecureRandom();

        @Override
        public boolean isRepeatable() {
            return false;
        }

        @Override
        public String mask(String text) {
            long digits = text.codePoints().filter(DigitsRandomize::isDigit).count();
            StringBuilder masked = new StringBuilder(text.length());
            boolean[] first = {digits == greatest.length()};
            text.codePoints().forEach(c -> {
                if (isDigit(c)) {
                    // a first digit below that of the greatest number keeps the number within its type
                    masked.append(RANDOM.nextInt(first[0] ? greatest.charAt(0) - '0' : 10));
                    first[0] = false;
                } else {
                    masked.appendCodePoint(c);
                }
            });
            return masked.toString();
        }

        private static boolean isDigit(int c) {
            return Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER;
        }
    }

    /** SHA-256 in upper-case hexadecimal digits. Who guesses a value can check the guess. */
    record Hash() implements ColumnMask {
        @Override
        public String mask(String text) {
            return DigestUtils.sha256Hex(text).toUpperCase(Locale.ROOT);
        }
    }

    /** HMAC-SHA-256 with a key, in upper-case hexadecimal digits. */
    final class SaltedHash implements ColumnMask {

        /** To make one takes as long as to use it. */
        private final ThreadLocal<Mac> mac;

        SaltedHash(String key) {
            byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
            this.mac = ThreadLocal.withInitial(() -> HmacUtils.getInitializedMac(HmacAlgorithms.HMAC_SHA_256, bytes));
        }

        @Override
        public String mask(String text) {
            return Hex.encodeHexString(mac.get().doFinal(text.getBytes(StandardCharsets.UTF_8)), false);
        }
    }
}
