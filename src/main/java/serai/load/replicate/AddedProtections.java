package serai.load.replicate;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.load.replicate.mapping.PlannedColumn;
import serai.warehouse.Relation;
import serai.warehouse.Transaction;
import serai.warehouse.WatchedRows;

/**
 * Lets removals and masks also hold for values that arrived before them: they are emptied in the table and in its
 * history, in one transaction. A table whose masks are others is then copied anew.
 */
final class AddedProtections {

    private static final Logger LOG = LoggerFactory.getLogger(AddedProtections.class);

    private static final String KNOWN = """
            select c.key as name, c.value ->> 'source' as source, c.value ->> 'mask' as mask
            from meta.replicated_tables t, jsonb_each(t.columns) c where t.source = ? and t.source_table = ?""";

    private static final String READERS = """
            select distinct consumer from meta.watches where relation = ?
              and (columns && ?::text[] or reads && ?::text[]) order by 1""";

    private final Transaction tx;
    private final ReplicatedTable table;

    AddedProtections(Transaction tx, ReplicatedTable table) {
        this.tx = tx;
        this.table = table;
    }

    /** How a column arrived before. */
    private record Known(String name, String source, String mask) {}

    /**
     * Empties columns.
     *
     * @return whether the table has to be copied anew
     */
    boolean apply() throws SQLException {
        List<String> emptied = new ArrayList<>();
        boolean anew = false;
        for (Known known : tx.sql()
                .list(
                        KNOWN,
                        row -> new Known(row.text("name"), row.text("source"), row.text("mask")),
                        tx.source(),
                        table.toString())) {
            PlannedColumn now = arriving(known.source());
            boolean removed = now == null && table.plan().withheld().contains(known.source());
            boolean masked = now != null && !now.mask().equals(known.mask());
            if (removed || masked && !now.mask().isEmpty()) {
                emptied.add(known.name());
            }
            anew |= masked;
        }
        if (!emptied.isEmpty()) {
            empty(emptied);
        }
        return anew;
    }

    /** The column of the source as it arrives now; null when it does not. */
    private PlannedColumn arriving(String source) {
        return table.plan().columns().stream()
                .filter(column -> column.source() >= 0
                        && table.source().columns().get(column.source()).name().equals(source))
                .findFirst()
                .orElse(null);
    }

    private void empty(List<String> columns) throws SQLException {
        Relation history = TableHistory.relation(table);
        for (String column : columns) {
            empty(table.target(), column);
            empty(history, TableHistory.name(column));
        }
        tx.sql()
                .update(
                        "update meta.rejects set payload = '' where source = ? and target in (?, ?)",
                        tx.source(),
                        table.target().toString(),
                        history.toString());
        WatchedRows.all(tx.sql(), table.target());
        TreeSet<String> readers = new TreeSet<>(tx.sql()
                .list(READERS, row -> row.text("consumer"), table.target().toString(), columns, columns));
        LOG.warn(
                "source={} table={} A rule protects {} now: their values were emptied in {}, its history and its"
                        + " rejects. Models that read them, and are calculated again by refresh: {}. What else was made"
                        + " of them, such as backups, is not reached.",
                tx.source(),
                table,
                columns,
                table.target(),
                readers.isEmpty() ? "none" : readers);
    }

    private void empty(Relation relation, String column) throws SQLException {
        Boolean key = tx.sql()
                .first(
                        "select a.attnotnull as key from pg_attribute a where a.attrelid = to_regclass(?)"
                                + " and a.attname = ? and not a.attisdropped",
                        row -> row.flag("key"),
                        relation.sql(),
                        column)
                .orElse(null);
        String name = Relation.quote(column);
        if (Boolean.FALSE.equals(key)) {
            tx.sql().update("update " + relation.sql() + " set " + name + " = null where " + name + " is not null");
        } else if (key != null) {
            // copied anew, the table has the masked key alone; versions cannot be found without theirs
            LOG.warn(
                    "source={} table={} The key {} of {} is masked now, and cannot be emptied. If it is a history, run"
                            + " in the warehouse: drop table {};",
                    tx.source(),
                    table,
                    name,
                    relation,
                    relation.sql());
        }
    }

    /** Notes how the columns arrive now. */
    void save() throws SQLException {
        Map<String, PlannedColumn> columns = new LinkedHashMap<>();
        table.plan().columns().stream()
                .filter(column -> column.source() >= 0)
                .forEach(column -> columns.put(column.name(), column));
        List<String> names = List.copyOf(columns.keySet());
        List<String> sources = columns.values().stream()
                .map(column -> table.source().columns().get(column.source()).name())
                .toList();
        List<String> masks = columns.values().stream().map(PlannedColumn::mask).toList();
        tx.sql()
                .update(
                        "update meta.replicated_tables set columns = (select jsonb_object_agg(name, jsonb_build_object("
                                + "'source', source, 'mask', mask)) from unnest(?::text[], ?::text[], ?::text[])"
                                + " as c(name, source, mask)) where source = ? and source_table = ?",
                        names,
                        sources,
                        masks,
                        tx.source(),
                        table.toString());
    }
}
