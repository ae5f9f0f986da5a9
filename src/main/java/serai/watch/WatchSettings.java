package serai.watch;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;

import org.apache.camel.CamelContext;

import serai.watch.run.RuleRun;

/** The settings {@code watch.*} of application.properties. A wrong one is an {@link IllegalArgumentException} whose message names it. */
record WatchSettings(CamelContext context) {

    /** What the rules have where they say nothing. */
    Map<String, Object> defaults() {
        Map<String, Object> defaults = new LinkedHashMap<>();
        defaults.put("run_every", Map.of("milliseconds", time("run-every", "1m").toMillis()));
        defaults.put("buffer_time", Map.of("milliseconds", time("buffer-time", "15m").toMillis()));
        defaults.put("alert_time_limit", Map.of("milliseconds", time("alert-time-limit", "2d").toMillis()));
        String webhook = text("slack-webhook", "");
        if (!webhook.isBlank()) {
            defaults.put("slack_webhook_url", webhook);
        }
        return defaults;
    }

    /** The zone in which messages show times. */
    ZoneId zone() {
        String zone = text("time-zone", "");
        try {
            return zone.isBlank() ? ZoneId.systemDefault() : ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("watch.time-zone = " + zone + " is not a time zone; write one such as Europe/Berlin", e);
        }
    }

    /** How much one run of a rule takes. */
    RuleRun.Bounds bounds() {
        return new RuleRun.Bounds(whole("max-documents", "20000"), 100, whole("max-remembered", "500000"), time("catch-up-limit", "7d"));
    }

    Duration time(String name, String otherwise) {
        String value = text(name, otherwise);
        Duration time = context.getTypeConverter().tryConvertTo(Duration.class, value);
        if (time == null || time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("watch." + name + " = " + value + " is not a time; write one such as " + otherwise);
        }
        return time;
    }

    int whole(String name, String otherwise) {
        String value = text(name, otherwise);
        Integer number = context.getTypeConverter().tryConvertTo(Integer.class, value);
        if (number == null || number < 1) {
            throw new IllegalArgumentException("watch." + name + " = " + value + " is not a number from 1; write one such as " + otherwise);
        }
        return number;
    }

    String text(String name, String otherwise) {
        return context.resolvePropertyPlaceholders("{{watch." + name + ":" + otherwise + "}}");
    }
}
