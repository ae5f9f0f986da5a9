package serai.watch.alerter;

import java.util.List;
import java.util.Map;
import serai.watch.message.Alert;
import serai.watch.message.MessageLimits;

/** Says matches in the log: {@code debug}. */
final class Debug implements Alerter {

    private static final int LONGEST = 8_000;

    private record Log(String identity) implements Destination {
        @Override
        public String channel() {
            return "debug";
        }
    }

    private final AlerterOptions given;
    private final Destination log;

    Debug(AlerterOptions given) {
        this.given = given;
        this.log = new Log("log of " + given.rule().name());
    }

    @Override
    public String name() {
        return "debug";
    }

    @Override
    public List<Message> messages(Alert alert) {
        return alert.matches().stream()
                .map(match -> {
                    Alert one = new Alert(
                            alert.id(),
                            alert.key(),
                            List.of(match),
                            alert.suppressed(),
                            alert.resolved(),
                            alert.since());
                    return new Message(
                            log,
                            Json.object()
                                    .put(
                                            "text",
                                            "Alert for " + given.rule().name() + " at "
                                                    + serai.watch.python.Python.str(AlerterOptions.first(
                                                            one, given.rule().timestampField()))
                                                    + ": "
                                                    + MessageLimits.text(given.bodyOfMatches(one), LONGEST)));
                })
                .toList();
    }

    @Override
    public List<Destination> destinations() {
        return List.of(log);
    }

    @Override
    public Map<String, Object> info() {
        return Map.of("type", "debug");
    }
}
