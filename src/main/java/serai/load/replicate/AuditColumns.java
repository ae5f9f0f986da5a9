package serai.load.replicate;

import java.sql.SQLException;
import java.util.List;
import serai.warehouse.Sql;

/** Which tables of a source lack columns that say when and by whom a row was made and changed. */
final class AuditColumns {

    private static final String LACKS = """
            select n.nspname || '.' || c.relname as name, array_to_string(array(
                select w from unnest(?::text[]) with ordinality u(w, place) where not exists (
                  select from pg_attribute a
                  where a.attrelid = c.oid and a.attname = w and a.attnum > 0 and not a.attisdropped)
                order by place), ',') as lacks
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and n.nspname || '.' || c.relname = any (?::text[])""";

    private static final String WRITE = """
            update meta.replicated_tables t set lacks = string_to_array(m.lacks, ',')
            from unnest(?::text[], ?::text[]) m(name, lacks)
            where t.source = ? and t.source_table = m.name
              and t.lacks is distinct from string_to_array(m.lacks, ',')""";

    private final ReplicationPlan plan;

    AuditColumns(ReplicationPlan plan) {
        this.plan = plan;
    }

    private record Table(String name, String lacks) {}

    /**
     * Looks at the source's tables, and writes what they lack to {@code meta.replicated_tables}.
     *
     * @return whether there were any
     */
    boolean look(Sql source, Sql warehouse) throws SQLException {
        List<String> names = warehouse.list(
                "select source_table from meta.replicated_tables where source = ?",
                row -> row.text("source_table"),
                plan.source());
        List<Table> tables =
                source.list(LACKS, row -> new Table(row.text("name"), row.text("lacks")), plan.auditColumns(), names);
        warehouse.update(
                WRITE,
                tables.stream().map(Table::name).toList(),
                tables.stream().map(Table::lacks).toList(),
                plan.source());
        return !tables.isEmpty();
    }
}
