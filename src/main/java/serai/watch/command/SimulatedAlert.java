package serai.watch.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.command.CommandOutput;
import serai.watch.alert.InMemoryAlertStore;
import serai.watch.alerter.Alerter;
import serai.watch.message.Alert;

/**
 * An alert that would be told: when, to whom by what channel, and the words. Addresses are secrets and are not shown.
 */
final class SimulatedAlert {

    private SimulatedAlert() {}

    static List<Alerter.Message> messages(InMemoryAlertStore.QueuedAlert told) {
        List<Alerter.Message> messages = new ArrayList<>();
        told.rule().alerters().forEach(alerter -> messages.addAll(alerter.messages(told.alert())));
        return messages;
    }

    static void say(InMemoryAlertStore.QueuedAlert told, List<Alerter.Message> messages, CommandOutput output) {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("alert_at", told.at().toString());
        said.put("rule", told.rule().rule().name());
        said.put("resolved", told.alert().resolved());
        said.put("matches", told.alert().matches().size());
        said.put("suppressed", told.alert().suppressed());
        List<Map<String, Object>> all = new ArrayList<>();
        StringBuilder text =
                new StringBuilder("\n" + told.at() + "  " + told.rule().rule().name() + about(told.alert()));
        for (Alerter.Message message : messages) {
            all.add(Map.of("channel", message.channel(), "payload", message.payload()));
            text.append("\n  to ")
                    .append(message.channel())
                    .append(":\n")
                    .append(message.payload().toPrettyString().indent(4).stripTrailing());
        }
        said.put("messages", all);
        output.print(
                messages.isEmpty() ? text + "\n  to nobody: the rule has no alerter that is known" : text.toString(),
                said);
    }

    private static String about(Alert alert) {
        return alert.resolved()
                ? ", resolved"
                : alert.matches().size() > 1 ? ", " + alert.matches().size() + " matches" : "";
    }
}
