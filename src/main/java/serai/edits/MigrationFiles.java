package serai.edits;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import serai.warehouse.MigrationException;

/** Migrations: they are applied at the start of the process, and an edit says so. */
final class MigrationFiles implements EditableFiles {

    private static final Logger LOG = LoggerFactory.getLogger(MigrationFiles.class);

    private static final List<Path> FOLDERS = List.of(Path.of("sql", "schema"), Path.of("sql", "migrations"));

    private static final Pattern NAME = Pattern.compile("(V\\d+([._]\\d+)*|R)__.+\\.sql");

    private final Supplier<Optional<MigrationException>> failed;
    /** Those of the start, which are applied; null before. */
    private Set<Path> applied;

    /** @param failed the migration that could not be applied at the start */
    MigrationFiles(Supplier<Optional<MigrationException>> failed) {
        this.failed = failed;
    }

    @Override
    public boolean owns(Path file) {
        return isMigration(file);
    }

    static boolean isMigration(Path file) {
        return FOLDERS.stream().anyMatch(file::startsWith) && file.toString().endsWith(".sql");
    }

    @Override
    public List<Refusal> apply(Map<Path, Optional<String>> changes) {
        Optional<MigrationException> mistake = failed.get();
        if (applied == null) {
            applied = new HashSet<>(changes.keySet());
            mistake.ifPresent(e -> applied.remove(Path.of(e.file())));
        } else {
            changes.forEach((file, text) -> {
                if (applied.contains(file)) {
                    LOG.warn(
                            "file={} This migration was applied, and the next start refuses another text. Restore it,"
                                    + " and write the change as a new migration.",
                            file);
                } else if (text.isPresent()) {
                    LOG.info("file={} This migration is applied at the next start.", file);
                }
            });
        }
        return mistake.map(e -> new Refusal(Path.of(e.file()), e.line(), e.getMessage())).stream()
                .toList();
    }

    /** Only their names: whether their statements work, the warehouse decides. */
    @Override
    public List<Refusal> check(Map<Path, String> texts) {
        return texts.keySet().stream()
                .filter(file -> !NAME.matcher(file.getFileName().toString()).matches())
                .map(file ->
                        new Refusal(file, null, "this is no name of a migration: write one such as V012__what.sql"))
                .toList();
    }
}
