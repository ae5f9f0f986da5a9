package serai.watch.outbox;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import serai.watch.alert.AlertRule;
import serai.watch.alerter.Alerter;
import serai.watch.alerter.Destination;

/**
 * The destinations of messages by their targets: tables keep those alone, since an address is a secret. They come from
 * the rules that run, and stay known for messages of a rule that was removed meanwhile. A rule's own settings of a
 * destination go before another rule's.
 */
public final class Destinations {

    private record Key(String rule, String name) {}

    private final Map<Key, Destination> ofRules = new ConcurrentHashMap<>();
    private final Map<String, Destination> ofAny = new ConcurrentHashMap<>();

    /** Learns those of a rule that runs now. */
    public void add(AlertRule rule) {
        for (Alerter alerter : rule.alerters()) {
            alerter.destinations().forEach(destination -> add(rule.rule().name(), destination));
        }
    }

    public void add(String rule, Destination destination) {
        ofRules.put(new Key(rule, destination.open() ? destination.channel() : destination.target()), destination);
        ofAny.put(destination.target(), destination);
    }

    /** Where a message goes; empty when no rule has it. */
    Optional<Destination> find(String rule, String channel, String target) {
        Destination found = ofRules.get(new Key(rule, target));
        found = found == null ? ofAny.get(target) : found;
        return Optional.ofNullable(found == null ? ofRules.get(new Key(rule, channel)) : found);
    }
}
