package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import serai.watch.message.Alert;
import serai.watch.message.MessageLimits;
import serai.watch.python.Python;
import serai.watch.rule.RuleException;

/** A program of the operator's own: {@code command}. */
final class Command implements Alerter {

    private static final int LONGEST_TIMEOUT = 3600;
    private static final int LONGEST_TEXT = 300_000;

    private final AlerterOptions given;
    private final CommandDestination line;
    private final boolean matches;
    private final boolean text;

    Command(AlerterOptions given) throws RuleException {
        this.given = given.require("command");
        boolean shell = given.value("command") instanceof String;
        List<CommandArgument> arguments = new ArrayList<>();
        for (String argument : given.strings("command")) {
            try {
                arguments.add(new CommandArgument(argument));
            } catch (IllegalArgumentException e) {
                throw given.refused("command", e.getMessage());
            }
        }
        if (arguments.isEmpty() || arguments.get(0).text().isBlank()) {
            throw given.refused("command", "must name a program");
        }
        this.matches = given.flag("pipe_match_json", false);
        this.text = given.flag("pipe_alert_text", false);
        this.line = new CommandDestination(
                given.rule().name(),
                List.copyOf(arguments),
                shell,
                given.flag("fail_on_non_zero_exit", false),
                given.whole("command_timeout", 60, 1, LONGEST_TIMEOUT));
    }

    @Override
    public String name() {
        return "command";
    }

    @Override
    public List<Destination> destinations() {
        return List.of(line);
    }

    /** ElastAlert notes the command with its values; here without, since an argument may be a key. */
    @Override
    public Map<String, Object> info() {
        return Map.of("type", "command", "command", Python.str(given.rule().name()));
    }

    @Override
    public List<Message> messages(Alert alert) {
        ObjectNode payload = Json.object();
        payload.set("match", Json.of(alert.matches().get(0)));
        if (matches) {
            payload.set("matches", Json.of(alert.matches()));
        } else if (text) {
            payload.put("text", MessageLimits.text(given.body(alert), LONGEST_TEXT));
        }
        return List.of(new Message(line, payload));
    }
}
