package serai.load.replicate;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
        return LiveMapping.read(root, file, schema, maskKey);
    }
}
