package serai.refresh;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import serai.warehouse.Sql;

/** The units of a model that changed rows of an input change, from the values that were recorded of these rows. */
final class ChangedKeys {

    private final Sql sql;
    private final Model model;
    private final Instant now;

    /** @param sql in a transaction with the search path of models */
    ChangedKeys(Sql sql, Model model, Instant now) {
        this.sql = sql;
        this.model = model;
        this.now = now;
    }

    /**
     * The units in which the input that dates the rows has one of these values, and those that they reach. A value that
     * is not of the column's type is in none.
     */
    SortedSet<Instant> ofKeys(ModelInputs.Lookup lookup, Set<String> values) throws SQLException {
        return new ExistingUnits(sql, model)
                .withKey(
                        lookup,
                        values,
                        model.window().firstKept(now),
                        model.window().last(now));
    }

    /**
     * The existing units between two values of each row; an open end is today.
     *
     * @param ranges a first and a last date or time as PostgreSQL writes them, each may be null
     */
    SortedSet<Instant> ofRanges(List<List<String>> ranges) throws SQLException {
        ModelWindow window = model.window();
        Instant first = window.firstKept(now);
        Instant last = window.last(now);
        ExistingUnits existing = new ExistingUnits(sql, model);
        SortedSet<Instant> candidates = existing.ofInput(first, last);
        candidates.addAll(existing.ofTable(first, last));
        List<Instant[]> intervals = new ArrayList<>();
        for (List<String> range : ranges) {
            intervals.add(new Instant[] {time(range.get(0), first), time(range.get(1), last)});
        }
        SortedSet<Instant> units = new TreeSet<>();
        for (Instant unit : candidates) {
            if (intervals.stream()
                    .anyMatch(i -> !window.next(unit).minusNanos(1).isBefore(i[0]) && !unit.isAfter(i[1]))) {
                units.add(unit);
            }
        }
        return units;
    }

    /** A date begins in the model's zone; a text that is none, such as infinity, is the open end. */
    private Instant time(String text, Instant open) throws SQLException {
        if (text == null) {
            return open;
        }
        String zone = "'" + model.window().zone().getId() + "'";
        return sql.first(
                        "select case when ? ~ '^\\d{4,6}-\\d\\d-\\d\\d$' then ?::timestamp at time zone " + zone
                                + " when ? ~ '[+-]\\d\\d(:\\d\\d)*$' then ?::timestamptz"
                                + " when ? ~ '^\\d{4,6}-' then ?::timestamp at time zone " + zone + " end as time",
                        row -> row.instant("time"),
                        text,
                        text,
                        text,
                        text,
                        text,
                        text)
                .orElse(open);
    }
}
