package serai.watch.alerter;

import java.nio.charset.StandardCharsets;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Where messages go and how, with everything about it that is secret: addresses, tokens, passwords. It comes from the
 * rules that run and is held in memory; tables, logs and pages know only the {@link #target}.
 */
public interface Destination {

    /** How messages are delivered: the name of the alerter. */
    String channel();

    /** Which route delivers to it: {@code direct:deliver-} and this name. */
    default String delivery() {
        return channel();
    }

    /** What makes it the same place, so that its messages wait for each other; a secret. */
    String identity();

    /** The name that may be stored: a hash of the identity. */
    default String target() {
        return sha256(identity());
    }

    /** Whether the messages themselves name the places that are reached through it. */
    default boolean isOpen() {
        return false;
    }

    /** The SHA-256 of a text's UTF-8 bytes, in hexadecimal. */
    static String sha256(String text) {
        return DigestUtils.sha256Hex(text.getBytes(StandardCharsets.UTF_8));
    }
}
