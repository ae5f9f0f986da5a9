package serai.watch.rule;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The folders of rule files: {@code routes/alerts} and the {@code rules_folder} of an ElastAlert configuration.
 *
 * @param folders relative to the project's folder, or absolute when they are outside it
 * @param deep whether rules may be in subfolders too; in {@code routes/alerts} they always may
 */
public record RuleFolders(List<Path> folders, boolean deep) {

    /** The project's own folder of rules. */
    public static final Path OWN = Path.of("routes", "alerts");

    /** Copies the list. */
    public RuleFolders {
        folders = List.copyOf(folders);
    }

    /**
     * The project's own folder and those of a configuration.
     *
     * @param project the project's folder, to which paths are relative
     */
    public static RuleFolders of(ElastAlertConfig config, Path project) throws RuleException {
        Path root = project.toAbsolutePath().normalize();
        Set<Path> folders = new LinkedHashSet<>(List.of(OWN));
        for (Path named : config.rulesFolders()) {
            Path folder = root.resolve(named).normalize();
            folders.add(folder.startsWith(root) ? root.relativize(folder) : folder);
        }
        return new RuleFolders(List.copyOf(folders), config.scanSubdirectories());
    }

    /** Whether a file is a rule file. */
    public boolean isRule(Path file) {
        String name = file.getFileName().toString();
        return contains(file)
                && (name.endsWith(".yaml") || name.endsWith(".yml"))
                && !name.endsWith(".camel.yaml")
                && !name.endsWith(".kamelet.yaml");
    }

    /** Whether a file is in one of the folders: a rule file, or one that a rule may import. */
    public boolean contains(Path file) {
        return folders.stream()
                .anyMatch(folder ->
                        file.startsWith(folder) && isWithin(folder.relativize(file), deep || folder.equals(OWN)));
    }

    /** Kubernetes mounts each file of a configuration twice, once below a folder whose name begins with two dots. */
    private static boolean isWithin(Path below, boolean deep) {
        for (int i = 0; i < below.getNameCount() - 1; i++) {
            if (below.getName(i).toString().startsWith("..")) {
                return false;
            }
        }
        return deep || below.getNameCount() == 1;
    }
}
