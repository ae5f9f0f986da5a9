package serai.watch.alerter;

import java.nio.charset.StandardCharsets;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Where messages go and how, with everything about it that is secret: addresses, tokens, passwords. It is held in
 * memory and comes from the rules that run; tables, logs and pages know the {@link #target} alone.
 */
public interface Destination {

    /** The name of the channel: how it is delivered. */
    String channel();

    /** What makes it the same place, so that messages wait for each other; a secret. */
    String identity();

    /** The name under which it may be written down. */
    default String target() {
        return sha256(identity());
    }

    /** Whether other places, named by the messages themselves, are reached through it. */
    default boolean open() {
        return false;
    }

    static String sha256(String text) {
        return DigestUtils.sha256Hex(text.getBytes(StandardCharsets.UTF_8));
    }
}
