package serai.load.replicate;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import serai.load.replicate.mapping.SourceTable;
import serai.load.replicate.mariadb.BinlogPosition;

/** Measures how far behind a MariaDB server's log is applied. Nothing has to be kept or guarded at the server. */
final class MariaDbUpkeep implements SourceUpkeep {

    private static final int FEW = 3;

    private final MariaDbDatabase database;

    MariaDbUpkeep(MariaDbDatabase database) {
        this.database = database;
    }

    @Override
    public List<SourceTable> guard(Connection source) {
        return List.of();
    }

    @Override
    public void heartbeat(Connection source) {
        // the server sends it
    }

    @Override
    public SourceMeasures.Measured measure(Connection source) throws SQLException {
        long end = MariaDbRows.end(source);
        long applied = database.applied();
        if (applied == 0) {
            return new SourceMeasures.Measured(LogPosition.text(end), null, null, null, null, null, null);
        }
        List<Long> files = new ArrayList<>();
        new MariaDbCatalog(source).query("show binary logs", row -> files.add(BinlogPosition.of(row.getString(1), 0)));
        long oldestFile = BinlogPosition.file(files.get(0));
        boolean oldest = files.size() >= FEW && oldestFile == BinlogPosition.file(applied);
        String risk = oldest
                ? "What is not applied begins in the oldest binary log that the source has; it may be purged next."
                        + " Raise binlog_expire_logs_seconds there."
                : null;
        return new SourceMeasures.Measured(
                LogPosition.text(end), LogPosition.text(applied), null, null, null, null, risk);
    }

    @Override
    public Map<String, List<String>> columns(Connection source, List<String> tables) throws SQLException {
        Map<String, List<String>> columns = new HashMap<>();
        new MariaDbCatalog(source)
                .query(
                        "select concat(table_schema, '.', table_name), column_name from information_schema.columns"
                                + " where table_schema not in ('mysql', 'information_schema', 'performance_schema',"
                                + " 'sys')",
                        row -> columns.computeIfAbsent(row.getString(1), none -> new ArrayList<>())
                                .add(row.getString(2)));
        columns.keySet().retainAll(tables);
        return columns;
    }
}
