package serai.load.replicate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import serai.edits.EditRefusedException;
import serai.load.replicate.mapping.CatalogFinding;
import serai.load.replicate.mapping.ClassifiedRule;
import serai.load.replicate.mapping.Mapping;
import serai.load.replicate.mapping.SourceTable;
import serai.load.replicate.mapping.TablePlan;
import serai.load.replicate.mapping.TableRefusedException;
import serai.warehouse.Warehouse;

/**
 * The databases that the settings name, and the mapping files of the project's folder.
 *
 * @param settings all settings as text, by name
 * @param maskKey of salted hashes; null when there is none
 * @param retainedWarn bytes of log that a source may keep before it is said
 * @param auditColumns that each replicated table should have
 */
record ReplicationDatabases(
        Warehouse warehouse,
        Path root,
        Map<String, String> settings,
        String maskKey,
        long retainedWarn,
        List<String> auditColumns) {

    /** The names of all. */
    List<String> names() {
        return settings.keySet().stream()
                .filter(name -> name.matches("replicate\\.[^.]+\\.url")
                        && !settings.get(name).isBlank())
                .map(name -> name.split("\\.")[1])
                .sorted()
                .toList();
    }

    /** @throws IllegalArgumentException when no setting has its address */
    SourceDatabase database(String name) {
        String prefix = "replicate." + name + ".";
        String url = settings.getOrDefault(prefix + "url", "");
        if (url.isBlank()) {
            throw new IllegalArgumentException("database: there is no '" + name + "'. Set " + prefix + "url, " + prefix
                    + "user and " + prefix + "password.");
        }
        return SourceDatabase.of(
                url, settings.getOrDefault(prefix + "user", ""), settings.getOrDefault(prefix + "password", ""));
    }

    /**
     * Reads a mapping file.
     *
     * @throws IllegalArgumentException when it is malformed, or one of its rules cannot be followed
     */
    TableCatalog.Planner mapping(String file, String schema) {
        try {
            Mapping mapping = Mapping.read(root.resolve(file), schema, maskKey);
            for (ClassifiedRule rule : mapping.rules()) {
                if (rule.verdict() == ClassifiedRule.Verdict.REFUSED) {
                    throw new IllegalArgumentException("mapping: " + file + ": " + rule);
                }
            }
            return new Planned(mapping);
        } catch (EditRefusedException e) {
            throw new IllegalArgumentException("mapping: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("mapping: " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** A mapping file. */
    private record Planned(Mapping mapping) implements TableCatalog.Planner {

        @Override
        public Optional<TablePlan> plan(SourceTable table) throws TableRefusedException {
            return mapping.plan(table);
        }

        @Override
        public List<ClassifiedRule> rules() {
            return mapping.rules();
        }

        @Override
        public List<CatalogFinding> compare(List<SourceTable> catalog) {
            return mapping.compare(catalog);
        }

        @Override
        public List<String> exposed(SourceTable before, SourceTable after) {
            return mapping.exposed(before, after);
        }
    }
}
