package serai.watch;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.warehouse.RunOutcome;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;
import serai.watch.alert.AlertRule;
import serai.watch.message.Alert;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.rule.RuleFile;
import serai.watch.store.WarehouseAlertStore;

/** Rules whose alerts a test queues itself: their files for the room that runs, and their alerts in the outbox. */
final class QueuedAlerts {

    private static final String COMMON =
            "type: any\nindex: none\nrun_every: {days: 1}\nalert_text: \"{0}\"\nalert_text_args: [text]\n"
                    + "alert_text_type: alert_text_only\n";

    private QueuedAlerts() {}

    static void write(Path root, String name, String options) throws Exception {
        RunningWatch.writeRule(root, name + ".yaml", text(name, options));
    }

    static AlertRule rule(String name, String options) throws RuleException {
        return AlertRule.of(Rule.of(
                RuleFile.read(text(name, options), System::getenv),
                Path.of("routes/alerts/" + name + ".yaml"),
                Map.of(),
                ZoneOffset.UTC));
    }

    private static String text(String name, String options) {
        return "name: " + name + "\n" + COMMON + options;
    }

    static Map<String, Object> match(String text, Object... fields) {
        Map<String, Object> match = new LinkedHashMap<>(
                Map.of("@timestamp", "2024-03-01T12:00:00Z", "_id", text, "_index", "i", "text", text));
        for (int i = 0; i < fields.length; i += 2) {
            match.put((String) fields[i], fields[i + 1]);
        }
        return match;
    }

    /** Queues an alert of one match, as a run would. */
    static void enqueue(Warehouse warehouse, AlertRule rule, Map<String, Object> match) throws Exception {
        enqueue(
                warehouse,
                rule,
                new Alert("alert " + match.get("text"), rule.rule().name(), List.of(match), 0, false, null));
    }

    static void enqueue(Warehouse warehouse, AlertRule rule, Alert alert) throws Exception {
        try (Writer writer = warehouse.writer("test")) {
            writer.commitWithState(tx -> {
                WarehouseAlertStore store = new WarehouseAlertStore(tx);
                store.enqueue(rule, alert, Instant.now());
                store.write();
                return RunOutcome.ok();
            });
        }
    }
}
