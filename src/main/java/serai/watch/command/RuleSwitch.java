package serai.watch.command;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import serai.command.CommandContext;
import serai.command.CommandOutput;
import serai.warehouse.RunOutcome;
import serai.warehouse.Writer;

/**
 * {@code rule enable} and {@code rule disable}: a switch besides the file's {@code is_enabled}. The engine applies it
 * within two seconds.
 */
public abstract class RuleSwitch implements Callable<Integer> {

    private final CommandContext context;
    private final boolean disabled;

    @Mixin
    private CommandOutput output;

    @Parameters(paramLabel = "NAME", description = "the rule's name; all its severities where it has some")
    private String name;

    private RuleSwitch(CommandContext context, boolean disabled) {
        this.context = context;
        this.disabled = disabled;
    }

    @Override
    public Integer call() throws Exception {
        List<String> rules = RuleNames.of(context.warehouse(), name);
        try (Writer writer = context.warehouse().writer("rule-command")) {
            writer.commitWithState(tx -> {
                long changed =
                        tx.sql().update("update meta.rules set disabled = ? where rule = any (?)", disabled, rules);
                return RunOutcome.ok();
            });
        }
        for (String rule : rules) {
            output.print(
                    rule
                            + (disabled
                                    ? " is disabled: it stays loaded and does not run"
                                    : " is enabled: it runs, unless its file has is_enabled: false"),
                    Map.of("rule", rule, "disabled", disabled));
        }
        return 0;
    }

    /** {@code rule enable}. */
    @Command(name = "enable", description = "Let a rule run again that was disabled.", mixinStandardHelpOptions = true)
    public static final class Enable extends RuleSwitch {
        /** @param context of the command line */
        public Enable(CommandContext context) {
            super(context, false);
        }
    }

    /** {@code rule disable}. */
    @Command(
            name = "disable",
            description = "Stop a rule until it is enabled again, also through restarts.",
            mixinStandardHelpOptions = true)
    public static final class Disable extends RuleSwitch {
        /** @param context of the command line */
        public Disable(CommandContext context) {
            super(context, true);
        }
    }
}
