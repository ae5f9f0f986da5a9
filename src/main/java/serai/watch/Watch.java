package serai.watch;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;

import org.apache.camel.CamelContext;
import org.apache.camel.Processor;

import io.micrometer.core.instrument.MeterRegistry;
import serai.edits.Editable;
import serai.warehouse.Warehouse;
import serai.watch.alert.Connection;
import serai.watch.alert.WebAddress;
import serai.watch.engine.Engine;
import serai.watch.outbox.Deliveries;
import serai.watch.outbox.Destinations;
import serai.watch.rule.RuleTexts;

/** Threshold rules over Elasticsearch, and the delivery of what they find to Slack. */
public final class Watch implements AutoCloseable {

    private final Rules rules;
    private final Engine engine;
    private final Deliveries deliveries;
    private final RuleBench bench;

    private Watch(Rules rules, Engine engine, Deliveries deliveries, RuleBench bench) {
        this.rules = rules;
        this.engine = engine;
        this.deliveries = deliveries;
        this.bench = bench;
    }

    /**
     * Binds what the routes and kamelets of this room name. Settings are those of {@code watch.*} in application.properties.
     *
     * @param root the project's folder
     * @throws IllegalArgumentException when a setting is wrong; the message names it
     */
    public static Watch open(CamelContext context, Warehouse warehouse, Path root) {
        WatchSettings settings = new WatchSettings(context);
        Destinations destinations = new Destinations();
        Deliveries deliveries = Deliveries.open(context, warehouse, destinations, settings.time("alert-time-limit", "2d"),
                settings.time("keep-sent", "30d"));
        String webhook = settings.text("slack-webhook", "");
        if (!webhook.isBlank()) {
            destinations.add("", WebAddress.of("slack", webhook, Connection.PLAIN));
        }
        RuleBench bench = RuleBench.open(settings, root, () -> warehouse);
        Engine engine = new Engine(warehouse, bench.search(), bench.alerting(), settings.bounds(), settings.time("keep-matches", "7d"),
                settings.whole("runs-at-once", "1000"), () -> context.isStopping() || context.isStopped(), Clock.systemUTC());
        context.getRegistry().bind("watch-rules-due", (Processor) exchange -> engine.tick());
        Rules rules = new Rules(bench.folders(), new RuleTexts(root), bench.reader(), running -> {
            running.values().forEach(destinations::add);
            engine.want(running);
        });
        return new Watch(rules, engine, deliveries, bench);
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

    @Override
    public void close() throws SQLException {
        engine.close();
        bench.close();
        deliveries.close();
    }
}
