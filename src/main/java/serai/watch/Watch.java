package serai.watch;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.camel.CamelContext;
import org.apache.camel.Processor;

import io.micrometer.core.instrument.MeterRegistry;
import serai.edits.Editable;
import serai.warehouse.Warehouse;
import serai.watch.alert.Alerting;
import serai.watch.alert.Connection;
import serai.watch.alert.DiscoverLinks;
import serai.watch.alert.Enhancement;
import serai.watch.alert.KibanaShortLinks;
import serai.watch.alert.WebAddress;
import serai.watch.engine.Engine;
import serai.watch.outbox.Deliveries;
import serai.watch.outbox.Destinations;
import serai.watch.rule.Options;
import serai.watch.rule.RuleFolders;
import serai.watch.rule.RuleLoader;
import serai.watch.rule.RuleTexts;
import serai.watch.run.RuleRun;
import serai.watch.search.SharedSearch;

/** Threshold rules over Elasticsearch, and the delivery of what they find to Slack. */
public final class Watch implements AutoCloseable {

    private final Rules rules;
    private final Engine engine;
    private final Deliveries deliveries;
    private final SharedSearch search;

    private Watch(Rules rules, Engine engine, Deliveries deliveries, SharedSearch search) {
        this.rules = rules;
        this.engine = engine;
        this.deliveries = deliveries;
        this.search = search;
    }

    /**
     * Binds what the routes and kamelets of this room name. Settings are those of {@code watch.*} in application.properties.
     *
     * @param root the project's folder
     * @throws IllegalArgumentException when a setting is wrong; the message names it
     */
    public static Watch open(CamelContext context, Warehouse warehouse, Path root) {
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
        Engine engine = new Engine(warehouse, search, Alerting.standard(new DiscoverLinks(new KibanaShortLinks())), bounds,
                whole(context, "runs-at-once", "1000"), () -> context.isStopping() || context.isStopped(), Clock.systemUTC());
        context.getRegistry().bind("watch-rules-due", (Processor) exchange -> engine.tick());
        RuleFolders folders = new RuleFolders(List.of(RuleFolders.OWN), true);
        RuleLoader loader = new RuleLoader(new Options(defaults(context), Map.of()), zone(context), folders.folders(),
                Enhancement.BUILT_IN.keySet(), System::getenv);
        Rules rules = new Rules(folders, new RuleTexts(root), new RuleReader(loader, search::check), running -> {
            running.values().forEach(destinations::add);
            engine.want(running);
        });
        return new Watch(rules, engine, deliveries, search);
    }

    /** The files of the alert rules. */
    public Editable rules() {
        return rules;
    }

    /** To be called when all files have been read once: rules of the warehouse that are in none of them run no more. */
    public void filesRead() {
        rules.complete();
    }

    /** Has the room's figures in a registry. */
    public void publish(MeterRegistry registry) {
        engine.publish(registry);
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
        engine.close();
        search.close();
        deliveries.close();
    }
}
