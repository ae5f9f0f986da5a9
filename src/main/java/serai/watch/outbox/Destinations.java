package serai.watch.outbox;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import serai.watch.alert.AlertRule;
import serai.watch.alerter.Alerter;
import serai.watch.alerter.Destination;

/**
 * The destinations of messages by their targets, which are all that tables have of them, because an address is a
 * secret. They come from the rules that run, and stay known for the messages of a rule that is removed. A rule's own
 * settings of a destination take precedence over those of another rule.
 */
public final class Destinations {

    private record Key(String rule, String name) {}

    private final Map<Key, Destination> ofRules = new ConcurrentHashMap<>();
    private final Map<String, Destination> ofAny = new ConcurrentHashMap<>();

    /** Adds those of a rule that runs now. */
    public void add(AlertRule rule) {
        for (Alerter alerter : rule.alerters()) {
            alerter.destinations().forEach(destination -> add(rule.rule().name(), destination));
        }
    }

    /**
     * Adds one.
     *
     * @param rule empty for a destination that no rule has
     */
    public void add(String rule, Destination destination) {
        String name = destination.isOpen() ? destination.channel() : destination.target();
        ofRules.put(new Key(rule, name), destination);
        ofAny.put(destination.target(), destination);
    }

    /** Where a message goes; empty when no rule has it. */
    Optional<Destination> find(String rule, String channel, String target) {
        return Optional.ofNullable(ofRules.get(new Key(rule, target)))
                .or(() -> Optional.ofNullable(ofAny.get(target)))
                .or(() -> Optional.ofNullable(ofRules.get(new Key(rule, channel))));
    }
}
