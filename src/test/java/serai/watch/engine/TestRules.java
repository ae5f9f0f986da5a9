package serai.watch.engine;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import serai.watch.alert.AlertRule;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.rule.RuleFile;
import serai.watch.run.RuleState;

/** Rules for tests of the engine: each document of the index logs leads to a message to Slack. */
final class TestRules {

    static final String WEBHOOK = "http://127.0.0.1:9/services/T0/B0/x";

    private TestRules() {}

    /** A rule in the file {@code routes/alerts/NAME.yaml}, with more lines. */
    static AlertRule alertRule(String name, String... lines) {
        return inFile(name + ".yaml", name, lines);
    }

    static AlertRule inFile(String file, String name, String... lines) {
        String type = String.join("\n", lines).contains("type:") ? "" : "type: any\n";
        String text = "name: " + name + "\nindex: logs\n" + type + "alert: slack\nslack_webhook_url: " + WEBHOOK
                + "\nalert_text: \"{0} {1}\"\nalert_text_args: [name, _id]\nalert_text_type: alert_text_only\n"
                + String.join("\n", lines);
        try {
            return AlertRule.of(
                    Rule.of(RuleFile.read(text, n -> null), Path.of("routes/alerts", file), Map.of(), ZoneOffset.UTC));
        } catch (RuleException e) {
            throw new IllegalArgumentException(e.line() + ": " + e.getMessage(), e);
        }
    }

    static Map<String, AlertRule> byName(AlertRule... rules) {
        Map<String, AlertRule> byName = new TreeMap<>();
        for (AlertRule rule : rules) {
            byName.put(rule.rule().name(), rule);
        }
        return byName;
    }

    static RunningRule running(String name, String... lines) {
        AlertRule rule = alertRule(name, lines);
        return new RunningRule(
                rule,
                RuleState.NEW,
                JsonNodeFactory.instance.objectNode(),
                rule.rule().fingerprint());
    }
}
