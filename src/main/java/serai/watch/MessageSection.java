package serai.watch;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import serai.status.Condition;
import serai.status.HumanText;
import serai.status.SectionRows;
import serai.status.StatusColumn;
import serai.status.StatusGauge;
import serai.status.StatusRow;
import serai.status.StatusSection;
import serai.warehouse.Row;
import serai.warehouse.Sql;

/** The messages of the outbox, by state. */
final class MessageSection implements StatusSection {

    private static final String MESSAGES = """
            select count(*) filter (where status = 'sent') as sent,
              count(*) filter (where status in ('pending', 'sending')) as pending,
              count(*) filter (where status = 'failed') as failed,
              count(*) filter (where status = 'failed'
                and created_at > clock_timestamp() - interval '24 hours') as failed_today,
              min(created_at) filter (where status in ('pending', 'sending')) as oldest_waits
            from meta.outbox""";

    @Override
    public String name() {
        return "messages";
    }

    @Override
    public String title() {
        return "Messages";
    }

    @Override
    public String noun() {
        return "message";
    }

    @Override
    public Form form() {
        return Form.LINE;
    }

    @Override
    public List<StatusColumn> columns() {
        return List.of(
                StatusColumn.number("Sent", "sent"),
                StatusColumn.number("Waiting", "pending"),
                StatusColumn.of("The oldest waits since", row -> row.figure("oldestWaits")),
                StatusColumn.number("Failed", "failed"));
    }

    @Override
    public List<StatusGauge> gauges() {
        return List.of(StatusGauge.all("serai_watch_outbox_pending_messages", "messages that wait for delivery", rows ->
                (Long) rows.rows().get(0).figure("pending")));
    }

    @Override
    public SectionRows read(Sql sql, Instant now, int most) throws SQLException {
        return sql.first(MESSAGES, MessageSection::rows).orElseThrow();
    }

    private static SectionRows rows(Row r) throws SQLException {
        long failedToday = r.number("failed_today");
        StatusRow.Builder row = StatusRow.of("messages", "outbox")
                .figure("sent", r.number("sent"))
                .figure("pending", r.number("pending"))
                .figure("oldestWaits", r.instant("oldest_waits"))
                .figure("failed", r.number("failed"))
                .figure("failedToday", failedToday);
        if (failedToday == 0) {
            return SectionRows.single(row.build(), null);
        }
        String problem = HumanText.of(failedToday, "message") + " not delivered in the last 24 h";
        row.finding(Condition.WARN, Character.toUpperCase(problem.charAt(0)) + problem.substring(1) + ".", null);
        return SectionRows.single(row.build(), problem);
    }
}
