package serai.refresh;

import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import serai.warehouse.Relation;
import serai.warehouse.Sql;

/**
 * The units in which a model's input or its table has rows. Times without a zone may be of any zone, so they count for
 * the units of the day before and after, too. Infinite times are in no unit.
 */
final class ExistingUnits {

    private final Sql sql;
    private final Model model;
    private final ModelWindow window;

    /** @param sql in a transaction with the search path of models */
    ExistingUnits(Sql sql, Model model) {
        this.sql = sql;
        this.model = model;
        this.window = model.window();
    }

    /**
     * The units from one to another, both included, that have rows in the input, and those that its rows reach.
     *
     * @param first the first unit, or {@link Instant#MIN}
     */
    SortedSet<Instant> ofInput(Instant first, Instant last) throws SQLException {
        String column = Relation.quote(window.sourceColumn());
        String type = RelationColumns.read(sql, window.relation())
                .flatMap(columns -> columns.typeOf(window.sourceColumn()))
                .orElse("");
        boolean zoned = type.endsWith("with time zone");
        boolean local = !zoned && type.startsWith("timestamp");
        // a day more at each end: a local time can be in another unit than the same time in UTC
        Instant from = first.equals(Instant.MIN) ? null : reachedFrom(first).minus(2, ChronoUnit.DAYS);
        Instant to = window.next(last).plus(2, ChronoUnit.DAYS);
        SortedSet<Instant> units = new TreeSet<>();
        String value = zoned ? column : column + "::timestamp";
        String query = "select distinct " + window.unitSql(value, !zoned) + " as unit from " + window.relation()
                + " where isfinite(" + column + ") and " + column + " < ?"
                + (from == null ? "" : " and " + column + " >= ?");
        Object[] bounds =
                from == null ? new Object[] {bound(to, type)} : new Object[] {bound(to, type), bound(from, type)};
        sql.each(query, row -> add(units, row.instant("unit"), local), bounds);
        units.removeIf(unit -> unit.isBefore(first) || unit.isAfter(last));
        return units;
    }

    /** The units of rows that have one of these values in a column, and those that they reach. */
    SortedSet<Instant> withKey(ModelInputs.Lookup lookup, Set<String> values, Instant first, Instant last)
            throws SQLException {
        String column = Relation.quote(lookup.dated());
        String type = RelationColumns.read(sql, lookup.relation())
                .flatMap(columns -> columns.typeOf(lookup.dated()))
                .orElse("");
        boolean zoned = type.endsWith("with time zone");
        boolean local = !zoned && type.startsWith("timestamp");
        SortedSet<Instant> units = new TreeSet<>();
        sql.each(
                "select distinct " + window.unitSql(zoned ? column : column + "::timestamp", !zoned) + " as unit from "
                        + lookup.relation() + " where isfinite(" + column + ") and " + Relation.quote(lookup.column())
                        + "::text = any (?)",
                row -> add(units, row.instant("unit"), local),
                List.copyOf(values));
        units.removeIf(unit -> unit.isBefore(first) || unit.isAfter(last));
        return units;
    }

    private Instant reachedFrom(Instant first) {
        ModelWindow.Amount reach = model.late().reach();
        return reach == null ? first : window.reachedFrom(first, reach);
    }

    private void add(SortedSet<Instant> units, Instant unit, boolean local) {
        Instant first = local ? unit.minus(1, ChronoUnit.DAYS) : unit;
        Instant last = local ? window.next(unit).plus(1, ChronoUnit.DAYS) : unit;
        units.addAll(
                window.unitsBetween(first, window.reached(last, model.late().reach())));
    }

    private static Object bound(Instant time, String type) {
        if (type.equals("date")) {
            return LocalDate.ofInstant(time, ZoneOffset.UTC);
        }
        return type.endsWith("with time zone") ? time : LocalDateTime.ofInstant(time, ZoneOffset.UTC);
    }

    /** The units that have rows in the model's table, from one to another, both included. */
    SortedSet<Instant> ofTable(Instant first, Instant last) throws SQLException {
        SortedSet<Instant> units = new TreeSet<>(sql.list(
                "select distinct " + window.unitSql() + " as unit from "
                        + model.relation().sql() + " where isfinite(" + Relation.quote(window.column()) + ")",
                row -> window.unitOf(row.instant("unit"))));
        units.removeIf(unit -> unit.isBefore(first) || unit.isAfter(last));
        return units;
    }
}
