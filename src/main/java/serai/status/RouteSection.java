package serai.status;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import serai.warehouse.Row;
import serai.warehouse.Sql;

/**
 * The routes of all instances that run. Those that fail are listed, the others are counted. A route that imports is a
 * source, and not among them.
 */
public final class RouteSection implements StatusSection {

    private static final String ROUTES = """
            select r.route, i.host, i.pid, r.last_run_at, r.last_ok_at, r.failing_since, r.failures, r.error,
              count(*) over () as routes, count(*) filter (where r.failing_since is null) over () as in_order
            from meta.route_runs r join meta.instances i on i.id = r.instance
            where i.ended_at is null and i.seen_at > clock_timestamp() - interval '45 seconds'
              and not exists (select from meta.sources s where s.source = r.route)
            order by r.failing_since is null, r.route, r.instance limit ?""";

    @Override
    public String name() {
        return "routes";
    }

    @Override
    public String title() {
        return "Routes";
    }

    @Override
    public String noun() {
        return "route";
    }

    @Override
    public String empty() {
        return "No route runs.";
    }

    @Override
    public boolean isNotified() {
        return true;
    }

    @Override
    public List<StatusColumn> columns() {
        return List.of(
                StatusColumn.of("Last run", row -> row.figure("lastRun")),
                StatusColumn.of("Last success", StatusRow::checkedAt),
                StatusColumn.number("Failures in a row", "failures"));
    }

    @Override
    public SectionRows read(Sql sql, Instant now, int most) throws SQLException {
        long[] counts = {0, 0};
        List<StatusRow> rows = sql
                .list(
                        ROUTES,
                        r -> {
                            counts[0] = r.number("routes");
                            counts[1] = r.number("in_order");
                            return row(r);
                        },
                        most)
                .stream()
                .filter(row -> row.condition() != Condition.OK)
                .toList();
        return SectionRows.of("route", rows, counts[0], counts[1], now);
    }

    private static StatusRow row(Row r) throws SQLException {
        Instant failing = r.instant("failing_since");
        StatusRow.Builder row = StatusRow.of(r.text("route"), r.text("host") + ":" + r.number("pid"))
                .checkedAt(r.instant("last_ok_at"))
                .error(r.text("error"))
                .figure("lastRun", r.instant("last_run_at"))
                .figure("failures", r.number("failures"));
        if (failing != null) {
            row.finding(Condition.FAILED, "Its last run failed.", failing);
        }
        return row.build();
    }
}
