package serai.watch.command;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import serai.command.CommandContext;
import serai.command.CommandOutput;

/** {@code rule list}: what {@code meta.rules} says of each rule. */
@Command(name = "list", description = "List the alert rules with their last runs.", mixinStandardHelpOptions = true)
public final class RuleList implements Callable<Integer> {

    private static final String LINE = "%-40s %-18s %-9s %-20s %7s %8s  %s";

    private final CommandContext context;

    @Mixin
    private CommandOutput output;

    @Option(names = "--all", description = "also rules whose file is gone")
    private boolean all;

    public RuleList(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws SQLException {
        try (Connection c = context.warehouse().dataSource().getConnection();
                PreparedStatement s = c.prepareStatement("""
                select r.rule, r.type, r.file, case when not r.active then 'gone' when r.disabled then 'disabled' else r.status end,
                  r.last_run_at, r.lag_ms, r.hits, r.matches, s.until, r.error
                from meta.rules r left join meta.silences s on s.silence_key = r.rule || '._silence' and s.until > now()
                where r.active or ? order by r.rule""")) {
            s.setBoolean(1, all);
            if (!output.inJson()) {
                output.print(
                        String.format(
                                LINE,
                                "RULE",
                                "TYPE",
                                "STATUS",
                                "LAST RUN",
                                "LAG",
                                "MATCHES",
                                "SILENCED UNTIL, TROUBLE"),
                        null);
            }
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    say(r);
                }
            }
        }
        return 0;
    }

    private void say(ResultSet r) throws SQLException {
        Map<String, Object> rule = new LinkedHashMap<>();
        rule.put("rule", r.getString(1));
        rule.put("type", r.getString(2));
        rule.put("file", r.getString(3));
        rule.put("status", r.getString(4));
        rule.put("last_run", time(r, 5));
        rule.put("lag_ms", r.getObject(6));
        rule.put("hits", r.getLong(7));
        rule.put("matches", r.getLong(8));
        rule.put("silenced_until", time(r, 9));
        rule.put("error", r.getString(10));
        String lag = rule.get("lag_ms") == null ? "" : r.getLong(6) + " ms";
        String silenced =
                rule.get("silenced_until") == null ? "" : "silenced until " + rule.get("silenced_until") + " ";
        output.print(
                String.format(
                                LINE,
                                rule.get("rule"),
                                rule.get("type"),
                                rule.get("status"),
                                shown(rule.get("last_run")),
                                lag,
                                rule.get("matches"),
                                silenced + shown(rule.get("error")))
                        .stripTrailing(),
                rule);
    }

    static String time(ResultSet r, int column) throws SQLException {
        OffsetDateTime time = r.getObject(column, OffsetDateTime.class);
        return time == null
                ? null
                : time.withOffsetSameInstant(ZoneOffset.UTC)
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toInstant()
                        .toString();
    }

    static String shown(Object value) {
        return value == null ? "" : value.toString();
    }
}
