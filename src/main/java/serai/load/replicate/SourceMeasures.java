package serai.load.replicate;

import java.sql.SQLException;
import serai.settings.Secrets;
import serai.warehouse.Sql;

/** Reads at a source what its slot costs it, and writes that, with how far replication is, to the warehouse. */
final class SourceMeasures {

    private static final String ADD = """
            insert into meta.replicated_sources (source, slot, publication) values (?, ?, ?)
            on conflict (source) do nothing""";

    private static final String WRITE = """
            update meta.replicated_sources t
            set slot = m.slot, publication = m.publication, seen_at = clock_timestamp(), error = m.error,
              measured_at = clock_timestamp(), current_lsn = m.current_lsn,
              received_lsn = coalesce(m.received_lsn, t.received_lsn),
              received_at = case when m.received_lsn is null or m.received_lsn = t.received_lsn
                then t.received_at else clock_timestamp() end,
              acknowledged_lsn = m.acknowledged_lsn,
              acknowledged_at = case when m.acknowledged_lsn is not distinct from t.acknowledged_lsn
                then t.acknowledged_at else clock_timestamp() end,
              written_at = case when m.wrote then clock_timestamp() else t.written_at end,
              pending_changes = m.pending_changes,
              heartbeat_at = case when m.heartbeat then clock_timestamp() else t.heartbeat_at end,
              retained_bytes = m.retained_bytes, headroom_bytes = m.headroom_bytes, limit_bytes = m.limit_bytes,
              wal_status = m.wal_status, risk = m.risk,
              risk_since = case when m.risk is not null then coalesce(t.risk_since, clock_timestamp()) end,
              guarded_at = clock_timestamp(), unpublished = t.unpublished + m.unpublished
            from (select ?::text as slot, ?::text as publication, ?::pg_lsn as current_lsn, ?::pg_lsn as received_lsn,
              ?::pg_lsn as acknowledged_lsn, ?::boolean as wrote, ?::bigint as pending_changes, ?::boolean as heartbeat,
              ?::bigint as retained_bytes, ?::bigint as headroom_bytes, ?::bigint as limit_bytes, ?::text as wal_status,
              ?::text as risk, ?::bigint as unpublished, ?::text as error) m
            where t.source = ?""";

    private final ReplicationPlan plan;
    private boolean heartbeat;
    private long unpublished;
    private ReplicationSession seen;
    private long written;

    SourceMeasures(ReplicationPlan plan) {
        this.plan = plan;
    }

    /**
     * What the source says.
     *
     * @param current the end of its log
     * @param acknowledged null without a slot
     * @param retained bytes of log that the slot keeps; null when it keeps none any more
     * @param headroom bytes of log until it is lost; null without a limit
     * @param most the limit in bytes, null without one
     * @param risk why the kept log may fill the source's disk, or be lost; null when it may not
     */
    record Measured(
            String current,
            String acknowledged,
            String walStatus,
            Long retained,
            Long headroom,
            Long most,
            String risk) {}

    /** A message was written into the source's log. */
    void heartbeat() {
        heartbeat = true;
    }

    /** The publication was looked through. */
    void guarded(int tables) {
        unpublished += tables;
    }

    /**
     * @param session null when none follows the source now
     * @param error what failed at the source beside the measuring, or null
     */
    void write(Sql warehouse, Measured source, ReplicationSession session, String error) throws SQLException {
        long wrote = session == null ? 0 : session.written();
        warehouse.update(ADD, plan.source(), plan.slot(), plan.publication());
        warehouse.update(
                WRITE,
                plan.slot(),
                plan.publication(),
                source.current(),
                session == null ? null : session.receivedLsn(),
                source.acknowledged(),
                wrote > (session == seen ? written : 0),
                session == null ? 0 : session.pending(),
                heartbeat,
                source.retained(),
                source.headroom(),
                source.most(),
                source.walStatus(),
                source.risk(),
                unpublished,
                Sql.storable(Secrets.mask(error)),
                plan.source());
        seen = session;
        written = wrote;
        heartbeat = false;
        unpublished = 0;
    }

    void writeError(Sql warehouse, String error) throws SQLException {
        warehouse.update(ADD, plan.source(), plan.slot(), plan.publication());
        warehouse.update(
                "update meta.replicated_sources set seen_at = clock_timestamp(), error = ? where source = ?",
                Sql.storable(Secrets.mask(error)),
                plan.source());
    }
}
