package serai.load.replicate;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import serai.load.replicate.mapping.SourceTable;
import serai.status.HumanText;
import serai.warehouse.Sql;

/** Looks after the publication and the slot of a PostgreSQL database. */
final class PostgresUpkeep implements SourceUpkeep {

    private static final String MEASURE = """
            select pg_current_wal_lsn()::text as current, s.confirmed_flush_lsn::text as acknowledged, s.wal_status,
              pg_wal_lsn_diff(pg_current_wal_lsn(), s.restart_lsn)::bigint as retained, s.safe_wal_size,
              (select nullif(setting::bigint, -1) * 1048576 from pg_settings
                where name = 'max_slot_wal_keep_size') as most
            from (select) one left join pg_replication_slots s on s.slot_name = ?""";

    private static final String COLUMNS = """
            select n.nspname || '.' || c.relname as name, array_agg(a.attname::text) as columns
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where c.relkind in ('r', 'p') and n.nspname || '.' || c.relname = any (?::text[])
            group by 1""";

    private final ReplicationPlan plan;

    PostgresUpkeep(ReplicationPlan plan) {
        this.plan = plan;
    }

    /** Until a table without a key is unpublished, PostgreSQL refuses the application's updates of it. */
    @Override
    public List<SourceTable> guard(Connection source) throws SQLException {
        return new Publication(Sql.on(source), plan.publication(), plan.slot()).unpublishUnidentified();
    }

    @Override
    public void heartbeat(Connection source) throws SQLException {
        PostgresRows.emitMessage(source);
    }

    @Override
    public SourceMeasures.Measured measure(Connection source) throws SQLException {
        return Sql.on(source)
                .first(
                        MEASURE,
                        row -> new SourceMeasures.Measured(
                                row.text("current"),
                                row.text("acknowledged"),
                                row.text("wal_status"),
                                row.numberOrNull("retained"),
                                row.numberOrNull("safe_wal_size"),
                                row.numberOrNull("most"),
                                risk(row.text("wal_status"), row.numberOrNull("retained"), row.numberOrNull("most"))),
                        plan.slot())
                .orElseThrow();
    }

    @Override
    public Map<String, List<String>> columns(Connection source, List<String> tables) throws SQLException {
        Map<String, List<String>> columns = new HashMap<>();
        Sql.on(source).each(COLUMNS, row -> columns.put(row.text("name"), row.texts("columns")), tables);
        return columns;
    }

    /** Why the kept log may fill the source's disk, or be lost; null when it may not. */
    private String risk(String status, Long retained, Long most) {
        if ("lost".equals(status)) {
            return "The source has dropped log that was not applied (wal_status is lost).";
        }
        if (retained == null) {
            return null;
        }
        String kept = "The source keeps " + HumanText.bytes(retained) + " of log for the slot " + plan.slot();
        if ("unreserved".equals(status)) {
            return kept + " and drops it soon (wal_status is unreserved): raise max_slot_wal_keep_size there.";
        }
        if (most != null && retained > most / 2) {
            return kept + ", and loses it beyond " + HumanText.bytes(most) + " (max_slot_wal_keep_size).";
        }
        if (retained > plan.retainedWarn()) {
            return kept + ", more than replicate.retained-warn: see that its disk does not become full.";
        }
        return null;
    }
}
