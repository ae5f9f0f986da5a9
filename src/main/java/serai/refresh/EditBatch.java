package serai.refresh;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import serai.edits.EditRefusedException;
import serai.edits.Refusal;

/**
 * Which edits can take effect together. All are tried at once. While something is wrong, the edit that causes it is
 * undone and the rest is tried again: two edits that need each other are accepted, and a wrong one does not hold up the
 * others.
 *
 * @param accepted the files that are now in effect
 * @param graph the same files as a graph
 * @param refusals the edits that were undone, with the reason
 */
record EditBatch(Map<Path, SqlFile> accepted, ModelGraph graph, List<Refusal> refusals) {

    /** Checks nodes together. */
    interface Check {
        /** @throws EditRefusedException the first mistake */
        ModelGraph graph(Collection<SqlFile> nodes) throws EditRefusedException, SQLException;
    }

    /**
     * Finds the edits that can take effect.
     *
     * @param before the nodes that were in effect
     * @param edits the new node of each edited file; empty for a removed file
     * @param refused edits that are refused already
     */
    static EditBatch resolve(
            Map<Path, SqlFile> before, Map<Path, Optional<SqlFile>> edits, List<Refusal> refused, Check check)
            throws SQLException {
        Map<Path, SqlFile> nodes = new TreeMap<>(before);
        Map<Path, Optional<SqlFile>> open = new TreeMap<>(edits);
        edits.forEach((file, node) -> put(nodes, file, node));
        List<Refusal> refusals = new ArrayList<>(refused);
        while (true) {
            try {
                return new EditBatch(nodes, check.graph(nodes.values()), refusals);
            } catch (EditRefusedException e) {
                for (Refusal refusal : causes(e.refusal(), nodes, before, open.keySet())) {
                    refusals.add(refusal);
                    boolean edited = open.remove(refusal.file()) != null;
                    // a file that became wrong without an edit (a landing table changed) is no longer in effect
                    put(
                            nodes,
                            refusal.file(),
                            edited ? Optional.ofNullable(before.get(refusal.file())) : Optional.empty());
                }
            }
        }
    }

    private static void put(Map<Path, SqlFile> nodes, Path file, Optional<SqlFile> node) {
        node.ifPresentOrElse(n -> nodes.put(file, n), () -> nodes.remove(file));
    }

    /** The edits to undo for a mistake: that of its own file, else those of files that it reads. */
    private static List<Refusal> causes(
            Refusal mistake, Map<Path, SqlFile> nodes, Map<Path, SqlFile> before, Set<Path> edited) {
        if (edited.contains(mistake.file())) {
            return List.of(mistake);
        }
        Set<String> upstream = upstream(nodes.get(mistake.file()), nodes.values(), before.values());
        String place = mistake.file() + (mistake.line() == null ? "" : ":" + mistake.line());
        List<Refusal> causes = edited.stream()
                .filter(file -> upstream.contains(nameOf(file)))
                .map(file -> new Refusal(
                        file,
                        null,
                        "it would break " + place + ": " + mistake.reason() + ". Change both, in any order"))
                .toList();
        return causes.isEmpty() ? List.of(mistake) : causes;
    }

    /** The names of all that a node reads, directly or through others, by the new headers and by those before. */
    private static Set<String> upstream(SqlFile node, Collection<SqlFile> nodes, Collection<SqlFile> before) {
        Map<String, List<SqlFile>> byName =
                Stream.concat(nodes.stream(), before.stream()).collect(Collectors.groupingBy(SqlFile::name));
        Set<String> found = new TreeSet<>(node.reads());
        List<String> open = new ArrayList<>(found);
        while (!open.isEmpty()) {
            for (SqlFile upstream : byName.getOrDefault(open.remove(0), List.of())) {
                upstream.reads().stream().filter(found::add).forEach(open::add);
            }
        }
        return found;
    }

    private static String nameOf(Path file) {
        return file.getFileName().toString().replaceFirst("\\.(sql|csv)$", "");
    }
}
