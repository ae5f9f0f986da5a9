package serai.watch.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import serai.watch.alert.AlertRule;
import serai.watch.alerter.Alerter;
import serai.watch.alerter.Destination;
import serai.watch.message.Alert;
import serai.watch.rule.Recordings;

/**
 * The alerter of the recordings: its message is the title and the matches. The address {@code fail} never accepts a
 * message; {@code record} accepts them unless the case says otherwise.
 */
record RecordAlerter(AlertRule rule, String address) implements Alerter {

    record Named(String identity) implements Destination {
        @Override
        public String channel() {
            return "record";
        }
    }

    /** The rule with the alerters of the recordings instead of its own. */
    static AlertRule recording(AlertRule rule) {
        List<Alerter> alerters = new ArrayList<>();
        Object alert = rule.rule().fileOptions().value("alert");
        for (Object name : alert instanceof List<?> list ? list : List.of(alert)) {
            boolean reachable = name.equals("record") || name.toString().endsWith("RecordAlerter");
            alerters.add(new RecordAlerter(rule, reachable ? "record" : "fail"));
        }
        return new AlertRule(rule.rule(), rule.text(), alerters, rule.notices(), rule.timing());
    }

    @Override
    public String name() {
        return "record";
    }

    @Override
    public List<Message> messages(Alert alert) {
        ObjectNode payload = Recordings.JSON.createObjectNode();
        payload.put("rule", rule.rule().name()).put("title", rule.text().title(alert));
        JsonNode matches = Recordings.json(alert.matches());
        payload.set("matches", matches);
        payload.put("suppressed", alert.suppressed()).put("resolved", alert.resolved());
        return List.of(new Message(new Named(address), payload, Recordings.JSON.createObjectNode()));
    }

    @Override
    public List<Destination> destinations() {
        return List.of(new Named(address));
    }
}
