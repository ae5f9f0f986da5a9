package serai.watch.command;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import serai.command.CommandContext;
import serai.command.CommandOutput;
import serai.command.NegativeAnswerException;
import serai.watch.alert.AlertRule;
import serai.watch.rule.Rule;

/** {@code rule test}: checks a rule file, and runs it over the last while. */
@Command(
        name = "test",
        description = "Check a rule file, run it over its last timeframe, and show what it would send to whom.",
        mixinStandardHelpOptions = true)
public final class RuleTest implements Callable<Integer> {

    /** A test is a look at a rule: over a long time it runs less often than the rule would. */
    private static final int MOST_RUNS = 300;

    private static final int MOST_SENT = 20;

    private final CommandContext context;
    private final Supplier<RuleSandbox> sandbox;

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommandOutput output;

    @Parameters(paramLabel = "FILE", description = "the rule's file")
    private Path file;

    @Option(
            names = "--days",
            paramLabel = "N",
            description = "over the last N days, instead of the last timeframe (or day)")
    private Integer days;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "from a time on, such as 2026-03-01T12:00; UTC without a zone")
    private Instant from;

    @Option(names = "--to", paramLabel = "TIME", description = "until a time; now unless it is given")
    private Instant to;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description = "a JSON list of documents instead of Elasticsearch; filters are not applied")
    private Path data;

    @Option(names = "--alert", description = "send the messages")
    private boolean alert;

    public RuleTest(CommandContext context, Supplier<RuleSandbox> sandbox) {
        this.context = context;
        this.sandbox = sandbox;
    }

    @Override
    public Integer call() throws Exception {
        if (days != null && (from != null || to != null || days < 1 || days > 3_650)) {
            throw usage("give --days from 1 to 3650, or --from and --to");
        }
        RuleSandbox bench = sandbox.get();
        Optional<List<AlertRule>> read = new CheckedRuleFile(CheckedRuleFile.path(context.root(), file, spec), output)
                .read(bench, data == null ? null : "given");
        if (read.isEmpty()) {
            return 1;
        }
        List<AlertRule> rules = read.get();
        Rule rule = rules.get(0).rule();
        FileDocuments documents = data == null ? null : documents(rule);
        boolean whole = documents != null && from == null && to == null && days == null;
        Instant end = whole
                ? documents.last().plus(rule.queryDelay()).plus(rule.runEvery())
                : to != null ? to : Instant.now();
        Instant start = whole ? documents.first().minusSeconds(1) : from != null ? from : end.minus(length(rule));
        if (!start.isBefore(end)) {
            throw usage("--from must be before --to");
        }
        List<SimulationReport.ToSend> toSend = alert ? new ArrayList<>() : null;
        SimulationReport trial =
                new SimulationReport(documents == null ? bench : bench.with(documents), rules, output, toSend);
        Duration every = rule.runEvery();
        Duration least = Duration.between(start, end).dividedBy(MOST_RUNS);
        trial.run(start, end, least.compareTo(every) > 0 ? least : every);
        return alert ? send(bench, toSend) : 0;
    }

    private int send(RuleSandbox bench, List<SimulationReport.ToSend> toSend) throws Exception {
        if (toSend.size() > MOST_SENT) {
            throw new NegativeAnswerException("These are " + toSend.size() + " messages, and a test sends " + MOST_SENT
                    + " at most: nothing was sent." + " Choose a shorter time with --from and --to.");
        }
        int failed = 0;
        String last = null;
        for (SimulationReport.ToSend one : toSend) {
            if (one.message().target().equals(last)) {
                // Slack takes one a second
                Thread.sleep(1_000);
            }
            last = one.message().target();
            String reason = bench.sender().send(one.rule(), one.message());
            failed += reason == null ? 0 : 1;
            Map<String, Object> said = new LinkedHashMap<>();
            said.put("channel", one.message().channel());
            said.put("sent", reason == null);
            said.put("reason", reason);
            String channel = one.message().channel();
            output.print(reason == null ? "sent to " + channel : "not sent to " + channel + ": " + reason, said);
        }
        return failed == 0 ? 0 : 3;
    }

    private CommandLine.ParameterException usage(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }

    private FileDocuments documents(Rule rule) {
        try {
            return FileDocuments.read(data, rule);
        } catch (IOException | IllegalArgumentException e) {
            throw usage("--data " + data + ": " + e.getMessage());
        }
    }

    private Duration length(Rule rule) {
        if (days != null) {
            return Duration.ofDays(days);
        }
        // a window is full when a whole timeframe has passed, and a moment more
        return rule.timeframe() == null
                ? Duration.ofDays(1)
                : rule.timeframe().plus(rule.runEvery()).plus(rule.timeframe().dividedBy(100));
    }
}
