package serai.load.replicate;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import serai.command.DoctorFinding;

/** Whether a MariaDB server has the settings, and its user the rights, that replication needs. */
final class MariaDbDiagnosis {

    private static final long DAY = 86_400;

    private final String check;
    private final Connection source;
    private final List<DoctorFinding> findings = new ArrayList<>();

    MariaDbDiagnosis(String check, Connection source) {
        this.check = check;
        this.source = source;
    }

    List<DoctorFinding> look() throws SQLException {
        Map<String, String> settings = MariaDbLog.settings(source);
        MariaDbLog.lacks(settings).forEach((lack, fix) -> findings.add(DoctorFinding.problem(check, lack, fix)));
        rights();
        kept(settings.getOrDefault("binlog_expire_logs_seconds", "0"));
        if (findings.isEmpty()) {
            findings.add(DoctorFinding.ok(
                    check, "MariaDB " + settings.get("version") + " is reached and can be replicated"));
        }
        return findings;
    }

    private void rights() throws SQLException {
        StringBuilder grants = new StringBuilder();
        String[] user = {""};
        MariaDbCatalog catalog = new MariaDbCatalog(source);
        catalog.query(
                "show grants",
                row -> grants.append(row.getString(1).toUpperCase(Locale.ROOT)).append('\n'));
        catalog.query(
                "select current_user()", row -> user[0] = row.getString(1).replaceFirst("(.*)@(.*)", "'$1'@'$2'"));
        boolean all = grants.toString().matches("(?s).*GRANT ALL PRIVILEGES ON \\*\\.\\*.*");
        for (String right : List.of("REPLICATION SLAVE", "BINLOG MONITOR")) {
            if (!all && grants.indexOf(right) < 0) {
                findings.add(DoctorFinding.problem(
                        check,
                        "its user " + user[0] + " may not read the log (" + right + ")",
                        "grant " + right.toLowerCase(Locale.ROOT) + " on *.* to " + user[0] + ";"));
            }
        }
    }

    /** The server purges its log whether it was read or not. */
    private void kept(String seconds) {
        long time = Long.parseLong(seconds);
        if (time > 0 && time < DAY) {
            findings.add(DoctorFinding.problem(
                    check,
                    "it keeps its log for " + time / 3_600 + " h only (binlog_expire_logs_seconds): a standstill of"
                            + " that length loses changes",
                    "set global binlog_expire_logs_seconds = 604800;"));
        }
    }
}
