package serai.load.replicate;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import serai.warehouse.Sql;

/** Which tables of a source lack columns that say when and by whom a row was made and changed. */
final class AuditColumns {

    private static final String WRITE = """
            update meta.replicated_tables t set lacks = string_to_array(m.lacks, ',')
            from unnest(?::text[], ?::text[]) m(name, lacks)
            where t.source = ? and t.source_table = m.name
              and t.lacks is distinct from string_to_array(m.lacks, ',')""";

    private final ReplicationPlan plan;
    private final SourceUpkeep upkeep;

    AuditColumns(ReplicationPlan plan, SourceUpkeep upkeep) {
        this.plan = plan;
        this.upkeep = upkeep;
    }

    /**
     * Looks at the source's tables, and writes what they lack to {@code meta.replicated_tables}.
     *
     * @return whether there were any
     */
    boolean look(Connection source, Sql warehouse) throws SQLException {
        List<String> names = warehouse.list(
                "select source_table from meta.replicated_tables where source = ?",
                row -> row.text("source_table"),
                plan.source());
        Map<String, List<String>> columns = new TreeMap<>(upkeep.columns(source, names));
        List<String> lacks = columns.values().stream()
                .map(present -> plan.auditColumns().stream()
                        .filter(wanted -> !present.contains(wanted))
                        .collect(Collectors.joining(",")))
                .toList();
        warehouse.update(WRITE, List.copyOf(columns.keySet()), lacks, plan.source());
        return !columns.isEmpty();
    }
}
