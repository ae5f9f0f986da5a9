package serai.load.replicate;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import serai.command.CommandContext;
import serai.command.DoctorFinding;
import serai.status.HumanText;
import serai.warehouse.Relation;
import serai.warehouse.Row;
import serai.warehouse.Sql;

/** Whether databases that routes replicate can be reached, and have the settings and rights that this needs. */
public final class ReplicateDiagnosis {

    private static final long OLDEST = 140_000;
    private static final long LEAST_KEPT = 1_000_000_000;

    /** Its user may replicate: on Amazon RDS by membership of a role. */
    private static final String REPLICATES = """
            r.rolreplication or r.rolsuper or exists (select from pg_roles q
              where q.rolname = 'rds_replication' and pg_has_role(q.oid, 'member'))""";

    private static final String SERVER = """
            select current_setting('server_version_num')::bigint as version, current_setting('server_version') as shown,
              current_setting('wal_level') as wal_level, r.rolname::text as role, %s as replicates,
              exists (select from pg_roles where rolname = 'rds_replication') as is_rds,
              current_setting('max_replication_slots')::bigint - (select count(*) from pg_replication_slots) as slots,
              current_setting('max_wal_senders')::bigint - (select count(*) from pg_stat_replication) as senders,
              (select setting::bigint from pg_settings where name = 'max_slot_wal_keep_size') as most
            from pg_roles r where r.rolname = current_user""".formatted(REPLICATES);

    private final String check;
    private final List<DoctorFinding> findings = new ArrayList<>();

    private ReplicateDiagnosis(String check) {
        this.check = check;
    }

    /** Looks at each database that a setting names, and at the routes that replicate it. */
    public static List<DoctorFinding> look(CommandContext context) throws Exception {
        ReplicationDatabases databases = ReplicateRoom.databases(context.settings(), context.root(), null);
        List<String> names = databases.names();
        if (names.isEmpty()) {
            return List.of(DoctorFinding.ok("replicate", "left out: no replicate.*.url is set"));
        }
        List<ReplicateRoutes.Use> routes = ReplicateRoutes.read(
                context.root().resolve("routes"), text -> context.camel().resolvePropertyPlaceholders(text));
        List<DoctorFinding> findings = new ArrayList<>();
        for (String name : names) {
            List<ReplicateRoutes.Use> own = routes.stream()
                    .filter(use -> name.equals(use.properties().get("database")))
                    .toList();
            findings.addAll(new ReplicateDiagnosis("replicate." + name).look(databases, name, own));
        }
        return findings;
    }

    private List<DoctorFinding> look(ReplicationDatabases databases, String name, List<ReplicateRoutes.Use> routes) {
        List<ReplicationPlan> plans = new ArrayList<>();
        for (ReplicateRoutes.Use use : routes) {
            try {
                plans.add(use.replicated().plan(databases));
            } catch (IllegalArgumentException e) {
                problem("route " + use.source() + ": " + e.getMessage(), "change the mapping file or the route");
            }
        }
        SourceDatabase database = databases.database(name);
        try (Connection connection = database.connect()) {
            if (database instanceof MariaDbDatabase) {
                findings.addAll(new MariaDbDiagnosis(check, connection).look());
            } else {
                server(Sql.on(connection), plans);
            }
            for (ReplicationPlan plan : plans) {
                findings.addAll(new ReplicatedTablesDiagnosis(check, plan, connection).look());
            }
        } catch (SQLException e) {
            problem(
                    "it cannot be reached, or refused the login: " + e.getMessage(),
                    "check " + check + ".url, .user and .password");
        }
        return findings;
    }

    private void problem(String text, String fix) {
        findings.add(DoctorFinding.problem(check, text, fix));
    }

    private void server(Sql source, List<ReplicationPlan> plans) throws SQLException {
        List<String> slots =
                source.list("select slot_name::text as slot from pg_replication_slots", row -> row.text("slot"));
        long missing =
                plans.stream().filter(plan -> !slots.contains(plan.slot())).count();
        int before = findings.size();
        source.each(SERVER, row -> server(row, missing));
        if (findings.size() == before) {
            String version = source.first("show server_version", row -> row.text("server_version"))
                    .orElseThrow();
            findings.add(DoctorFinding.ok(check, "PostgreSQL " + version + " is reached and can be replicated"));
        }
    }

    /** @param missing slots that are not there yet */
    private void server(Row row, long missing) throws SQLException {
        if (row.number("version") < OLDEST) {
            problem("it is PostgreSQL " + row.text("shown"), "replicate PostgreSQL 14 or newer");
        }
        if (!"logical".equals(row.text("wal_level"))) {
            problem(
                    "its wal_level is " + row.text("wal_level"),
                    row.flag("is_rds")
                            ? "set the parameter rds.logical_replication to 1 and start it again"
                            : "alter system set wal_level = 'logical'; and start it again");
        }
        String role = Relation.quote(row.text("role"));
        if (!row.flag("replicates")) {
            problem(
                    "its user " + role + " may not read the log",
                    row.flag("is_rds")
                            ? "grant rds_replication to " + role + ";"
                            : "alter role " + role + " replication;");
        }
        if (row.number("slots") < missing) {
            problem(
                    "it has no free replication slot (max_replication_slots)",
                    "drop a slot that is not used any more, or raise max_replication_slots and start it again");
        }
        if (row.number("senders") < missing) {
            problem("all of its max_wal_senders are in use", "raise max_wal_senders and start it again");
        }
        kept(row.number("most"));
    }

    /** @param megabytes the most log that a slot keeps; -1 without a limit */
    private void kept(long megabytes) {
        String fix = "set it to what its disk can spare, such as: alter system set max_slot_wal_keep_size = '20GB';"
                + " select pg_reload_conf();";
        if (megabytes < 0) {
            problem(
                    "its max_slot_wal_keep_size is unlimited: log that is kept for a Serai that does not run fills its"
                            + " disk",
                    fix);
        } else if (megabytes * (1L << 20) < LEAST_KEPT) {
            problem(
                    "its max_slot_wal_keep_size is only " + HumanText.bytes(megabytes << 20)
                            + ": a short standstill loses" + " changes",
                    fix);
        }
    }
}
