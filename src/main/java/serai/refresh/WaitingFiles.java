package serai.refresh;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import serai.warehouse.Relation;

/**
 * The files that wait for tables of {@code app} which are not there: a replicated database brings them when its first
 * copy begins. They are no mistakes, and take effect when the tables have come. Tables of {@code landing} are made by
 * migrations, so that one which is missing is a mistake.
 */
final class WaitingFiles {

    private static final String APP = "app.";

    private WaitingFiles() {}

    /**
     * Finds the files that read such a table, directly or through others.
     *
     * @param sources the relations of landing and app
     * @return each of these files with the table, such as {@code app.users}
     */
    static Map<SqlFile, String> of(Collection<? extends SqlFile> files, Set<Relation> sources) {
        Map<String, String> waiting = new TreeMap<>();
        int before;
        do {
            before = waiting.size();
            for (SqlFile file : files) {
                if (!waiting.containsKey(file.name())) {
                    missing(file, sources, waiting).ifPresent(table -> waiting.put(file.name(), table));
                }
            }
        } while (waiting.size() > before);
        Map<SqlFile, String> found = new LinkedHashMap<>();
        files.stream()
                .filter(file -> waiting.containsKey(file.name()))
                .forEach(file -> found.put(file, waiting.get(file.name())));
        return found;
    }

    private static Optional<String> missing(SqlFile file, Set<Relation> sources, Map<String, String> waiting) {
        Stream<String> keys = file instanceof Model model
                ? model.tests().foreignKeys().stream().map(ModelTests.ForeignKey::relation)
                : Stream.empty();
        return Stream.concat(file.reads().stream(), keys)
                .map(read -> read.startsWith(APP) && !sources.contains(Relation.of(read)) ? read : waiting.get(read))
                .filter(Objects::nonNull)
                .findFirst();
    }
}
