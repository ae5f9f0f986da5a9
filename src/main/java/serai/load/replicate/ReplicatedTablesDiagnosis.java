package serai.load.replicate;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import serai.command.DoctorFinding;
import serai.load.replicate.mapping.ClassifiedRule;
import serai.load.replicate.mapping.SourceTable;
import serai.warehouse.Relation;
import serai.warehouse.Sql;

/** Whether the tables that a route selects can be replicated, read and published. */
final class ReplicatedTablesDiagnosis {

    private static final int MOST_NAMED = 10;

    private static final String UNREADABLE = """
            select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name, quote_ident(n.nspname) as schema,
              not has_schema_privilege(n.oid, 'usage') as closed
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname || '.' || c.relname = any (?)
              and (not has_schema_privilege(n.oid, 'usage') or not has_table_privilege(c.oid, 'select') and exists (
                select from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                  and n.nspname || '.' || c.relname || '.' || a.attname = any (?)
                  and not has_column_privilege(c.oid, a.attnum, 'select')))
            order by name""";

    private static final String NOT_OWNED = """
            select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname || '.' || c.relname = any (?) and not pg_has_role(c.relowner, 'usage') order by name""";

    private static final String PUBLICATION = """
            select current_user::text as role, current_database()::text as database,
              has_database_privilege(current_database(), 'create') as may_create,
              exists (select from pg_publication where pubname = ?) as is_there,
              exists (select from pg_publication where pubname = ? and pg_has_role(pubowner, 'usage')) as is_own""";

    private final String check;
    private final ReplicationPlan plan;
    private final Connection connection;
    private final Sql source;
    private final List<DoctorFinding> findings = new ArrayList<>();

    ReplicatedTablesDiagnosis(String check, ReplicationPlan plan, Connection source) {
        this.check = check + " " + plan.source();
        this.plan = plan;
        this.connection = source;
        this.source = Sql.on(source);
    }

    List<DoctorFinding> look() {
        rules();
        try {
            TableCatalog catalog = new TableCatalog(plan.database(), connection, plan.mapping());
            catalog.read();
            catalog.refused()
                    .forEach((table, reason) -> problem(
                            "the table " + table + " cannot be replicated: " + reason,
                            "do that, or exclude the table in the mapping file; until then it is parked"));
            if (plan.database() instanceof PostgresDatabase) {
                readable(catalog.tables());
                publication(catalog.tables().stream()
                        .filter(table -> !table.isAppended())
                        .map(ReplicatedTable::source)
                        .toList());
            }
            if (findings.stream().allMatch(DoctorFinding::ok)) {
                findings.add(DoctorFinding.ok(check, catalog.tables().size() + " tables can be replicated"));
            }
        } catch (SQLException e) {
            problem(e.getMessage(), "change the mapping file, or the rights of the user");
        }
        return findings;
    }

    private void problem(String text, String fix) {
        findings.add(DoctorFinding.problem(check, text, fix));
    }

    /** What becomes of the rules of the mapping file; the route does not start while one is refused. */
    private void rules() {
        List<ClassifiedRule> rules = plan.mapping().rules();
        List<ClassifiedRule> others = rules.stream()
                .filter(rule -> rule.verdict() != ClassifiedRule.Verdict.HONOURED)
                .toList();
        if (!rules.isEmpty()) {
            findings.add(DoctorFinding.ok(
                    check,
                    rules.size() - others.size() + " of " + rules.size()
                            + " rules of the mapping are honoured as in AWS" + " DMS"));
        }
        others.forEach(rule -> findings.add(DoctorFinding.ok(check, rule.toString())));
    }

    /** @param closed whether the user may not even use its schema */
    private record Unreadable(String table, String schema, boolean closed) {}

    /** The publication, and what the user may do. */
    private record Publishing(String role, String database, boolean mayCreate, boolean isThere, boolean isOwn) {}

    private void readable(List<ReplicatedTable> tables) throws SQLException {
        List<String> columns = tables.stream()
                .flatMap(table -> table.plan().reads().stream()
                        .map(place -> table + "."
                                + table.source().columns().get(place).name()))
                .toList();
        List<Unreadable> unreadable = source.list(
                UNREADABLE,
                row -> new Unreadable(row.text("name"), row.text("schema"), row.flag("closed")),
                tables.stream().map(ReplicatedTable::toString).toList(),
                columns);
        if (unreadable.isEmpty()) {
            return;
        }
        String role = role();
        String usage = unreadable.stream()
                .filter(Unreadable::closed)
                .map(Unreadable::schema)
                .distinct()
                .map(schema -> "grant usage on schema " + schema + " to " + role + "; ")
                .collect(Collectors.joining());
        List<String> names = unreadable.stream().map(Unreadable::table).toList();
        problem(
                "its user may not read " + some(names),
                usage + "grant select on " + String.join(", ", names) + " to " + role + ";");
    }

    private String role() throws SQLException {
        return source.first("select quote_ident(current_user) as role", row -> row.text("role"))
                .orElseThrow();
    }

    /** The publication names each table; its owner adds and removes them, which needs an owner of the table. */
    private void publication(List<SourceTable> tables) throws SQLException {
        Publishing state = source.first(
                        PUBLICATION,
                        row -> new Publishing(
                                Relation.quote(row.text("role")),
                                Relation.quote(row.text("database")),
                                row.flag("may_create"),
                                row.flag("is_there"),
                                row.flag("is_own")),
                        plan.publication(),
                        plan.publication())
                .orElseThrow();
        String name = Relation.quote(plan.publication());
        Set<String> published = new Publication(source, plan.publication(), plan.slot()).published();
        List<SourceTable> missing = tables.stream()
                .filter(table -> !published.contains(table.toString()))
                .toList();
        List<String> notOwned = source.list(
                NOT_OWNED,
                row -> row.text("name"),
                missing.stream().map(SourceTable::toString).toList());
        String all = missing.stream().map(SourceTable::from).collect(Collectors.joining(", "));
        if (!state.isThere() && (!state.mayCreate() || !notOwned.isEmpty())) {
            problem(
                    "its user may not create the publication: it lacks CREATE on the database, or does not own "
                            + some(notOwned),
                    "as a superuser, or an owner of the tables who may create in the database: create publication "
                            + name
                            + (all.isEmpty() ? "" : " for table " + all)
                            + " with (publish_via_partition_root = true); alter publication " + name + " owner to "
                            + state.role() + ";");
            return;
        }
        if (state.isThere() && !state.isOwn()) {
            problem(
                    "its user does not own the publication " + name + ", and so cannot take a table out that loses its"
                            + " key: PostgreSQL then refuses the application's updates of it",
                    "grant create on database " + state.database() + " to " + state.role() + "; alter publication "
                            + name + " owner to " + state.role() + ";");
        }
        if (state.isThere() && !notOwned.isEmpty()) {
            problem(
                    "the publication " + name + " lacks " + some(notOwned),
                    "as an owner of the tables: alter publication " + name + " add table " + String.join(", ", notOwned)
                            + ";");
        }
    }

    private static String some(List<String> names) {
        int more = names.size() - MOST_NAMED;
        return String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size())))
                + (more > 0 ? " and " + more + " more" : "");
    }
}
