package serai.watch.outbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
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
    /** Those that a rule has now; the other maps keep those that it had. */
    private final Map<String, List<Destination>> current = new ConcurrentHashMap<>();

    private final AtomicLong version = new AtomicLong();

    /** Adds those of a rule that runs now. */
    public void add(AlertRule rule) {
        String name = rule.rule().name();
        List<Destination> destinations = new ArrayList<>();
        for (Alerter alerter : rule.alerters()) {
            destinations.addAll(alerter.destinations());
        }
        destinations.forEach(destination -> keep(name, destination));
        current.put(name, List.copyOf(destinations));
        version.incrementAndGet();
    }

    /**
     * Adds one.
     *
     * @param rule empty for a destination that no rule has
     */
    public void add(String rule, Destination destination) {
        keep(rule, destination);
        current.merge(
                rule,
                List.of(destination),
                (some, one) -> Stream.concat(some.stream(), one.stream()).toList());
        version.incrementAndGet();
    }

    private void keep(String rule, Destination destination) {
        String name = destination.isOpen() ? destination.channel() : destination.target();
        ofRules.put(new Key(rule, name), destination);
        ofAny.put(destination.target(), destination);
    }

    /** Changes with each addition. */
    long version() {
        return version.get();
    }

    /**
     * The targets of a rule's alerter that may take over what waits for a target which the rule does not have any more;
     * none when it still has it, or when it is not known what the rule has.
     */
    List<String> insteadOf(String rule, String channel, String target) {
        List<Destination> now = current.getOrDefault(rule, List.of()).stream()
                .filter(destination -> destination.channel().equals(channel))
                .toList();
        boolean known =
                now.stream().anyMatch(one -> one.isOpen() || one.target().equals(target));
        return known ? List.of() : now.stream().map(Destination::target).toList();
    }

    /** Where a message goes; empty when no rule has it. */
    Optional<Destination> find(String rule, String channel, String target) {
        return Optional.ofNullable(ofRules.get(new Key(rule, target)))
                .or(() -> Optional.ofNullable(ofAny.get(target)))
                .or(() -> Optional.ofNullable(ofRules.get(new Key(rule, channel))));
    }
}
