package serai.watch.command;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
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
import serai.warehouse.Writer;
import serai.watch.alert.AlertRule;
import serai.watch.alert.Silence;
import serai.watch.rule.Rule;

/** {@code silence}: sets, lists and lifts silences in {@code meta.silences}, where each decision looks. */
@Command(
        name = "silence",
        description = "Let a rule, or one of its keys, say nothing for a while; its matches are counted meanwhile.",
        mixinStandardHelpOptions = true)
public final class SilenceCommand implements Callable<Integer> {

    private final CommandContext context;
    private final Supplier<RuleSandbox> sandbox;

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommandOutput output;

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Wish wish;

    @Option(names = "--for", paramLabel = "TIME", description = "how long, such as 30m, 2h or 1d12h")
    private Duration time;

    @Option(names = "--key", paramLabel = "VALUE", description = "only matches with this value of the rule's query_key")
    private String key;

    private static final class Wish {
        @Parameters(paramLabel = "RULE", description = "the rule's name; all its severities where it has some")
        private String rule;

        @Option(names = "--list", description = "list the silences that hold")
        private boolean list;

        @Option(
                names = "--lift",
                paramLabel = "KEY",
                description = "lift a silence, named as --list does, or by its rule (with all its severities)")
        private String lift;
    }

    public SilenceCommand(CommandContext context, Supplier<RuleSandbox> sandbox) {
        this.context = context;
        this.sandbox = sandbox;
    }

    @Override
    public Integer call() throws Exception {
        if ((wish.rule == null) != (time == null) || wish.rule == null && key != null) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    wish.rule == null ? "--for and --key belong to a RULE" : "say for how long: --for 2h");
        }
        if (wish.list) {
            list();
        } else if (wish.lift != null) {
            lift();
        } else {
            silence();
        }
        return 0;
    }

    private void silence() throws Exception {
        Instant until = Instant.now().plus(time).truncatedTo(ChronoUnit.SECONDS);
        Map<String, String> keys = new LinkedHashMap<>();
        for (String rule : RuleNames.of(context.warehouse(), wish.rule)) {
            keys.put(rule, key == null ? Silence.keyOfRule(rule) : Silence.keyOf(realertKey(rule), key));
        }
        try (Writer writer = context.warehouse().writer("silence-command")) {
            writer.commitWithState(tx -> {
                try (PreparedStatement s = tx.connection().prepareStatement("""
                        insert into meta.silences (silence_key, rule, until) values (?, ?, ?)
                        on conflict (silence_key) do update set until = excluded.until, alert_id = null""")) {
                    for (Map.Entry<String, String> rule : keys.entrySet()) {
                        s.setString(1, rule.getValue());
                        s.setString(2, rule.getKey());
                        s.setObject(3, until.atOffset(ZoneOffset.UTC));
                        s.addBatch();
                    }
                    s.executeBatch();
                }
                return RunOutcome.ok(0, keys.size(), 0, 0, null);
            });
        }
        keys.forEach((rule, silenced) -> output.print(
                silenced + " is silent until " + until,
                Map.of("key", silenced, "rule", rule, "until", until.toString())));
    }

    /** What the rule's own silences are called, as its file says. */
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
                    "The rule '" + rule + "' has no query_key, so that no --key is ever silenced; leave --key out.");
        }
        return read.realertKey();
    }

    private void list() throws SQLException {
        try (Connection c = context.warehouse().dataSource().getConnection();
                PreparedStatement s = c.prepareStatement("""
                select silence_key, rule, until, suppressed from meta.silences where until > now() order by until""")) {
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    Map<String, Object> silence = new LinkedHashMap<>();
                    silence.put("key", r.getString(1));
                    silence.put("rule", r.getString(2));
                    silence.put("until", RuleList.time(r, 3));
                    silence.put("suppressed", r.getLong(4));
                    output.print(
                            String.format(
                                    "%-50s until %s, %d held back",
                                    silence.get("key"), silence.get("until"), r.getLong(4)),
                            silence);
                }
            }
        }
    }

    private void lift() throws Exception {
        int[] lifted = {0};
        try (Writer writer = context.warehouse().writer("silence-command")) {
            writer.commitWithState(tx -> {
                // the count of what was held back stays, for the next message
                try (PreparedStatement s = tx.connection().prepareStatement("""
                        update meta.silences set until = now(), exponent = 0
                        where until > now() and (silence_key in (?, ?)
                          or starts_with(silence_key, ? || ' [') and right(silence_key, 10) = ']._silence')""")) {
                    s.setString(1, Silence.bounded(wish.lift));
                    s.setString(2, Silence.keyOfRule(wish.lift));
                    s.setString(3, wish.lift);
                    lifted[0] = s.executeUpdate();
                }
                return RunOutcome.ok(0, 0, lifted[0], 0, null);
            });
        }
        if (lifted[0] == 0) {
            throw new NegativeAnswerException(
                    "There is no silence '" + wish.lift + "'; 'silence --list' names those that hold.");
        }
        output.print(wish.lift + " speaks again", Map.of("key", wish.lift, "lifted", lifted[0]));
    }
}
