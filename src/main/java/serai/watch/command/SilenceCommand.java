package serai.watch.command;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import serai.command.CommandContext;
import serai.command.CommandOutput;
import serai.command.NegativeAnswerException;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Writer;
import serai.watch.alert.AlertRule;
import serai.watch.alert.Silence;
import serai.watch.rule.Rule;

/** {@code silence}: sets, lists and lifts silences in {@code meta.silences}, which every decision reads. */
@Command(
        name = "silence",
        description = "Silence a rule, or one of its keys, for a while; its matches are counted meanwhile.",
        mixinStandardHelpOptions = true)
public final class SilenceCommand implements Callable<Integer> {

    /** By its key, or all silences of a rule and its severities. */
    private static final String LIFT = """
            update meta.silences set until = now(), exponent = 0
            where until > now() and (silence_key in (?, ?)
              or starts_with(silence_key, ? || ' [') and right(silence_key, 10) = ']._silence')""";

    private final CommandContext context;
    private final Supplier<RuleSandbox> sandbox;

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommandOutput output;

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Action action;

    @Option(names = "--for", paramLabel = "TIME", description = "how long, such as 30m, 2h or 1d12h")
    private Duration time;

    @Option(names = "--key", paramLabel = "VALUE", description = "only matches with this value of the rule's query_key")
    private String key;

    private static final class Action {
        @Parameters(paramLabel = "RULE", description = "the rule's name; all its severities where it has some")
        private String rule;

        @Option(names = "--list", description = "list the active silences")
        private boolean list;

        @Option(
                names = "--lift",
                paramLabel = "KEY",
                description = "lift a silence, named as --list does, or by its rule (with all its severities)")
        private String lift;
    }

    /**
     * @param context of the command line
     * @param sandbox opened when the command runs
     */
    public SilenceCommand(CommandContext context, Supplier<RuleSandbox> sandbox) {
        this.context = context;
        this.sandbox = sandbox;
    }

    @Override
    public Integer call() throws Exception {
        if ((action.rule == null) != (time == null) || action.rule == null && key != null) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    action.rule == null ? "--for and --key belong to a RULE" : "give a time: --for 2h");
        }
        if (action.list) {
            list();
        } else if (action.lift != null) {
            lift();
        } else {
            silence();
        }
        return 0;
    }

    private void silence() throws Exception {
        Instant until = Instant.now().plus(time).truncatedTo(ChronoUnit.SECONDS);
        Map<String, String> keys = new LinkedHashMap<>();
        for (String rule : RuleNames.of(context.warehouse(), action.rule)) {
            keys.put(rule, key == null ? Silence.keyOfRule(rule) : Silence.keyOf(realertKey(rule), key));
        }
        try (Writer writer = context.warehouse().writer("silence-command")) {
            writer.commitWithState(tx -> {
                tx.sql()
                        .batch(
                                """
                        insert into meta.silences (silence_key, rule, until) values (?, ?, ?)
                        on conflict (silence_key) do update set until = excluded.until, alert_id = null
                        """,
                                keys.entrySet().stream()
                                        .map(rule -> List.<Object>of(rule.getValue(), rule.getKey(), until))
                                        .toList());
                return RunOutcome.ok();
            });
        }
        keys.forEach((rule, silenced) -> output.print(
                silenced + " is silent until " + until,
                Map.of("key", silenced, "rule", rule, "until", until.toString())));
    }

    /** The first part of the rule's silence keys, from its file. */
    private String realertKey(String rule) throws Exception {
        Path file = RuleNames.file(context.warehouse(), rule);
        Rule read = sandbox.get().reader().read(file, null).stream()
                .map(AlertRule::rule)
                .filter(r -> r.name().equals(rule))
                .findFirst()
                .orElseThrow(
                        () -> new NegativeAnswerException("The rule '" + rule + "' is no longer in " + file + "."));
        if (read.queryKey() == null && !read.type().equals("flatline")) {
            throw new NegativeAnswerException(
                    "The rule '" + rule + "' has no query_key, so a --key would silence nothing; leave --key out.");
        }
        return read.realertKey();
    }

    private void list() throws SQLException {
        try (Connection c = context.warehouse().dataSource().getConnection()) {
            Sql.on(c).each("""
                    select silence_key, rule, until, suppressed from meta.silences where until > now() order by until
                    """, row -> {
                Map<String, Object> silence = new LinkedHashMap<>();
                silence.put("key", row.text("silence_key"));
                silence.put("rule", row.text("rule"));
                silence.put("until", CommandTimes.text(row.instant("until")));
                silence.put("suppressed", row.number("suppressed"));
                output.print(
                        String.format(
                                "%-50s until %s, %d suppressed",
                                silence.get("key"), silence.get("until"), row.number("suppressed")),
                        silence);
            });
        }
    }

    private void lift() throws Exception {
        long[] lifted = {0};
        try (Writer writer = context.warehouse().writer("silence-command")) {
            writer.commitWithState(tx -> {
                // the count of suppressed matches stays for the next message
                lifted[0] = tx.sql()
                        .update(LIFT, Silence.bounded(action.lift), Silence.keyOfRule(action.lift), action.lift);
                return RunOutcome.ok();
            });
        }
        if (lifted[0] == 0) {
            throw new NegativeAnswerException(
                    "There is no active silence '" + action.lift + "'; 'silence --list' lists them.");
        }
        output.print(action.lift + " is no longer silenced", Map.of("key", action.lift, "lifted", lifted[0]));
    }
}
