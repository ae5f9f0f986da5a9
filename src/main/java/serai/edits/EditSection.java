package serai.edits;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import serai.status.Condition;
import serai.status.HumanText;
import serai.status.SectionRows;
import serai.status.StatusGauge;
import serai.status.StatusRow;
import serai.status.StatusSection;
import serai.warehouse.Row;
import serai.warehouse.Sql;

/** The files that are refused now, newest first. */
public final class EditSection implements StatusSection {

    private static final int MOST = 50;

    private static final String REFUSED = """
            select file, line, left(reason, 2000) as reason, edited_at, count(*) over () as refused
            from meta.edits where status = 'refused'
            order by edited_at desc, file limit ?""";

    @Override
    public String name() {
        return "edits";
    }

    @Override
    public String title() {
        return "not in effect: what ran before keeps running.";
    }

    @Override
    public String noun() {
        return "edited file";
    }

    @Override
    public Form form() {
        return Form.NOTICE;
    }

    @Override
    public List<StatusGauge> gauges() {
        return List.of(
                StatusGauge.all("serai_show_refused_edits_files", "edited files that are refused", SectionRows::all));
    }

    @Override
    public SectionRows read(Sql sql, Instant now, int most) throws SQLException {
        long[] all = {0};
        List<StatusRow> rows = sql.list(
                REFUSED,
                r -> {
                    all[0] = r.number("refused");
                    return row(r);
                },
                MOST);
        String problems = all[0] == 0 ? null : HumanText.of(all[0], noun()) + " refused";
        return new SectionRows(rows, all[0], 0, problems);
    }

    private static StatusRow row(Row r) throws SQLException {
        String file = r.text("file");
        Long line = r.numberOrNull("line");
        return StatusRow.of(line == null ? file : file + ":" + line, "edit")
                .finding(Condition.WARN, r.text("reason"), r.instant("edited_at"))
                .figure("file", file)
                .figure("line", line)
                .build();
    }
}
