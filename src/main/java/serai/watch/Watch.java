package serai.watch;

import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;

import org.apache.camel.CamelContext;

import serai.edits.RouteReader;
import serai.warehouse.Warehouse;
import serai.watch.alert.Connection;
import serai.watch.alert.WebAddress;
import serai.watch.outbox.Deliveries;
import serai.watch.outbox.Destinations;
import serai.watch.search.SharedSearch;
import serai.watch.run.RuleRun;

/** Threshold rules over Elasticsearch, and the delivery of what they find to Slack. */
public final class Watch implements AutoCloseable {

    private final RuleFiles ruleFiles;
    private final Deliveries deliveries;
    private final SharedSearch search;

    private Watch(RuleFiles ruleFiles, Deliveries deliveries, SharedSearch search) {
        this.ruleFiles = ruleFiles;
        this.deliveries = deliveries;
        this.search = search;
    }

    /**
     * Binds what the routes and kamelets of this room name. Settings are those of {@code watch.*} in application.properties.
     *
     * @throws IllegalArgumentException when a setting is wrong; the message names it
     */
    public static Watch open(CamelContext context, Warehouse warehouse) {
        Destinations destinations = new Destinations();
        Deliveries deliveries = Deliveries.open(context, warehouse, destinations, time(context, "alert-time-limit", "2d"),
                time(context, "keep-sent", "30d"));
        String webhook = setting(context, "slack-webhook", "");
        if (!webhook.isBlank()) {
            destinations.add("", WebAddress.of("slack", webhook, Connection.PLAIN));
        }
        RuleRun.Bounds bounds = new RuleRun.Bounds(whole(context, "max-documents", "20000"), 100,
                whole(context, "max-remembered", "500000"), time(context, "catch-up-limit", "7d"));
        SharedSearch search = SharedSearch.open(context);
        RuleFiles files = new RuleFiles(defaults(context), zone(context), search, new RuleLedger(warehouse), destinations, bounds);
        return new Watch(files, deliveries, search);
    }

    /** Reads {@code routes/alerts/*.yaml}. */
    public RouteReader ruleFiles() {
        return ruleFiles;
    }

    private static Map<String, Object> defaults(CamelContext context) {
        Map<String, Object> defaults = new LinkedHashMap<>();
        defaults.put("run_every", Map.of("milliseconds", time(context, "run-every", "1m").toMillis()));
        defaults.put("buffer_time", Map.of("milliseconds", time(context, "buffer-time", "15m").toMillis()));
        String webhook = setting(context, "slack-webhook", "");
        if (!webhook.isBlank()) {
            defaults.put("slack_webhook_url", webhook);
        }
        return defaults;
    }

    private static ZoneId zone(CamelContext context) {
        String zone = setting(context, "time-zone", "");
        try {
            return zone.isBlank() ? ZoneId.systemDefault() : ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("watch.time-zone = " + zone + " is not a time zone; write one such as Europe/Berlin", e);
        }
    }

    private static Duration time(CamelContext context, String name, String otherwise) {
        String value = setting(context, name, otherwise);
        Duration time = context.getTypeConverter().tryConvertTo(Duration.class, value);
        if (time == null || time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("watch." + name + " = " + value + " is not a time; write one such as " + otherwise);
        }
        return time;
    }

    private static int whole(CamelContext context, String name, String otherwise) {
        String value = setting(context, name, otherwise);
        Integer number = context.getTypeConverter().tryConvertTo(Integer.class, value);
        if (number == null || number < 1) {
            throw new IllegalArgumentException("watch." + name + " = " + value + " is not a number from 1; write one such as " + otherwise);
        }
        return number;
    }

    private static String setting(CamelContext context, String name, String otherwise) {
        return context.resolvePropertyPlaceholders("{{watch." + name + ":" + otherwise + "}}");
    }

    @Override
    public void close() throws SQLException {
        search.close();
        deliveries.close();
    }
}
