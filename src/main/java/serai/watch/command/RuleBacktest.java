package serai.watch.command;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
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
import serai.watch.alert.AlertRule;

/** {@code rule backtest}: the alerts that a rule would have sent, run by run at its own interval. */
@Command(
        name = "backtest",
        description = "Run a rule over history at its own interval and show each alert with its time. Nothing is sent.",
        mixinStandardHelpOptions = true)
public final class RuleBacktest implements Callable<Integer> {

    private final CommandContext context;
    private final Supplier<RuleSandbox> sandbox;

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommandOutput output;

    @Parameters(paramLabel = "FILE", description = "the rule's file")
    private Path file;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "TIME",
            description = "such as 2026-03-01 or 2026-03-01T12:00+01:00; UTC without a zone")
    private Instant from;

    @Option(names = "--to", paramLabel = "TIME", defaultValue = "now", description = "end; now by default")
    private Instant to;

    /**
     * @param context of the command line
     * @param sandbox opened when the command runs
     */
    public RuleBacktest(CommandContext context, Supplier<RuleSandbox> sandbox) {
        this.context = context;
        this.sandbox = sandbox;
    }

    @Override
    public Integer call() throws Exception {
        if (!from.isBefore(to)) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--from must be before --to");
        }
        RuleSandbox opened = sandbox.get();
        Optional<List<AlertRule>> rules =
                new CheckedRuleFile(CheckedRuleFile.path(context.root(), file, spec), output).read(opened, null);
        if (rules.isEmpty()) {
            return 1;
        }
        SimulationReport simulation = new SimulationReport(opened, rules.get(), output, null);
        simulation.run(from, to, rules.get().get(0).rule().runEvery());
        return 0;
    }
}
