package serai.refresh;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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

/** The models of the star schema and the seeds. */
final class ModelSection implements StatusSection {

    private static final int MOST = 500;

    private static final String MODELS = """
            select m.model, m.kind, m.status,
              least(m.covered_to, d.first) as covered_to, m.rows, left(m.error, 2000) as error, m.since, m.cause,
              m.reads, m.last_success_at,
              p.paused_by, p.why, p.since as paused_since, coalesce(d.days, 0) as dirty_days,
              coalesce(d.keys, 0) as dirty_keys, d.oldest as oldest_dirty
            from meta.model_state m
            left join meta.paused p on p.kind = 'model' and p.name = m.model
            left join (
              select model, count(unit) as days, count(*) - count(unit) as keys, min(marked_at) as oldest,
                min(unit) filter (where isfinite(unit)) as first
              from (
                select model, unit, marked_at from meta.model_dirty
                union all select model, null, marked_at from meta.model_dirty_keys) as marks
              group by model) d using (model)
            where m.active order by m.model limit ?""";

    private final Duration within;

    /** @param within how long changed days may wait for a refresh */
    ModelSection(Duration within) {
        this.within = within;
    }

    @Override
    public String name() {
        return "models";
    }

    @Override
    public String title() {
        return "Models";
    }

    @Override
    public String noun() {
        return "model";
    }

    @Override
    public String empty() {
        return "No model yet. SQL files in sql/dims, sql/facts and sql/reports are the models.";
    }

    @Override
    public boolean isNotified() {
        return true;
    }

    @Override
    public List<StatusColumn> columns() {
        return List.of(
                StatusColumn.of("Complete to", StatusRow::completeTo),
                StatusColumn.of("Covered to", row -> row.figure("coveredTo")),
                StatusColumn.of("Refreshed", StatusRow::loadedAt),
                StatusColumn.number("Rows", "rows"),
                StatusColumn.number("Days to recalculate", "dirtyDays"));
    }

    @Override
    public List<StatusGauge> gauges() {
        return List.of(StatusGauge.each(
                "serai_refresh_dirty_days",
                "days that a model has to recalculate",
                "model",
                row -> row.figure("dirtyDays")));
    }

    @Override
    public SectionRows read(Sql sql, Instant now, int most) throws SQLException {
        Completeness completeness = Completeness.read(sql);
        List<StatusRow> rows = new ArrayList<>(sql.list(MODELS, r -> row(r, completeness, now), Math.max(most, MOST)));
        OldRelation.all(sql).forEach(old -> rows.add(row(old)));
        return SectionRows.of("model", rows, now);
    }

    private StatusRow row(Row r, Completeness completeness, Instant now) throws SQLException {
        String model = r.text("model");
        String word = r.text("status");
        String error = r.text("error");
        StatusRow.Builder row = StatusRow.of(model, r.text("kind"))
                .completeTo(completeness.of(model).orElse(null))
                .loadedAt(r.instant("last_success_at"))
                .cause("models", r.text("cause"))
                .reads(r.texts("reads"))
                .actions("refresh", "pause " + model)
                .figure("coveredTo", r.instant("covered_to"))
                .figure("rows", r.numberOrNull("rows"))
                .figure("dirtyDays", r.number("dirty_days"));
        Condition condition = Condition.of(word);
        row.finding(condition, sentence(condition, word, error), r.instant("since"))
                .error(error);
        Instant oldest = r.instant("oldest_dirty");
        if (oldest != null && now.isAfter(oldest.plus(within))) {
            long days = r.number("dirty_days");
            long changed = days > 0 ? days : r.number("dirty_keys");
            row.finding(
                    Condition.LATE,
                    HumanText.of(changed, days > 0 ? "changed day" : "changed key")
                            + (changed == 1 ? " waits" : " wait") + " to be recalculated, since "
                            + HumanText.clock(oldest, now) + " UTC.",
                    oldest.plus(within));
        }
        StatusRow.Paused paused = StatusRow.Paused.read(r);
        if (paused != null) {
            row.actions("resume " + model).paused(paused, paused.sentence(now));
        }
        return row.build();
    }

    /** What no file makes any more is told until it is dropped: people and tools may still read it. */
    private static StatusRow row(OldRelation old) {
        return StatusRow.of(old.relation().toString(), old.kind())
                .loadedAt(old.since())
                .finding(
                        Condition.WARN,
                        "The file of " + old.model() + " was removed or moved, and this is not refreshed any more. To"
                                + " drop it: drop " + old.relation() + ".",
                        old.since())
                .build();
    }

    private static String sentence(Condition condition, String word, String error) {
        return switch (condition) {
            case OK -> null;
            case UNKNOWN -> "It has not been refreshed yet.";
            case FAILED -> "Its last refresh failed: it holds the rows of the refresh before.";
            default -> error == null ? "Its status is " + word + "." : null;
        };
    }
}
