package serai.watch.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.command.CommandOutput;
import serai.watch.alert.InMemoryAlertStore;
import serai.watch.alerter.Alerter;
import serai.watch.message.Alert;

/** Prints an alert that would be sent: its time, channels and messages. Addresses are secrets and are not shown. */
final class SimulatedAlert {

    private SimulatedAlert() {}

    static List<Alerter.Message> messages(InMemoryAlertStore.QueuedAlert queued) {
        List<Alerter.Message> messages = new ArrayList<>();
        queued.rule().alerters().forEach(alerter -> messages.addAll(alerter.messages(queued.alert())));
        return messages;
    }

    static void print(InMemoryAlertStore.QueuedAlert queued, List<Alerter.Message> messages, CommandOutput output) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("alert_at", queued.at().toString());
        answer.put("rule", queued.rule().rule().name());
        answer.put("resolved", queued.alert().resolved());
        answer.put("matches", queued.alert().matches().size());
        answer.put("suppressed", queued.alert().suppressed());
        List<Map<String, Object>> all = new ArrayList<>();
        StringBuilder text = new StringBuilder(
                "\n" + queued.at() + "  " + queued.rule().rule().name() + about(queued.alert()));
        for (Alerter.Message message : messages) {
            all.add(Map.of("channel", message.channel(), "payload", message.payload()));
            text.append("\n  to ")
                    .append(message.channel())
                    .append(":\n")
                    .append(message.payload().toPrettyString().indent(4).stripTrailing());
        }
        answer.put("messages", all);
        output.print(
                messages.isEmpty() ? text + "\n  not sent: the rule has no known alerter" : text.toString(), answer);
    }

    private static String about(Alert alert) {
        return alert.resolved()
                ? ", resolved"
                : alert.matches().size() > 1 ? ", " + alert.matches().size() + " matches" : "";
    }
}
