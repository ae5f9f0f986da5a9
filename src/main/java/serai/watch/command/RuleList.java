package serai.watch.command;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import serai.command.CommandContext;
import serai.command.CommandOutput;
import serai.warehouse.Row;
import serai.warehouse.Sql;

/** {@code rule list}: the state of each rule, from {@code meta.rules}. */
@Command(name = "list", description = "List the alert rules with their last runs.", mixinStandardHelpOptions = true)
public final class RuleList implements Callable<Integer> {

    private static final String LINE = "%-40s %-18s %-9s %-20s %7s %8s  %s";

    private final CommandContext context;

    @Mixin
    private CommandOutput output;

    @Option(names = "--all", description = "also rules whose file was removed")
    private boolean all;

    /** @param context of the command line */
    public RuleList(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws SQLException {
        if (!output.inJson()) {
            String heading = "SILENCED UNTIL, PROBLEM";
            output.print(String.format(LINE, "RULE", "TYPE", "STATUS", "LAST RUN", "LAG", "MATCHES", heading), null);
        }
        try (Connection c = context.warehouse().dataSource().getConnection()) {
            Sql.on(c).each("""
                    select r.rule, r.type, r.file, r.last_run_at, r.lag_ms, r.hits, r.matches, s.until, r.error,
                      r.rejected, r.rejected_of, r.rejected_since,
                      case when not r.active then 'gone' when r.disabled then 'disabled'
                        when r.status = 'ok' and u.messages > 0 then 'warning' else r.status end as status,
                      u.messages as refused_messages
                    from meta.rules r
                    cross join lateral (select count(*) as messages from meta.outbox o
                      where o.rule = r.rule and o.refused_at is not null and o.status in ('pending', 'sending')) u
                    left join meta.silences s on s.silence_key = r.rule || '._silence' and s.until > now()
                    where r.active or ? order by r.rule""", this::print, all);
        }
        return 0;
    }

    private void print(Row row) throws SQLException {
        Map<String, Object> rule = new LinkedHashMap<>();
        rule.put("rule", row.text("rule"));
        rule.put("type", row.text("type"));
        rule.put("file", row.text("file"));
        rule.put("status", row.text("status"));
        rule.put("last_run", CommandTimes.text(row.instant("last_run_at")));
        rule.put("lag_ms", row.numberOrNull("lag_ms"));
        rule.put("hits", row.number("hits"));
        rule.put("matches", row.number("matches"));
        rule.put("rejected", row.number("rejected"));
        rule.put("rejected_of", row.number("rejected_of"));
        rule.put("rejected_since", CommandTimes.text(row.instant("rejected_since")));
        rule.put("refused_messages", row.number("refused_messages"));
        rule.put("silenced_until", CommandTimes.text(row.instant("until")));
        rule.put("error", row.text("error"));
        String lag = rule.get("lag_ms") == null ? "" : rule.get("lag_ms") + " ms";
        String silenced =
                rule.get("silenced_until") == null ? "" : "silenced until " + rule.get("silenced_until") + " ";
        output.print(
                String.format(
                                LINE,
                                rule.get("rule"),
                                rule.get("type"),
                                rule.get("status"),
                                Objects.toString(rule.get("last_run"), ""),
                                lag,
                                rule.get("matches"),
                                silenced + Objects.toString(rule.get("error"), ""))
                        .stripTrailing(),
                rule);
    }
}
