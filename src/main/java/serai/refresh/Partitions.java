package serai.refresh;

import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import serai.refresh.TableOptions.PartitionUnit;
import serai.warehouse.Relation;
import serai.warehouse.Sql;

/**
 * The partitions of a model's table by months or years of its window column: {@code @partition}. They are attached, and
 * not created as partitions, which would wait for the table's readers.
 */
final class Partitions {

    private static final String EXISTING = """
            select p.name, p.first::%1$s as first, p.next::%1$s as next from (
              select c.oid::regclass::text as name,
                substring(pg_get_expr(c.relpartbound, c.oid) from $$FROM \\('([^']*)'\\)$$) as first,
                substring(pg_get_expr(c.relpartbound, c.oid) from $$TO \\('([^']*)'\\)$$) as next
              from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = to_regclass(?)) p
            where p.first is not null and p.next is not null""";

    /** @param name as SQL writes it */
    private record Partition(String name, Instant first, Instant next) {

        boolean has(Instant time) {
            return !time.isBefore(first) && time.isBefore(next);
        }
    }

    private final Sql sql;
    private final Relation table;
    private final ModelWindow window;
    private final PartitionUnit unit;

    /** @param table the model's table, or one that is to take its place */
    private Partitions(Sql sql, Relation table, Model model) {
        this.sql = sql;
        this.table = table;
        this.window = model.window();
        this.unit = model.table().partition();
    }

    /**
     * Makes the partitions that rows of some units need, and the one after the present; does nothing for a model
     * without {@code @partition}.
     */
    static void ensure(Sql sql, Relation table, Model model, Collection<Instant> units, Instant now)
            throws SQLException {
        if (model.table().partition() != null) {
            new Partitions(sql, table, model).ensure(units, now);
        }
    }

    private void ensure(Collection<Instant> units, Instant now) throws SQLException {
        Set<LocalDate> wanted = new TreeSet<>();
        units.forEach(time -> wanted.add(first(time)));
        wanted.add(first(now));
        wanted.add(next(first(now)));
        List<Partition> existing = existing();
        for (LocalDate first : wanted) {
            if (existing.stream().noneMatch(partition -> partition.has(instant(first)))) {
                attach(first);
            }
        }
    }

    private void attach(LocalDate first) throws SQLException {
        Relation partition = new Relation(table.schema(), table.name() + "_p" + suffix(first));
        sql.execute("create table " + partition.sql() + " (like " + table.sql() + ")");
        sql.execute("alter table " + table.sql() + " attach partition " + partition.sql() + " for values from ('"
                + bound(first) + "') to ('" + bound(next(first)) + "')");
    }

    /**
     * Drops the partitions whose rows are all before a unit; does nothing for a model without {@code @partition}. It
     * waits for the table's readers, as long as {@code lock_timeout} says.
     */
    static void drop(Sql sql, Model model, Instant firstKept) throws SQLException {
        if (model.table().partition() == null) {
            return;
        }
        for (Partition partition : new Partitions(sql, model.relation(), model).existing()) {
            if (!partition.next().isAfter(firstKept)) {
                sql.execute("drop table " + partition.name());
            }
        }
    }

    /** Where the partition begins that has a unit; the unit itself without {@code @partition}. */
    static Instant first(Model model, Instant unit) {
        if (model.table().partition() == null) {
            return unit;
        }
        Partitions partitions = new Partitions(null, model.relation(), model);
        return partitions.instant(partitions.first(unit));
    }

    /** Whether a table is divided as its model says. */
    static boolean fit(Sql sql, Model model) throws SQLException {
        boolean partitioned = sql.first(
                        "select relkind = 'p' as partitioned from pg_class where oid = to_regclass(?)",
                        row -> row.flag("partitioned"),
                        model.relation().sql())
                .orElse(false);
        PartitionUnit unit = model.table().partition();
        if (!partitioned || unit == null) {
            return partitioned == (unit != null);
        }
        Partitions partitions = new Partitions(sql, model.relation(), model);
        return partitions.existing().stream()
                .allMatch(one -> one.next().equals(partitions.instant(partitions.next(partitions.first(one.first())))));
    }

    private List<Partition> existing() throws SQLException {
        boolean dates = window.unit().isDate();
        return sql.list(
                EXISTING.formatted(dates ? "date" : "timestamptz"),
                row -> dates
                        ? new Partition(row.text("name"), instant(row.date("first")), instant(row.date("next")))
                        : new Partition(row.text("name"), row.instant("first"), row.instant("next")),
                table.sql());
    }

    private LocalDate first(Instant time) {
        LocalDate day = LocalDate.ofInstant(time, window.zone());
        return unit == PartitionUnit.MONTH ? day.withDayOfMonth(1) : day.withDayOfYear(1);
    }

    private LocalDate next(LocalDate first) {
        return unit == PartitionUnit.MONTH ? first.plusMonths(1) : first.plusYears(1);
    }

    private Instant instant(LocalDate day) {
        return day.atStartOfDay(window.zone()).toInstant();
    }

    private String bound(LocalDate day) {
        return window.unit().isDate() ? Sql.text(day) : Sql.text(instant(day));
    }

    /** Such as 202603; a name has at most 55 characters before it, and 63 with it. */
    private String suffix(LocalDate first) {
        if (first.getYear() < 1 || first.getYear() > 9999) {
            return Sha256.of(first.toString()).substring(0, 6);
        }
        return unit == PartitionUnit.MONTH
                ? String.format("%04d%02d", first.getYear(), first.getMonthValue())
                : String.format("%04d", first.getYear());
    }
}
