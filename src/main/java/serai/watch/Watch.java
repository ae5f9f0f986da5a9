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
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;

import io.micrometer.core.instrument.MeterRegistry;
import serai.edits.Editable;
import serai.warehouse.Warehouse;
import serai.watch.alert.Alerting;
import serai.watch.alert.Enhancement;
import serai.watch.alert.Outbox;
import serai.watch.alert.SlackPost;
import serai.watch.alert.Webhooks;
import serai.watch.engine.Engine;
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
    private final Outbox outbox;
    private final SharedSearch search;

    private Watch(Rules rules, Engine engine, Outbox outbox, SharedSearch search) {
        this.rules = rules;
        this.engine = engine;
        this.outbox = outbox;
        this.search = search;
    }

    /**
     * Binds what the routes and kamelets of this room name. Settings are those of {@code watch.*} in application.properties.
     *
     * @param root the project's folder
     * @throws IllegalArgumentException when a setting is wrong; the message names it
     */
    public static Watch open(CamelContext context, Warehouse warehouse, Path root) {
        Webhooks webhooks = new Webhooks();
        Outbox outbox = new Outbox(warehouse, webhooks, time(context, "alert-time-limit", "2d"));
        SlackPost post = new SlackPost(outbox);
        context.getRegistry().bind("watch-outbox-take", (Processor) exchange -> exchange.getMessage().setBody(outbox.take()));
        context.getRegistry().bind("watch-slack-request", (Processor) post::request);
        context.getRegistry().bind("watch-slack-answer", (Processor) post::answer);
        // the client would wait for Retry-After and post again by itself, out of the outbox's sight
        context.getRegistry().bind("watch-post-once", (HttpClientConfigurer) HttpClientBuilder::disableAutomaticRetries);
        RuleRun.Bounds bounds = new RuleRun.Bounds(whole(context, "max-documents", "20000"), 100,
                whole(context, "max-remembered", "500000"), time(context, "catch-up-limit", "7d"));
        SharedSearch search = SharedSearch.open(context);
        Engine engine = new Engine(warehouse, search, new Alerting(List.of(), Enhancement.BUILT_IN), bounds,
                whole(context, "runs-at-once", "1000"), () -> context.isStopping() || context.isStopped(), Clock.systemUTC());
        context.getRegistry().bind("watch-rules-due", (Processor) exchange -> engine.tick());
        RuleFolders folders = new RuleFolders(List.of(RuleFolders.OWN), true);
        Options defaults = new Options(defaults(context, webhooks), Map.of());
        RuleLoader loader = new RuleLoader(defaults, zone(context), folders.folders(), Enhancement.BUILT_IN.keySet(), System::getenv);
        Rules rules = new Rules(folders, new RuleTexts(root), new RuleReader(loader, search::check), running -> {
            running.values().forEach(rule -> rule.alerters().forEach(alerter -> alerter.addresses().forEach(webhooks::add)));
            engine.want(running);
        });
        return new Watch(rules, engine, outbox, search);
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

    private static Map<String, Object> defaults(CamelContext context, Webhooks webhooks) {
        Map<String, Object> defaults = new LinkedHashMap<>();
        defaults.put("run_every", Map.of("milliseconds", time(context, "run-every", "1m").toMillis()));
        defaults.put("buffer_time", Map.of("milliseconds", time(context, "buffer-time", "15m").toMillis()));
        String webhook = setting(context, "slack-webhook", "");
        if (!webhook.isBlank()) {
            defaults.put("slack_webhook_url", webhook);
            webhooks.add(webhook);
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
        outbox.close();
    }
}
