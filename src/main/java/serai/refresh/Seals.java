package serai.refresh;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import serai.warehouse.Relation;
import serai.warehouse.Row;
import serai.warehouse.RowRange;
import serai.warehouse.Sql;
import serai.warehouse.TimeWindow;

/**
 * The seals of a once, {@code meta.seals}: what the rows of each of its units were when they were written, so that a
 * later change of them is found, and the units that were missed, its gaps.
 */
final class Seals {

    private static final String WRITE = """
            insert into meta.seals (model, unit, rows, hash, columns, gap)
            values (?, ?, ?, ?::numeric, ?::text[], ?)
            on conflict (model, unit) do update set rows = excluded.rows, hash = excluded.hash,
              columns = excluded.columns, gap = excluded.gap, sealed_at = excluded.sealed_at,
              checked_at = excluded.checked_at, differs = false, changed_at = null""";

    private static final String LEAST_RECENTLY_CHECKED = """
            select unit, rows, hash, columns from meta.seals
            where model = ? and rows is not null and (differs or checked_at < clock_timestamp() - interval '1 hour')
            order by differs desc, checked_at limit 1""";

    private final Sql sql;
    private final Model model;
    private final ModelWindow window;

    /** What the rows of a unit are, or were when it was sealed. */
    private record Content(Instant unit, long rows, String hash, List<String> columns) {}

    Seals(Sql sql, Model model) {
        this.sql = sql;
        this.model = model;
        this.window = model.window();
    }

    /**
     * The units from one to another, without it, that are sealed.
     *
     * @param gaps whether those count that are gaps
     */
    SortedSet<Instant> units(Instant from, Instant to, boolean gaps) throws SQLException {
        return new TreeSet<>(sql.list(
                "select unit from meta.seals where model = ? and unit >= ? and unit < ? and (rows is not null or ?)",
                row -> row.instant("unit"),
                model.name(),
                from,
                to,
                gaps));
    }

    /** Seals a unit with the rows that its table has, and returns how many there are. */
    long seal(Instant unit, List<String> columns) throws SQLException {
        Content content = content(unit, columns);
        sql.update(WRITE, model.name(), unit, content.rows(), content.hash(), columns, null);
        return content.rows();
    }

    /** Records units for which nothing is written. */
    void gap(Collection<Instant> units, String reason) throws SQLException {
        for (Instant unit : units) {
            sql.update(WRITE, model.name(), unit, null, null, List.of(), reason);
        }
    }

    /** Keeps what a seal or gap was that is about to be replaced. */
    void keepReplaced(Instant unit, long runId) throws SQLException {
        sql.update(
                "insert into meta.replaced_seals (model, unit, rows, hash, gap, sealed_at, run_id)"
                        + " select model, unit, rows, hash, gap, sealed_at, ? from meta.seals"
                        + " where model = ? and unit = ?",
                runId,
                model.name(),
                unit);
    }

    /** How many rows the table has of a unit. */
    long rows(Instant unit) throws SQLException {
        RowRange rows = rowsOf(unit);
        return sql.first(
                        "select count(*) from " + model.relation().sql() + " where " + rows.condition(),
                        row -> row.number("count"),
                        rows.parameters())
                .orElseThrow();
    }

    private Content content(Instant unit, List<String> columns) throws SQLException {
        RowRange rows = rowsOf(unit);
        String list = columns.stream().map(Relation::quote).collect(Collectors.joining(", "));
        return sql.first(
                        "select count(*) as rows, coalesce(sum(hashtextextended(row(" + list
                                + ")::text, 0)), 0)::text as hash from "
                                + model.relation().sql() + " where " + rows.condition(),
                        row -> new Content(unit, row.number("rows"), row.text("hash"), columns),
                        rows.parameters())
                .orElseThrow();
    }

    private RowRange rowsOf(Instant unit) {
        return window.rows(new TimeWindow(unit, window.next(unit)));
    }

    /**
     * Compares one unit with its seal: one that differed before, else the one that was not compared for the longest
     * time.
     *
     * @return what differs, in a sentence
     */
    Optional<String> check() throws SQLException {
        Optional<Content> seal = sql.first(LEAST_RECENTLY_CHECKED, Seals::content, model.name());
        if (seal.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> difference = difference(seal.get());
        sql.update(
                "update meta.seals set checked_at = clock_timestamp(), differs = ? where model = ? and unit = ?",
                difference.isPresent(),
                model.name(),
                seal.get().unit());
        return difference;
    }

    /** Compares all units with their seals, and returns what differs, a sentence for each; writes nothing. */
    List<String> checkAll() throws SQLException {
        List<Content> seals = sql.list(
                "select unit, rows, hash, columns from meta.seals where model = ? and rows is not null order by unit",
                Seals::content,
                model.name());
        List<String> differences = new ArrayList<>();
        for (Content seal : seals) {
            difference(seal).ifPresent(differences::add);
        }
        return differences;
    }

    private static Content content(Row row) throws SQLException {
        return new Content(row.instant("unit"), row.number("rows"), row.text("hash"), row.texts("columns"));
    }

    private Optional<String> difference(Content seal) throws SQLException {
        Content now = content(seal.unit(), seal.columns());
        if (now.rows() == seal.rows() && now.hash().equals(seal.hash())) {
            return Optional.empty();
        }
        return Optional.of("The rows of " + window.text(seal.unit()) + " are not those that were sealed: "
                + (now.rows() == seal.rows()
                        ? "values of its " + seal.rows() + " rows differ"
                        : "there were " + seal.rows() + ", now there are " + now.rows())
                + ". Put them back from a backup, or seal what its SELECT gives now: refresh " + model.name()
                + " --from " + window.dayOf(seal.unit()) + " --to " + window.lastDayOf(seal.unit()) + " --reseal.");
    }

    /** Records that rows of the input changed after their units were sealed. */
    static void inputChanged(Sql sql, Model model, Collection<Instant> units) throws SQLException {
        sql.update(
                "update meta.seals set changed_at = clock_timestamp()"
                        + " where model = ? and unit = any (?::timestamptz[]) and rows is not null",
                model.name(),
                units);
    }
}
