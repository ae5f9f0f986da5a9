package serai.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import picocli.CommandLine;
import serai.command.CommandContext;
import serai.watch.command.CommandTimes;
import serai.watch.command.OutboxCommand;
import serai.watch.command.OutboxRetry;
import serai.watch.command.RuleBacktest;
import serai.watch.command.RuleCommand;
import serai.watch.command.RuleList;
import serai.watch.command.RuleSandbox;
import serai.watch.command.RuleSwitch;
import serai.watch.command.RuleTest;
import serai.watch.command.SilenceCommand;

/** The commands of this room: {@code rule}, {@code silence} and {@code outbox}. */
public final class WatchCommands {

    private WatchCommands() {}

    /** Adds the commands. Nothing is opened before a command runs. */
    public static void addTo(CommandLine serai, CommandContext context) {
        Supplier<RuleSandbox> sandbox = () -> sandbox(context);
        CommandLine rule = new CommandLine(new RuleCommand())
                .addSubcommand(new RuleTest(context, sandbox))
                .addSubcommand(new RuleBacktest(context, sandbox))
                .addSubcommand(new RuleList(context))
                .addSubcommand(new RuleSwitch.Enable(context))
                .addSubcommand(new RuleSwitch.Disable(context));
        serai.addSubcommand(rule)
                .addSubcommand(new SilenceCommand(context, sandbox))
                .addSubcommand(new CommandLine(new OutboxCommand()).addSubcommand(new OutboxRetry(context)));
        serai.registerConverter(Duration.class, CommandTimes::duration);
        serai.registerConverter(Instant.class, CommandTimes::instant);
    }

    private static RuleSandbox sandbox(CommandContext context) {
        try {
            return context.closeAtEnd(RuleSandboxFactory.open(
                            context.startedCamel(), context.settings(), context.root(), context::warehouse))
                    .sandbox();
        } catch (Exception e) {
            throw new IllegalStateException(
                    "The search of routes/watch/search.camel.yaml cannot be used: " + e.getMessage(), e);
        }
    }
}
