package serai.watch.alert;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.commons.codec.digest.DigestUtils;

/**
 * The addresses that messages go to, by their SHA-256: the warehouse keeps that alone, since an address is a secret. They come from the
 * rules that run, and stay known for messages of a rule that was removed meanwhile.
 */
public final class Webhooks {

    private final Map<String, String> addresses = new ConcurrentHashMap<>();

    public void add(String address) {
        addresses.put(sha256(address), address);
    }

    /** The address of a target, or null when no rule has it. */
    public String address(String target) {
        return addresses.get(target);
    }

    /** The name under which a secret address may be kept. */
    public static String sha256(String text) {
        return DigestUtils.sha256Hex(text.getBytes(StandardCharsets.UTF_8));
    }
}
