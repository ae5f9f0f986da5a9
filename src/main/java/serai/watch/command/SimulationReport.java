package serai.watch.command;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import serai.command.CommandOutput;
import serai.watch.alert.AlertRule;
import serai.watch.alerter.Alerter;
import serai.watch.query.Search;

/** A simulation that prints each alert and, at the end, a summary of each rule. */
final class SimulationReport {

    private final RuleSandbox sandbox;
    private final List<AlertRule> rules;
    private final CommandOutput output;
    private final List<ToSend> toSend;

    /** A message that is to be sent. */
    record ToSend(String rule, Alerter.Message message) {}

    /** @param toSend takes the messages that would be sent; null to send none */
    SimulationReport(RuleSandbox sandbox, List<AlertRule> rules, CommandOutput output, List<ToSend> toSend) {
        this.sandbox = sandbox;
        this.rules = rules;
        this.output = output;
        this.toSend = toSend;
    }

    void run(Instant from, Instant to, Duration every) throws Search.FailedException {
        Simulation simulation =
                new Simulation(sandbox.with(new PrefetchedSearch(sandbox.search())), rules, from, sent -> {
                    List<Alerter.Message> all = SimulatedAlert.messages(sent);
                    SimulatedAlert.print(sent, all, output);
                    if (toSend != null) {
                        all.forEach(message ->
                                toSend.add(new ToSend(sent.rule().rule().name(), message)));
                    }
                });
        simulation.run(from, to, every).forEach((rule, counts) -> {
            Map<String, Object> summary = new LinkedHashMap<>();
            summary.put("rule", rule);
            summary.put("from", from.toString());
            summary.put("to", to.toString());
            summary.put("every_s", every.toMillis() / 1_000d);
            summary.put("runs", counts.runs);
            summary.put("hits", counts.hits);
            summary.put("matches", counts.matches);
            summary.put("alerts", counts.alerts);
            summary.put("suppressed", counts.suppressed);
            summary.put("dropped", counts.dropped);
            summary.put("unusable_documents", counts.unusable);
            output.print(
                    "\n" + rule + ": from " + from + " to " + to + " in " + counts.runs + " runs: " + counts.hits
                            + " hits, "
                            + counts.matches + " matches, " + counts.alerts + " alerts, " + counts.suppressed
                            + " silenced"
                            + (counts.dropped == 0 ? "" : ", " + counts.dropped + " dropped by an enhancement")
                            + (counts.unusable == 0 ? "" : ", " + counts.unusable + " documents without a time"),
                    summary);
        });
    }
}
