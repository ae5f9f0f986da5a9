package serai.watch.type;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Short forms of values by which they are recognized. */
final class Fingerprint {

    private static final int SHORT = 64;

    private Fingerprint() {}

    /** A short text itself, of a long one the SHA-256. */
    static String of(String text) {
        return text.length() <= SHORT ? text : "h:" + HexFormat.of().formatHex(sha256(text), 0, 16);
    }

    /** 64 bits; among a million values, two have the same with a probability of one in thirty million. */
    static long bits(String text) {
        return ByteBuffer.wrap(sha256(text)).getLong();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
