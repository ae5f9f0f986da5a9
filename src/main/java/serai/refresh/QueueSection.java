package serai.refresh;

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

/** Changed days that no refresh has processed: every refresh takes all, so days that stay show that none runs. */
final class QueueSection implements StatusSection {

    private static final String WAITING = "select count(*) as days, min(marked_at) as since from meta.dirty";

    private final Duration within;

    /** @param within how long changed days may wait for a refresh */
    QueueSection(Duration within) {
        this.within = within;
    }

    @Override
    public String name() {
        return "refresh";
    }

    @Override
    public String title() {
        return "Refresh";
    }

    @Override
    public String noun() {
        return "refresh";
    }

    @Override
    public Form form() {
        return Form.LINE;
    }

    @Override
    public boolean isNotified() {
        return true;
    }

    @Override
    public List<StatusColumn> columns() {
        return List.of(
                StatusColumn.number("Changed days not processed", "days"),
                StatusColumn.of("Since", row -> row.figure("oldest")));
    }

    @Override
    public SectionRows read(Sql sql, Instant now, int most) throws SQLException {
        return sql.first(WAITING, r -> rows(r, now)).orElseThrow();
    }

    private SectionRows rows(Row r, Instant now) throws SQLException {
        long days = r.number("days");
        Instant oldest = r.instant("since");
        StatusRow.Builder row =
                StatusRow.of("refresh", "queue").figure("days", days).figure("oldest", oldest);
        if (oldest == null || !now.isAfter(oldest.plus(within))) {
            return SectionRows.single(row.build(), null);
        }
        String late = "no refresh has processed " + HumanText.of(days, "changed day") + " since "
                + HumanText.clock(oldest, now) + " UTC";
        row.finding(Condition.LATE, "N" + late.substring(1) + ".", oldest.plus(within));
        return SectionRows.single(row.build(), late);
    }
}
