package serai.load.replicate;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import serai.load.replicate.mapping.CatalogFinding;
import serai.load.replicate.mapping.ClassifiedRule;
import serai.load.replicate.mapping.SourceTable;
import serai.load.replicate.mapping.TablePlan;
import serai.load.replicate.mapping.TableRefusedException;
import serai.warehouse.Relation;

/** The tables of a source that are replicated, and why others that are selected are not. */
final class TableCatalog {

    /** Plans a table by the mapping. */
    @FunctionalInterface
    interface Planner {
        /** Empty when the table is not selected. */
        Optional<TablePlan> plan(SourceTable table) throws TableRefusedException;

        /** Whether there are other rules than these by now. */
        default boolean hasNewer() {
            return false;
        }

        /** The rules that there are by now. */
        default Planner newest() {
            return this;
        }

        /** What becomes of each rule. */
        default List<ClassifiedRule> rules() {
            return List.of();
        }

        /** What only the source's catalog shows about the rules. */
        default List<CatalogFinding> compare(List<SourceTable> catalog) {
            return List.of();
        }

        /** Columns that would arrive less protected than before, since they were renamed. */
        default List<String> exposed(SourceTable before, SourceTable after) {
            return List.of();
        }
    }

    private final SourceDatabase database;
    private final Connection source;
    private final Planner mapping;
    private final Map<String, CatalogTable> present = new LinkedHashMap<>();
    private final List<ReplicatedTable> tables = new ArrayList<>();
    private final Map<SourceTable, String> refused = new LinkedHashMap<>();

    /** @param source for queries, for the thread that uses the catalog */
    TableCatalog(SourceDatabase database, Connection source, Planner mapping) {
        this.database = database;
        this.source = source;
        this.mapping = mapping;
    }

    /**
     * Reads the source's catalog.
     *
     * @throws SQLException also when a rule that protects values does not fit the catalog: nothing arrives then
     */
    void read() throws SQLException {
        present.clear();
        for (CatalogTable table : database.tables(source)) {
            present.put(table.table().toString(), table);
            try {
                Optional<ReplicatedTable> planned = plan(table.table(), table.identity());
                if (planned.isPresent() && !planned.get().isKeyless() && !table.isIdentified()) {
                    throw new IllegalArgumentException(
                            "the log has nothing that finds its rows. Give it a primary" + " key.");
                }
                planned.ifPresent(tables::add);
            } catch (TableRefusedException | IllegalArgumentException e) {
                refused.put(table.table(), e.getMessage());
            }
        }
        List<SourceTable> all =
                present.values().stream().map(CatalogTable::table).toList();
        for (CatalogFinding finding : mapping.compare(all)) {
            if (finding.refused()) {
                refuse(finding);
            }
        }
    }

    private void refuse(CatalogFinding finding) throws SQLException {
        CatalogTable table = finding.table().map(present::get).orElse(null);
        if (table == null) {
            throw new SQLException("The mapping does not fit the source: " + finding.message());
        }
        tables.removeIf(planned -> planned.source().equals(table.table()));
        refused.put(table.table(), finding.message());
    }

    /** Columns that would arrive less protected in a new shape of a table. */
    List<String> exposed(ReplicatedTable before, ReplicatedTable after) {
        return mapping.exposed(before.source(), after.source());
    }

    /** What is replicated, as the catalog has it now. */
    List<ReplicatedTable> tables() {
        return tables;
    }

    /** Tables that the mapping selects, with the reason why they cannot be replicated. */
    Map<SourceTable, String> refused() {
        return refused;
    }

    private Optional<ReplicatedTable> plan(SourceTable table, char identity) throws TableRefusedException {
        Optional<TablePlan> plan = mapping.plan(table);
        if (plan.isEmpty()) {
            return Optional.empty();
        }
        ReplicatedTable planned = new ReplicatedTable(
                table, plan.get(), new Relation(plan.get().schema(), plan.get().table()));
        if (planned.isKeyless()) {
            requireFollowed(planned, identity);
            return Optional.of(planned);
        }
        if (identity != 'f' && !planned.isKeyOf(table.primaryKey())) {
            throw new IllegalArgumentException("the key of its mapping is not that of the table, by which the log"
                    + " identifies rows. Run at the source: alter table " + table + " replica identity full;");
        }
        return Optional.of(planned);
    }

    private void requireFollowed(ReplicatedTable table, char identity) {
        if (!database.followsKeyless()) {
            throw new IllegalArgumentException(
                    "it has no key, and 'keyless' is for PostgreSQL alone. Give it a primary" + " key.");
        }
        if (!table.isAppended() && identity != 'f') {
            throw new IllegalArgumentException("'keyless: full' finds its rows by all of their values, which the log"
                    + " does not have. Run at the source: alter table " + table + " replica identity full;");
        }
    }

    /**
     * Plans a table as the log describes it; empty when it is not selected.
     *
     * @param identity as in {@link CatalogTable}
     */
    Optional<ReplicatedTable> of(SourceTable table, char identity) throws TableRefusedException {
        return plan(table, identity);
    }

    /** A table as the catalog had it when it was read; empty when there was none of this name. */
    Optional<CatalogTable> known(String name) {
        return Optional.ofNullable(present.get(name));
    }

    /** A table as the catalog has it now; empty when there was never one of this name. */
    Optional<CatalogTable> present(String name) throws SQLException {
        database.tables(source).stream()
                .filter(table -> table.table().toString().equals(name))
                .forEach(table -> present.put(name, table));
        return Optional.ofNullable(present.get(name));
    }

    /** Columns that rows may have got without being written. */
    List<String> withDefault(ReplicatedTable table) {
        CatalogTable found = present.get(table.toString());
        return found == null ? List.of() : found.withDefault();
    }
}
