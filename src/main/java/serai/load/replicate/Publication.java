package serai.load.replicate;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import serai.load.replicate.mapping.SourceTable;
import serai.warehouse.Relation;
import serai.warehouse.Sql;

/** What Serai needs at a source: a publication of the tables, and a slot that keeps the log. */
final class Publication {

    private static final String SLOT = """
            select plugin, database, wal_status, restart_lsn::text as kept, confirmed_flush_lsn::text as confirmed,
              database = current_database() as here from pg_replication_slots where slot_name = ?""";

    /** Of published tables {@code c}: the log would have nothing that finds the row of an update. */
    private static final String UNIDENTIFIED = """
             and (c.relreplident = 'n' or c.relreplident in ('d', 'i') and not exists (
              select from pg_index i where i.indrelid = c.oid
                and case c.relreplident when 'd' then i.indisprimary else i.indisreplident end))""";

    private final Sql source;
    private final String publication;
    private final String slot;

    private final String options;

    Publication(Sql source, String publication, String slot) {
        this(source, publication, slot, "publish_via_partition_root = true");
    }

    /** A publication of inserts alone, with which no statement of the application can fail. */
    static Publication ofInserts(Sql source, ReplicationPlan plan) {
        return new Publication(
                source, plan.insertPublication(), plan.slot(), "publish = 'insert', publish_via_partition_root = true");
    }

    private Publication(Sql source, String publication, String slot, String options) {
        this.options = options;
        this.source = source;
        this.publication = publication;
        this.slot = slot;
    }

    /**
     * Publishes just these tables. A table that lost its identity is taken out, or the application's updates would
     * fail.
     *
     * @return the publication's oid
     * @throws SQLException with the statements to run, when the role may not change it
     */
    long publish(List<SourceTable> tables) throws SQLException {
        requireLogicalLog();
        Set<String> wanted = new TreeSet<>();
        tables.forEach(table -> wanted.add(table.from()));
        List<String> statements = new ArrayList<>();
        if (oid() == 0) {
            statements.add("create publication " + Relation.quote(publication)
                    + (wanted.isEmpty() ? "" : " for table " + String.join(", ", wanted))
                    + " with (" + options + ")");
        } else {
            Set<String> published = new TreeSet<>();
            published("").forEach(table -> published.add(table.from()));
            change(statements, "add", wanted, published);
            change(statements, "drop", published, wanted);
        }
        for (String statement : statements) {
            run(statement);
        }
        return oid();
    }

    private List<SourceTable> published(String condition) throws SQLException {
        return source.list(
                "select n.nspname as schema, c.relname as name, c.relkind = 'p' as partitioned"
                        + " from pg_publication_rel r"
                        + " join pg_publication p on p.oid = r.prpubid join pg_class c on c.oid = r.prrelid"
                        + " join pg_namespace n on n.oid = c.relnamespace where p.pubname = ? " + condition,
                row -> new SourceTable(
                        row.text("schema"), row.text("name"), List.of(), List.of(), List.of(), row.flag("partitioned")),
                publication);
    }

    /** The names of its tables, as {@code schema.table}; none when there is no publication. */
    Set<String> published() throws SQLException {
        return published("").stream().map(SourceTable::toString).collect(Collectors.toSet());
    }

    /**
     * Takes tables out of the publication that lost their key: until then their updates fail at the source.
     *
     * @return these tables, without their columns
     */
    List<SourceTable> unpublishUnidentified() throws SQLException {
        List<SourceTable> tables = published(UNIDENTIFIED);
        for (SourceTable table : tables) {
            run("alter publication " + Relation.quote(publication) + " drop table " + table.from());
        }
        return tables;
    }

    private void change(List<String> statements, String verb, Set<String> tables, Set<String> without) {
        String changed =
                tables.stream().filter(table -> !without.contains(table)).collect(Collectors.joining(", "));
        if (!changed.isEmpty()) {
            statements.add("alter publication " + Relation.quote(publication) + " " + verb + " table " + changed);
        }
    }

    private void run(String statement) throws SQLException {
        try {
            source.execute(statement);
        } catch (SQLException e) {
            throw new SQLException(
                    "The source refused a statement that replication needs (" + e.getMessage()
                            + "). Run it there as an owner of the tables: " + statement + ";",
                    e.getSQLState(),
                    e);
        }
    }

    private void requireLogicalLog() throws SQLException {
        String level =
                source.first("show wal_level", row -> row.text("wal_level")).orElse("");
        if (!level.equals("logical")) {
            throw new SQLException("The source's wal_level is " + level + ". Run there: alter system set wal_level ="
                    + " 'logical'; and start it again.");
        }
    }

    /** 0 when there is no publication. */
    long oid() throws SQLException {
        return source.first(
                        "select oid::bigint as oid from pg_publication where pubname = ?",
                        row -> row.number("oid"),
                        publication)
                .orElse(0L);
    }

    private record Slot(String plugin, boolean here, String status, String kept, String confirmed) {}

    private Slot slot() throws SQLException {
        return source.first(
                        SLOT,
                        row -> new Slot(
                                row.text("plugin"),
                                row.flag("here"),
                                row.text("wal_status"),
                                row.text("kept"),
                                row.text("confirmed")),
                        slot)
                .orElse(null);
    }

    /** Where a new source begins: the slot is created, or was created by hand. */
    long createSlot() throws SQLException, LostPositionException {
        if (slot() == null) {
            run("select pg_create_logical_replication_slot(" + Sql.literal(slot) + ", 'pgoutput')");
        }
        return confirmed();
    }

    /**
     * Checks that the slot has all changes since the position.
     *
     * @throws LostPositionException when it has not
     */
    void require(LogPosition position, String system, long published) throws SQLException, LostPositionException {
        if (!position.system().equals(system)) {
            throw new LostPositionException("The source is another server than before (system identifier " + system
                    + ", not " + position.system() + ")");
        }
        if (position.publication() != published) {
            throw new LostPositionException(
                    "The publication " + publication + " was dropped and made again, and has missed changes");
        }
        long confirmed = confirmed();
        if (Long.compareUnsigned(confirmed, position.lsn()) > 0) {
            throw new LostPositionException(
                    "The slot " + slot + " is at " + LogPosition.text(confirmed) + ", beyond what was applied ("
                            + LogPosition.text(position.lsn()) + "): another reader has used it. If that one has kept"
                            + " the warehouse's tables, adopt-slot takes the slot over");
        }
    }

    /**
     * Up to where a reader of the slot has said that it needs nothing more.
     *
     * @throws LostPositionException when the slot cannot be read
     */
    long confirmed() throws SQLException, LostPositionException {
        return LogPosition.parse(usable().confirmed());
    }

    /** A slot from now on, in place of one that has lost changes. */
    long renewSlot() throws SQLException, LostPositionException {
        Slot old = slot();
        if (old != null && old.here() && "pgoutput".equals(old.plugin())) {
            run("select pg_drop_replication_slot(" + Sql.literal(slot) + ")");
        }
        return createSlot();
    }

    private Slot usable() throws SQLException, LostPositionException {
        Slot found = slot();
        if (found == null) {
            throw new LostPositionException("The slot " + slot + " is gone");
        }
        if (!"pgoutput".equals(found.plugin()) || !found.here()) {
            throw new LostPositionException(
                    "The slot " + slot + " is of another database, or of another plugin than pgoutput");
        }
        if ("lost".equals(found.status()) || found.kept() == null || found.confirmed() == null) {
            throw new LostPositionException("The slot " + slot + " was invalidated by the source");
        }
        return found;
    }
}
