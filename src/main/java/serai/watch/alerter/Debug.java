package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import serai.watch.message.Alert;
import serai.watch.message.MessageLimits;
import serai.watch.python.Python;

/** Writes matches to the log, for trying out rules: {@code debug}. */
final class Debug implements Alerter {

    private static final int LONGEST = 8_000;

    static final AlerterType TYPE = new AlerterType("debug", "The log", new OptionList(), Debug::new);

    private record Log(String identity) implements Destination {
        @Override
        public String channel() {
            return TYPE.name();
        }
    }

    private final AlerterOptions options;
    private final Log log;

    private Debug(AlerterOptions options) {
        this.options = options;
        this.log = new Log("log of " + options.rule().name());
    }

    @Override
    public String name() {
        return TYPE.name();
    }

    @Override
    public List<Message> messages(Alert alert) {
        return alert.matches().stream()
                .map(match -> new Message(log, payload(alert.with(List.of(match)))))
                .toList();
    }

    private ObjectNode payload(Alert alert) {
        String text = "Alert for " + options.rule().name() + " at "
                + Python.str(alert.field(options.rule().timestampField())) + ": "
                + MessageLimits.text(options.text().bodyOfMatches(alert), LONGEST);
        return Json.object().put("text", text);
    }

    @Override
    public List<Log> destinations() {
        return List.of(log);
    }
}
