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

/** {@code rule test}: checks a rule file and runs it over its last timeframe. */
@Command(
        name = "test",
        description = "Check a rule file, run it over its last timeframe, and show the messages that it would send.",
        mixinStandardHelpOptions = true)
public final class RuleTest implements Callable<Integer> {

    /** Over a long time a test runs the rule less often than the engine would. */
    private static final int MAX_RUNS = 300;

    private static final int MAX_SENT = 20;

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

    @Option(names = "--from", paramLabel = "TIME", description = "start, such as 2026-03-01T12:00; UTC without a zone")
    private Instant from;

    @Option(names = "--to", paramLabel = "TIME", description = "end; now by default")
    private Instant to;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description = "a JSON list of documents instead of Elasticsearch; filters are not applied")
    private Path data;

    @Option(names = "--alert", description = "send the messages")
    private boolean alert;

    /**
     * @param context of the command line
     * @param sandbox opened when the command runs
     */
    public RuleTest(CommandContext context, Supplier<RuleSandbox> sandbox) {
        this.context = context;
        this.sandbox = sandbox;
    }

    @Override
    public Integer call() throws Exception {
        if (days != null && (from != null || to != null || days < 1 || days > 3_650)) {
            throw usage("give --days from 1 to 3650, or --from and --to");
        }
        RuleSandbox opened = sandbox.get();
        Optional<List<AlertRule>> read = new CheckedRuleFile(CheckedRuleFile.path(context.root(), file, spec), output)
                .read(opened, data == null ? null : "given");
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
        SimulationReport simulation =
                new SimulationReport(documents == null ? opened : opened.with(documents), rules, output, toSend);
        Duration every = rule.runEvery();
        Duration least = Duration.between(start, end).dividedBy(MAX_RUNS);
        simulation.run(start, end, least.compareTo(every) > 0 ? least : every);
        return alert ? send(opened, toSend) : 0;
    }

    private int send(RuleSandbox opened, List<SimulationReport.ToSend> toSend) throws Exception {
        if (toSend.size() > MAX_SENT) {
            throw new NegativeAnswerException(
                    "Nothing was sent: these are " + toSend.size() + " messages, and a test sends at most " + MAX_SENT
                            + ". Choose a shorter time with --from and --to.");
        }
        int failed = 0;
        String last = null;
        for (SimulationReport.ToSend one : toSend) {
            if (one.message().target().equals(last)) {
                // Slack accepts one message a second
                Thread.sleep(1_000);
            }
            last = one.message().target();
            String reason = opened.sender().send(one.rule(), one.message());
            failed += reason == null ? 0 : 1;
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("channel", one.message().channel());
            answer.put("sent", reason == null);
            answer.put("reason", reason);
            String channel = one.message().channel();
            output.print(reason == null ? "sent to " + channel : "not sent to " + channel + ": " + reason, answer);
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
        // a window is full when slightly more than a timeframe has passed
        return rule.timeframe() == null
                ? Duration.ofDays(1)
                : rule.timeframe().plus(rule.runEvery()).plus(rule.timeframe().dividedBy(100));
    }
}
