package serai.request;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import serai.settings.Secrets;
import serai.warehouse.Row;
import serai.warehouse.RunOutcome;
import serai.warehouse.Sql;
import serai.warehouse.Warehouse;
import serai.warehouse.Writer;

/**
 * The table {@code meta.paused}. All instances read it before they begin a run, so a pause needs no running process,
 * and holds through restarts.
 */
public final class Pauses {

    private Pauses() {}

    /** The pause of a source or model; empty when it is not paused. */
    public static Optional<Pause> find(Sql sql, Subject subject) throws SQLException {
        return sql.first(
                "select kind, name, paused_by, why, since from meta.paused where kind = ? and name = ?",
                Pauses::pause,
                subject.kind().text(),
                subject.name());
    }

    /** The same on a connection of its own. */
    public static Optional<Pause> find(Warehouse warehouse, Subject subject) throws SQLException {
        try (Connection c = warehouse.dataSource().getConnection()) {
            return find(Sql.on(c), subject);
        }
    }

    private static Pause pause(Row row) throws SQLException {
        return new Pause(
                new Subject(Subject.kind(row.text("kind")), row.text("name")),
                row.text("paused_by"),
                row.text("why"),
                row.instant("since"));
    }

    /**
     * Pauses a source or model. One that is paused already stays as it is, unless there is a new reason.
     *
     * @param why the reason, or null
     * @return the pause that holds now
     */
    public static Pause pause(Warehouse warehouse, Subject subject, String by, String why) throws Exception {
        try (Writer writer = warehouse.writer("pauses")) {
            writer.commitWithState(tx -> {
                tx.sql().update("""
                                insert into meta.paused as p (kind, name, paused_by, why) values (?, ?, ?, ?)
                                on conflict (kind, name) do update
                                set paused_by = excluded.paused_by, why = excluded.why where excluded.why is not null
                                """, subject.kind().text(), subject.name(), by, Sql.storable(Secrets.mask(why)));
                return RunOutcome.ok();
            });
            return find(writer.sql(), subject).orElseThrow();
        }
    }

    /**
     * Ends a pause.
     *
     * @return the pause that ended; empty when there was none
     */
    public static Optional<Pause> resume(Warehouse warehouse, Subject subject) throws Exception {
        try (Writer writer = warehouse.writer("pauses")) {
            Optional<Pause> pause = find(writer.sql(), subject);
            writer.commitWithState(tx -> {
                delete(tx.sql(), subject);
                return RunOutcome.ok();
            });
            return pause;
        }
    }

    /** Removes the row of a source or model, in the transaction of the statement. */
    public static void delete(Sql sql, Subject subject) throws SQLException {
        sql.update(
                "delete from meta.paused where kind = ? and name = ?",
                subject.kind().text(),
                subject.name());
    }
}
