package serai.watch.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import serai.watch.alert.AlertDecider;
import serai.watch.alert.AlertRule;
import serai.watch.alert.Enhancement;
import serai.watch.query.MemoryIndex;
import serai.watch.rule.Options;
import serai.watch.rule.Rule;
import serai.watch.rule.RuleFile;
import serai.watch.rule.Severities;
import serai.watch.run.RuleRun;

class SimulationTest {

    private static final Instant NOON = Instant.parse("2024-03-01T12:00:00Z");
    private static final RuleRun.Bounds BOUNDS = new RuleRun.Bounds(20_000, 100, 500_000, Duration.ofDays(3_660));

    private final MemoryIndex index = new MemoryIndex();
    private final List<String> alerts = new ArrayList<>();

    private List<AlertRule> rules(String yaml) throws Exception {
        List<AlertRule> rules = new ArrayList<>();
        for (Options options : Severities.expand(RuleFile.read("""
                name: errors
                index: logs
                alert: slack
                slack_webhook_url: http://127.0.0.1/hook
                """ + yaml, name -> null), "errors")) {
            rules.add(AlertRule.of(Rule.of(
                    options,
                    Path.of("errors.yaml"),
                    Map.of("run_every", Map.of("minutes", 1), "buffer_time", Map.of("minutes", 15)),
                    ZoneOffset.UTC)));
        }
        return rules;
    }

    private Map<String, Simulation.Counts> simulate(String yaml, Duration length) throws Exception {
        RuleSandbox bench = new RuleSandbox(
                (file, source) -> List.of(),
                index,
                new AlertDecider(List.of(), Enhancement.BUILT_IN),
                BOUNDS,
                (rule, message) -> null);
        List<AlertRule> rules = rules(yaml);
        return new Simulation(
                        bench,
                        rules,
                        NOON,
                        one -> alerts.add(Duration.between(NOON, one.at()).toMinutes() + " "
                                + one.rule().rule().name() + " x"
                                + one.alert().matches().size() + " +"
                                + one.alert().suppressed()
                                + (one.alert().resolved() ? " resolved" : "")))
                .run(NOON, NOON.plus(length), Duration.ofMinutes(1));
    }

    private void documents(int fromMinute, int count, int secondsApart) {
        for (int i = 0; i < count; i++) {
            index.add("d" + fromMinute + "-" + i, NOON.plusSeconds(fromMinute * 60L + i * (long) secondsApart));
        }
    }

    @Test
    void eachAlertComesAtTheRunThatWouldHaveToldIt() throws Exception {
        documents(10, 6, 10);
        documents(40, 6, 10);
        Map<String, Simulation.Counts> counts =
                simulate("type: frequency\nnum_events: 5\ntimeframe: {minutes: 5}", Duration.ofHours(1));
        assertThat(alerts).containsExactly("11 errors x1 +0", "41 errors x1 +0");
        assertThat(counts.get("errors").runs).isEqualTo(60);
        assertThat(counts.get("errors").hits).isEqualTo(12);
        assertThat(counts.get("errors").matches).isEqualTo(2);
        assertThat(counts.get("errors").alerts).isEqualTo(2);
    }

    @Test
    void silencesRunByTheSimulatedClock() throws Exception {
        documents(0, 30, 60);
        Map<String, Simulation.Counts> counts = simulate("type: any\nrealert: {minutes: 10}", Duration.ofMinutes(31));
        assertThat(alerts).containsExactly("1 errors x1 +0", "11 errors x1 +9", "21 errors x1 +9");
        assertThat(counts.get("errors").matches).isEqualTo(29);
        assertThat(counts.get("errors").suppressed).isEqualTo(26);
    }

    @Test
    void groupsAreSentAtTheirTimeAndThoseThatWaitAtTheEndToo() throws Exception {
        documents(1, 3, 60);
        documents(50, 2, 60);
        simulate("type: any\naggregation: {minutes: 20}", Duration.ofMinutes(60));
        assertThat(alerts).hasSize(2);
        assertThat(alerts.get(0)).startsWith("22 errors x3").as("a minute's run after its time");
        assertThat(alerts.get(1)).contains("x2");
    }

    @Test
    void theEndOfAProblemIsReported() throws Exception {
        documents(5, 1, 1);
        simulate("type: any\nresolve_after: {minutes: 10}", Duration.ofMinutes(30));
        assertThat(alerts).containsExactly("5 errors x1 +0", "15 errors x1 +0 resolved");
    }

    @Test
    void aRuleThatIsLimitedToHoursRunsInThemAlone() throws Exception {
        documents(10, 1, 1);
        documents(130, 1, 1);
        Map<String, Simulation.Counts> counts = simulate(
                "type: any\nlimit_execution: \"* 14 * * *\"\nlimit_execution_coverage: true", Duration.ofHours(4));
        assertThat(alerts).containsExactly("130 errors x1 +0");
        assertThat(counts.get("errors").runs).isBetween(58L, 62L);
    }

    @Test
    void ofTwoSeveritiesTheHigherSpeaks() throws Exception {
        documents(5, 3, 5);
        documents(30, 8, 5);
        Map<String, Simulation.Counts> counts = simulate(
                "type: frequency\ntimeframe: {minutes: 2}\n"
                        + "severities: {warning: {num_events: 3}, critical: {num_events: 8}}",
                Duration.ofHours(1));
        assertThat(alerts).containsExactly("6 errors [warning] x1 +0", "31 errors [critical] x1 +0");
        assertThat(counts).hasSize(2);
    }
}
