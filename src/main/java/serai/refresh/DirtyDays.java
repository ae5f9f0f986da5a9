package serai.refresh;

import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import serai.warehouse.Relation;
import serai.warehouse.RunOutcome;
import serai.warehouse.Writer;

/** Tells the models which days of what they read have changed: {@code meta.dirty} becomes {@code meta.model_dirty}. */
final class DirtyDays {

    private record Changed(Relation relation, LocalDate day) {}

    private DirtyDays() {}

    /** Moves all that is there, in one transaction. */
    static void fanOut(Writer writer, Catalog catalog) throws Exception {
        try (Statement s = writer.connection().createStatement();
                ResultSet r = s.executeQuery("select exists (select 1 from meta.dirty)")) {
            r.next();
            if (!r.getBoolean(1)) {
                return;
            }
        }
        writer.commitWithState(tx -> {
            List<Changed> changes = take(tx.connection());
            for (CatalogEntry entry : catalog.inOrder()) {
                if (entry instanceof Model model && model.kind() == ModelKind.RECALC) {
                    tell(tx.connection(), catalog, model, changes);
                }
            }
            return RunOutcome.ok(0, 0, 0, 0, null);
        });
    }

    private static List<Changed> take(Connection connection) throws SQLException {
        List<Changed> changes = new ArrayList<>();
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("delete from meta.dirty returning relation, day")) {
            while (r.next()) {
                changes.add(new Changed(Relation.of(r.getString(1)), r.getObject(2, LocalDate.class)));
            }
        }
        return changes;
    }

    private static void tell(Connection connection, Catalog catalog, Model model, List<Changed> changes)
            throws SQLException {
        var inputs = catalog.dirtyInputs(model);
        try (PreparedStatement s = connection.prepareStatement(
                "insert into meta.model_dirty (model, day) values (?, ?) on conflict do nothing")) {
            for (Changed change : changes) {
                if (inputs.contains(change.relation())) {
                    for (LocalDate day : daysOf(
                            change.day(),
                            zoneOf(catalog, change.relation()),
                            model.window().zone())) {
                        s.setString(1, model.name());
                        s.setDate(2, Date.valueOf(day));
                        s.addBatch();
                    }
                }
            }
            s.executeBatch();
        }
    }

    /** A day of what landed is one in UTC; a day of a model is one in its zone. */
    private static ZoneId zoneOf(Catalog catalog, Relation relation) {
        return Optional.ofNullable(catalog.get(relation.name()))
                .filter(e -> e.relation().equals(relation) && e.kind().byDay())
                .map(e -> ((Model) e).window().zone())
                .orElse(ZoneOffset.UTC);
    }

    /**
     * The days of a zone that have a moment in common with a day of another; the day of the same date is always one.
     */
    static List<LocalDate> daysOf(LocalDate day, ZoneId from, ZoneId to) {
        LocalDate first = day.atStartOfDay(from).withZoneSameInstant(to).toLocalDate();
        LocalDate last = day.plusDays(1)
                .atStartOfDay(from)
                .minusNanos(1)
                .withZoneSameInstant(to)
                .toLocalDate();
        return first.datesUntil(last.plusDays(1)).toList();
    }
}
