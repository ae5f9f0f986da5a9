package serai.status;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import serai.warehouse.Row;
import serai.warehouse.Sql;

/** The processes that run now, oldest first. */
public final class InstanceSection implements StatusSection {

    /** Instances that have not ended, and have not missed two of the times at which they renew their row. */
    private static final String RUNNING = """
            select id, host, pid, version, started_at, seen_at from meta.instances
            where ended_at is null and seen_at > clock_timestamp() - interval '45 seconds'
            order by started_at, id limit ?""";

    @Override
    public String name() {
        return "instances";
    }

    @Override
    public String title() {
        return "Processes";
    }

    @Override
    public String noun() {
        return "process";
    }

    @Override
    public Form form() {
        return Form.DATA;
    }

    @Override
    public SectionRows read(Sql sql, Instant now, int most) throws SQLException {
        List<StatusRow> rows = sql.list(RUNNING, InstanceSection::row, most);
        return SectionRows.of("process", rows, now);
    }

    private static StatusRow row(Row r) throws SQLException {
        return StatusRow.of(r.text("host") + ":" + r.number("pid"), "instance")
                .checkedAt(r.instant("seen_at"))
                .figure("id", r.text("id"))
                .figure("host", r.text("host"))
                .figure("pid", r.number("pid"))
                .figure("version", r.text("version"))
                .figure("startedAt", r.instant("started_at"))
                .figure("seenAt", r.instant("seen_at"))
                .build();
    }
}
