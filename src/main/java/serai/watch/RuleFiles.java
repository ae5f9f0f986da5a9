package serai.watch;

import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Map;

import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;

import serai.edits.RefusedException;
import serai.edits.RouteReader;
import serai.watch.alert.AlertRule;
import serai.watch.alert.Destination;
import serai.watch.outbox.Destinations;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleException;
import serai.watch.rule.RuleFile;
import serai.watch.search.Search;
import serai.watch.run.RuleRun;

/** Alert rules, {@code routes/alerts/*.yaml}, in ElastAlert's grammar: each file becomes the route {@code watch-<name>}. */
final class RuleFiles implements RouteReader {

    private static final Path FOLDER = Path.of("routes", "alerts");
    private static final int SPREAD_MILLIS = 2_000;

    private final Map<String, Object> defaults;
    private final ZoneId zone;
    private final Search search;
    private final RuleLedger ledger;
    private final Destinations destinations;
    private final RuleRun.Bounds bounds;

    RuleFiles(Map<String, Object> defaults, ZoneId zone, Search search, RuleLedger ledger, Destinations destinations, RuleRun.Bounds bounds) {
        this.defaults = defaults;
        this.zone = zone;
        this.search = search;
        this.ledger = ledger;
        this.destinations = destinations;
        this.bounds = bounds;
    }

    @Override
    public boolean owns(Path file) {
        String name = file.getFileName().toString();
        return file.startsWith(FOLDER) && (name.endsWith(".yaml") || name.endsWith(".yml"))
                && !name.endsWith(".camel.yaml") && !name.endsWith(".kamelet.yaml");
    }

    @Override
    public RoutesBuilder read(Path file, String text) throws RefusedException {
        try {
            return route(AlertRule.of(Rule.of(RuleFile.read(text, System::getenv), file, defaults, zone)));
        } catch (RuleException e) {
            throw new RefusedException(file, e.line(), e.getMessage());
        }
    }

    private RoutesBuilder route(AlertRule alertRule) {
        Rule rule = alertRule.rule();
        RuleTask task = new RuleTask(alertRule, search, ledger, destinations, bounds, Clock.systemUTC());
        return new RouteBuilder() {
            @Override
            public void configure() {
                requireOwnName(getContext(), rule);
                from(timer(rule)).routeId("watch-" + rule.name()).autoStartup(rule.enabled()).routePolicy(task)
                        .process(task).id("watch-" + rule.name() + "-run");
            }
        };
    }

    /** Camel would put the second route of an id in the place of the first, without a word. */
    private static void requireOwnName(CamelContext context, Rule rule) {
        if (context.getRoute("watch-" + rule.name()) != null) {
            throw new IllegalArgumentException("name: another file has a rule of the name '" + rule.name() + "'; give this one its own");
        }
    }

    /** No two runs of a rule overlap; rules of one interval start a little apart. */
    private static String timer(Rule rule) {
        int spread = Math.floorMod(rule.name().hashCode(), SPREAD_MILLIS);
        return "quartz:watch/" + Destination.sha256(rule.name()).substring(0, 16) + "?stateful=true&trigger.repeatCount=-1"
                + "&trigger.repeatInterval=" + rule.runEvery().toMillis() + "&triggerStartDelay=" + (500 + spread);
    }
}
