package serai.watch.command;

import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine;

/** The commands of this room: {@code rule} and {@code silence}. */
public final class WatchCommands {

    private WatchCommands() {}

    public static void addTo(CommandLine serai, RuleCommandContext premises) {
        CommandLine rule = new CommandLine(new RuleCommand())
                .addSubcommand(new RuleTest(premises))
                .addSubcommand(new RuleBacktest(premises))
                .addSubcommand(new RuleList(premises))
                .addSubcommand(new RuleSwitch.Enable(premises))
                .addSubcommand(new RuleSwitch.Disable(premises));
        serai.addSubcommand(rule).addSubcommand(new SilenceCommand(premises));
        serai.registerConverter(Duration.class, CommandTimes::duration);
        serai.registerConverter(Instant.class, CommandTimes::instant);
    }
}
