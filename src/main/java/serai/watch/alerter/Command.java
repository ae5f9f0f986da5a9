package serai.watch.alerter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import serai.watch.message.Alert;
import serai.watch.message.MessageLimits;
import serai.watch.rule.RuleException;

/** A program of the operator's. */
final class Command implements Alerter {

    private static final int LONGEST_TIMEOUT = 3600;
    private static final int LONGEST_TEXT = 300_000;

    private static final OptionList OPTIONS = new OptionList();
    private static final Option<List<String>> COMMAND = OPTIONS.required().texts("command");
    private static final Option<Boolean> PIPE_MATCHES = OPTIONS.flag("pipe_match_json");
    private static final Option<Boolean> PIPE_TEXT = OPTIONS.flag("pipe_alert_text");
    private static final Option<Boolean> FAIL_ON_EXIT = OPTIONS.flag("fail_on_non_zero_exit");
    private static final Option<Integer> TIMEOUT = OPTIONS.whole("command_timeout", 60, 1, LONGEST_TIMEOUT);

    static final AlerterType TYPE = new AlerterType("command", "The command", OPTIONS, Command::new);

    private final AlerterOptions options;
    private final CommandDestination command;

    private Command(AlerterOptions options) throws RuleException {
        this.options = options;
        List<CommandArgument> arguments = new ArrayList<>();
        for (String argument : options.get(COMMAND)) {
            try {
                arguments.add(new CommandArgument(argument));
            } catch (IllegalArgumentException e) {
                throw options.refused(COMMAND.name(), e.getMessage());
            }
        }
        if (arguments.isEmpty() || arguments.get(0).text().isBlank()) {
            throw options.refused(COMMAND.name(), "must name a program");
        }
        this.command = new CommandDestination(
                options.rule().name(),
                List.copyOf(arguments),
                options.value(COMMAND.name()) instanceof String,
                options.get(FAIL_ON_EXIT),
                options.get(TIMEOUT));
    }

    @Override
    public String name() {
        return TYPE.name();
    }

    @Override
    public List<CommandDestination> destinations() {
        return List.of(command);
    }

    /** ElastAlert stores the command with its values; here it is left out, because an argument may be a key. */
    @Override
    public Map<String, Object> info() {
        return Map.of("type", name(), "command", options.rule().name());
    }

    @Override
    public List<Message> messages(Alert alert) {
        ObjectNode payload = Json.object();
        payload.set("match", Json.of(alert.first()));
        if (options.get(PIPE_MATCHES)) {
            payload.set("matches", Json.of(alert.matches()));
        } else if (options.get(PIPE_TEXT)) {
            payload.put("text", MessageLimits.text(options.text().body(alert), LONGEST_TEXT));
        }
        return List.of(new Message(command, payload));
    }
}
