package serai.watch;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import serai.status.Condition;
import serai.status.HumanText;
import serai.status.SectionRows;
import serai.status.StatusColumn;
import serai.status.StatusRow;
import serai.status.StatusSection;
import serai.warehouse.Row;
import serai.warehouse.Sql;

/** The alert rules. There may be thousands: those in trouble come first, and the others are counted. */
final class RuleSection implements StatusSection {

    /** A rule is late when it is overdue, or its last run was late, by more than its own interval and the grace. */
    private static final String RULES = """
            with judged as (
              select *, case when late_millis > greatest(run_every_ms, ?) then late_millis end as late_by,
                count(*) over () as rules_in_all
              from (
                select r.*, greatest(extract(epoch from clock_timestamp() - due_at) * 1000, lag_ms) as late_millis
                from meta.rules r where r.active) r),
            ordered as (
              select *, case when status = 'failed' then 0 when status = 'disabled' then 3
                when late_by is not null then 1
                when status = 'ok' then 4 else 2 end as place from judged),
            counted as (select *, count(*) filter (where place >= 3) over () as rules_in_order from ordered)
            select rule, type, status, last_run_at, due_at, run_every_ms, lag_ms, late_by, hits, matches,
              coalesce(failing_since, rejected_since) as failing_since,
              rejected > 0 and position(rejected_reason in error) > 0 as unreadable,
              left(error, 2000) as error,
              rules_in_all, rules_in_order,
              (select count(*) from meta.outbox o where o.rule = r.rule and o.status = 'sent') as alerts_sent
            from (select * from counted order by place, rule limit ?) r order by place, rule
            """;

    private final Duration grace;

    /** @param grace a delay that never counts as late, however short a rule's interval */
    RuleSection(Duration grace) {
        this.grace = grace;
    }

    @Override
    public String name() {
        return "rules";
    }

    @Override
    public String title() {
        return "Alert rules";
    }

    @Override
    public String noun() {
        return "rule";
    }

    @Override
    public String empty() {
        return "No alert rule yet. Each file in routes/alerts is one.";
    }

    @Override
    public boolean isNotified() {
        return true;
    }

    @Override
    public List<StatusColumn> columns() {
        return List.of(
                StatusColumn.of("Last run", row -> row.figure("lastRun")),
                StatusColumn.number("Every", "every"),
                StatusColumn.number("Lag", "lag"),
                StatusColumn.number("Hits", "hits"),
                StatusColumn.number("Matches", "matches"),
                StatusColumn.number("Alerts sent", "alertsSent"));
    }

    @Override
    public SectionRows read(Sql sql, Instant now, int most) throws SQLException {
        long[] counts = {0, 0};
        List<StatusRow> rows = sql.list(
                RULES,
                r -> {
                    counts[0] = r.number("rules_in_all");
                    counts[1] = r.number("rules_in_order");
                    return row(r, now);
                },
                grace.toMillis(),
                most);
        return SectionRows.of("rule", rows, counts[0], counts[1], now);
    }

    private static StatusRow row(Row r, Instant now) throws SQLException {
        String word = r.text("status");
        String error = r.text("error");
        Condition condition = Condition.of(word);
        Instant lastRun = r.instant("last_run_at");
        StatusRow.Builder row = StatusRow.of(r.text("rule"), r.text("type"))
                .checkedAt(lastRun)
                .error(error)
                .actions("rule test", "silence")
                .figure("type", r.text("type"))
                .figure("lastRun", lastRun)
                .figure("hits", r.number("hits"))
                .figure("matches", r.number("matches"))
                .figure("alertsSent", r.number("alerts_sent"))
                .figure("every", millis(r, "run_every_ms"))
                .figure("lag", millis(r, "lag_ms"));
        row.finding(condition, sentence(condition, r.flag("unreadable"), word, error), r.instant("failing_since"));
        Duration lateBy = millis(r, "late_by");
        if (lateBy != null && condition != Condition.PAUSED) {
            row.finding(Condition.LATE, late(r, lateBy, lastRun, now), now.minus(lateBy));
        }
        return row.build();
    }

    private static String late(Row r, Duration lateBy, Instant lastRun, Instant now) throws SQLException {
        Duration lag = millis(r, "lag_ms");
        boolean stands = lag == null || lateBy.compareTo(lag) > 0;
        return stands && lastRun != null
                ? "It has not run since " + HumanText.clock(lastRun, now) + " UTC."
                : "It runs " + HumanText.span(lateBy) + " late.";
    }

    private static String sentence(Condition condition, boolean unreadable, String word, String error) {
        return switch (condition) {
            case OK -> null;
            case UNKNOWN -> "It has not run yet.";
            case FAILED ->
                unreadable
                        ? "Too many of its documents cannot be read, so it may miss what it watches for."
                        : "Its last run failed; the next one covers the gap.";
            default -> error == null ? "Its status is " + word + "." : null;
        };
    }

    private static Duration millis(Row r, String column) throws SQLException {
        Long millis = r.numberOrNull(column);
        return millis == null ? null : Duration.ofMillis(millis);
    }
}
