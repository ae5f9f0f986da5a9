package serai.watch;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The addresses that messages go to, by their SHA-256: the warehouse keeps that alone, since an address is a secret. They come from the
 * rules that run, and stay known for messages of a rule that was removed meanwhile.
 */
final class Webhooks {

    private final Map<String, String> addresses = new ConcurrentHashMap<>();

    void add(String address) {
        addresses.put(MatchWriter.sha256(address), address);
    }

    /** The address of a target, or null when no rule has it. */
    String address(String target) {
        return addresses.get(target);
    }
}
